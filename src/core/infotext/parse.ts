/** From an infotext, the text in A1111's pictures, to a recipe. @see A1111 modules/infotext_utils.py */
import { setField } from './fields';
import { findKey, FORGE_MODULE, KEYS, type KeyEntry } from './keys';
import { upgradeOldTexts } from './old-texts';
import type { Note, Recipe } from './recipe';
import { findSchedule, readSamplerName } from './sampler-name';
import type { Pair } from './scan-pairs';
import { splitInfotext } from './split-infotext';
import { unquote, type Size } from './value-kinds';

type Prompts = Pick<Recipe, 'prompt' | 'negativePrompt'>;

export interface ParsedInfotext {
  recipe: Recipe;
  /** What could not be read as it stands. */
  notes: Note[];
  /** False where the text is prompts alone. */
  hasParameters: boolean;
}

/** Never throws: what is no infotext is a prompt. */
export function parseInfotext(text: string): ParsedInfotext {
  const { prompt, negativePrompt, pairs } = splitInfotext(text);
  return { ...readPairs({ prompt, negativePrompt }, pairs), hasParameters: pairs.length > 0 };
}

/** What the pairs of a line of parameters add to prompts. */
export function readPairs(prompts: Prompts, pairs: readonly Pair[]): Pick<ParsedInfotext, 'recipe' | 'notes'> {
  const values = new Map<string, string>();
  // A1111 stumbles over a key without a value, and goes on.
  for (const { key, value } of pairs) if (value !== '') values.set(key, unquote(value));
  return new Reader(prompts, values).read();
}

class Reader {
  readonly #recipe: Recipe;
  readonly #values: Map<string, string>;
  readonly #notes: Note[] = [];
  readonly #unread: [string, string][] = [];

  constructor(prompts: Prompts, values: Map<string, string>) {
    this.#recipe = { ...prompts };
    this.#values = values;
  }

  read(): Pick<ParsedInfotext, 'recipe' | 'notes'> {
    this.#readSampler();
    for (const entry of KEYS) this.#readKey(entry);
    this.#keepTheRest();
    upgradeOldTexts(this.#recipe);
    return { recipe: this.#recipe, notes: this.#notes };
  }

  /** The end of a sampler's name counts more than "Schedule type". */
  #readSampler(): void {
    const name = this.#take('Sampler');
    const type = this.#take('Schedule type');
    const read = name === undefined ? undefined : readSamplerName(name);
    if (read) this.#recipe.sampler = read.sampler ?? this.#replace('Sampler', name ?? '', 'dpmpp_2m', 'DPM++ 2M');
    const schedule = read?.schedule ?? (type === undefined ? undefined : findSchedule(type));
    if (schedule) this.#recipe.schedule = schedule;
    else if (type !== undefined) this.#recipe.schedule = this.#replace('Schedule type', type, 'automatic', 'Automatic');
  }

  #replace<Id extends string>(key: string, name: string, id: Id, label: string): Id {
    this.#notes.push({ key, message: `${key} "${name}" is not known here: ${label} takes its place.` });
    return id;
  }

  #readKey(entry: KeyEntry): void {
    const { key, aliases = [], field, kind } = entry;
    const name = field === 'other' ? undefined : [key, ...aliases].find((word) => this.#values.has(word));
    if (name === undefined) return;
    const written = this.#values.get(name) ?? '';
    const value = kind.read(written);
    if (entry.when && !entry.when({ ...this.#recipe, [String(field)]: value })) return;
    for (const word of [key, ...aliases]) this.#values.delete(word);
    if (value === undefined) {
      this.#notes.push({ key, message: `${key} must be ${kind.name}, not "${written}".` });
      this.#unread.push([key, written]);
    } else if (typeof field !== 'string') {
      const { width, height } = value as Size;
      setField(this.#recipe, field.width, width);
      setField(this.#recipe, field.height, height);
    } else if (value !== entry.default) setField(this.#recipe, field, value);
  }

  #take(key: string): string | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  /** Own properties, whatever the keys are called: fromEntries makes "__proto__" one too. */
  #keepTheRest(): void {
    const rest = [...this.#values];
    const isKnown = ([key]: [string, string]) => findKey(key) !== undefined || FORGE_MODULE.test(key);
    const other = rest.filter(isKnown);
    const unknown = [...this.#unread, ...rest.filter((pair) => !isKnown(pair))];
    if (other.length > 0) this.#recipe.other = Object.fromEntries(other);
    if (unknown.length > 0) this.#recipe.unknown = Object.fromEntries(unknown);
  }
}
