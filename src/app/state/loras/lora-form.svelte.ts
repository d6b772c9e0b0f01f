/** What the form does with LoRAs: all of it is in the prompt's tags, and each change can be undone. */
import {
  appendWords,
  exchangeTags,
  hasTwoStrengths,
  placedNetworks,
  removeTag,
  replaceTag,
  strengthText,
  withStrength,
  type StrengthOf,
} from '../../../core/prompt/network-tags';
import type { StoredAdapter } from '../../../engine/library-api';
import type { FormHistory } from '../settings/form-history.svelte';
import { namedLoras, type NamedLora } from '../line/picture-inputs';
import type { Settings } from '../settings/settings.svelte';

/** A tag of the prompt as the form shows it. */
export interface LoraRow extends NamedLora {
  /** Among the tags of the prompt. */
  place: number;
  name: string;
  /** Text encoder and U-Net have a strength each. */
  isApart: boolean;
  isOn: boolean;
}

export interface LoraParts {
  settings: Settings;
  form: FormHistory;
  library: { readonly adapters: readonly StoredAdapter[] };
}

type PromptField = 'prompt' | 'negativePrompt';

/** Tags that were switched off, as they were, by the name in them. */
const switchedOff = new WeakMap<Settings, Map<string, string>>();

export class LoraForm {
  readonly #parts: LoraParts;
  /** The prompt before a strength began to move. */
  #before: string | undefined;

  /** One for each tag of the prompt, in its order. */
  readonly rows: readonly LoraRow[] = $derived.by(() => this.#list());
  readonly #used = $derived(new Set(this.rows.flatMap(({ lora }) => lora?.id ?? [])));

  constructor(parts: LoraParts) {
    this.#parts = parts;
  }

  /** Prompts are read in ComfyUI's way, where tags are only text. */
  get isComfy(): boolean {
    return this.#parts.settings.advanced.get('dialect') === 'comfyui';
  }

  /** How a prompt calls an embedding. */
  embeddingWord(name: string): string {
    return this.isComfy ? `embedding:${name}` : name;
  }

  isUsed(lora: StoredAdapter): boolean {
    return this.#used.has(lora.id);
  }

  /** Into the prompt, or out of it with all its tags. */
  toggle(lora: StoredAdapter): void {
    if (this.isUsed(lora)) this.#change(`${lora.name} taken out of the prompt`, (text) => this.#without(text, lora));
    else
      this.#change(`${lora.name} put into the prompt`, (text) =>
        appendWords(text, `<lora:${lora.name}:${strengthText(lora.weight ?? 1)}>`),
      );
  }

  remove({ tag, name }: LoraRow): void {
    this.#change(`${name} taken out of the prompt`, (text) => removeTag(text, tag));
  }

  /** Before the one above it, in the prompt too. What they add is a sum, whatever their order. */
  moveUp({ tag, place, name }: LoraRow): void {
    const above = this.rows.at(place - 1);
    if (place < 1 || !above) return;
    this.#change(`${name} moved before ${above.name}`, (text) => exchangeTags(text, above.tag, tag));
    this.#parts.form.dismiss();
  }

  /** Shown at once; `settle` makes one change of all since the last. */
  move({ tag }: LoraRow, which: StrengthOf, value: number): void {
    const { settings } = this.#parts;
    this.#before ??= settings.prompt;
    settings.prompt = replaceTag(settings.prompt, tag, withStrength(tag.raw, which, value));
  }

  settle({ name }: LoraRow): void {
    const { settings, form } = this.#parts;
    const [before, after] = [this.#before, settings.prompt];
    this.#before = undefined;
    if (before === undefined || before === after) return;
    settings.prompt = before;
    form.change(`Strength of ${name} changed`, () => (settings.prompt = after));
    form.dismiss(); // who moves a slider sees what it does
  }

  /** Off is strength 0, which all programs read; on again is as it was. */
  setOn({ tag, name }: LoraRow, isOn: boolean): void {
    const { settings, form } = this.#parts;
    const known = switchedOff.get(settings) ?? new Map<string, string>();
    switchedOff.set(settings, known);
    if (!isOn) known.set(tag.name, tag.raw);
    const raw = isOn ? (known.get(tag.name) ?? withStrength(tag.raw, 'both', 1)) : withStrength(tag.raw, 'both', 0);
    this.#change(`${name} switched ${isOn ? 'on' : 'off'}`, (text) => replaceTag(text, tag, raw));
    form.dismiss();
  }

  hasWord(word: string, field: PromptField = 'prompt'): boolean {
    return hasWord(this.#parts.settings[field], word);
  }

  /** A trigger word, or the name of an embedding: behind the prompt, or out of it. */
  toggleWord(word: string, field: PromptField = 'prompt'): void {
    const where = field === 'prompt' ? 'prompt' : 'negative prompt';
    const isIn = this.hasWord(word, field);
    const change = (text: string): string => (isIn ? withoutWord(text, word) : withWord(text, word));
    this.#change(`“${word}” ${isIn ? 'taken out of' : 'put into'} the ${where}`, change, field);
  }

  #list(): LoraRow[] {
    const { settings, library } = this.#parts;
    const dialect = this.isComfy ? 'comfyui' : 'a1111';
    return namedLoras({ prompt: settings.prompt, dialect }, library.adapters).map((named, place) => {
      const { tag, lora } = named;
      const isOn = tag.textWeight !== 0 || tag.unetWeight !== 0;
      return { ...named, place, name: lora?.name ?? tag.name, isApart: hasTwoStrengths(tag), isOn };
    });
  }

  #change(what: string, change: (text: string) => string, field: PromptField = 'prompt'): void {
    const { settings, form } = this.#parts;
    form.change(what, () => (settings[field] = change(settings[field])));
  }

  /** The last first: places of those before it stay. */
  #without(text: string, lora: StoredAdapter): string {
    return this.rows
      .filter((row) => row.lora?.id === lora.id)
      .reduceRight((rest, { tag }) => removeTag(rest, tag), text);
  }
}

/** Pattern of a word between commas, brackets or at an end, in any case. */
function wordPattern(word: string): RegExp {
  const plain = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(^|[,([>\\n])(\\s*)${plain}(?=\\s*([,)\\]:\\n<]|$))`, 'iu');
}

const hasWord = (text: string, word: string): boolean => wordPattern(word).test(text);

/** The text with a word in front of the tags at the end, where people look for words. */
function withWord(text: string, word: string): string {
  const tags = placedNetworks(text);
  let end = text.length;
  for (const tag of tags.toReversed()) if (/^\s*$/.test(text.slice(tag.end, end))) end = tag.start;
  const [words, rest] = [text.slice(0, end), text.slice(end)];
  const joined = appendWords(words, word, ', ');
  return rest === '' ? joined : `${joined} ${rest.trimStart()}`;
}

/** The text without a word, its own brackets, and one of the commas around it. */
function withoutWord(text: string, word: string): string {
  const match = wordPattern(word).exec(text);
  if (!match) return text;
  let from = match.index + match[1].length + match[2].length;
  let to = from + word.length;
  const weight = /^(:[\d.]+)?\)/.exec(text.slice(to));
  if (weight && text[from - 1] === '(') [from, to] = [from - 1, to + weight[0].length];
  const after = /^ *, */.exec(text.slice(to));
  const before = /(^| *,) *$/.exec(text.slice(0, from));
  if (after) to += after[0].length;
  else if (before) from -= before[0].length;
  return text.slice(0, from) + (from === 0 ? text.slice(to).trimStart() : text.slice(to));
}
