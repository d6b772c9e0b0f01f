/** From an infotext, the text in A1111's pictures, to a recipe. @see A1111 modules/infotext_utils.py */
import { setField } from '../field-path';
import { takeEnlarged } from './enlarged';
import { canonicalKey, keyRank, plainKey } from './key-names';
import { findKey, FORGE_MODULE, KEYS, type KeyEntry } from './keys';
import { templatePair, withDashedNegative, withoutLabel } from './loose-prompts';
import { splitLoosely } from './loose-split';
import { takeForgeVae } from './forge-modules';
import { takeLoras } from './numbered-loras';
import { takeAsymmetricTiling } from './asymmetric-tiling';
import { upgradeOldTexts } from './old-texts';
import { findScheduleOfOthers, isNearSchedule, readSamplerWords } from './sampler-words';
import { SAMPLERS } from '../../samplers';
import { SCHEDULES, type ScheduleId } from '../../schedules';
import type { Note, Recipe } from '../recipe';
import { findSchedule, type SamplerName } from '../sampler-name';
import { takeRedraw } from './redraw-keys';
import { takeSwitches } from './switches';
import { readTiled, TILED_KEY } from '../tiled';
import type { Pair } from './scan-pairs';
import { splitInfotext, type InfotextParts } from './split-infotext';
import { unquote, type Size } from '../value-kinds';

const OF_SECOND_OR_PICTURE = /^(?:Hires |Mask(?:ed)? |Inpaint |Init (?:image|mask))/;

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
  const { rest = '', ...parts } = withDashedNegative(splitAsMeant(text));
  const prompts = { prompt: parts.prompt, negativePrompt: parts.negativePrompt };
  const { recipe, notes } = readPairs(prompts, parts.pairs, { findsComfy: true });
  if (rest !== '')
    notes.push({ key: 'Text', message: `What stands after the parameters is left out: "${shorten(rest)}".` });
  return { recipe, notes, hasParameters: parts.pairs.length > 0 };
}

/** Splits a text as A1111 does, but for words of viewers and templates; where it finds no "Steps", wherever they are. */
function splitAsMeant(text: string): InfotextParts & { rest?: string } {
  const parts = splitInfotext(text);
  if (!parts.pairs.some(({ key }) => key === 'Steps')) return splitLoosely(text) ?? parts;
  return withoutTemplates({ ...parts, prompt: withoutLabel(parts.prompt) });
}

/** Templates of SD.Next stand before the parameters. A1111 has no such line. */
function withoutTemplates(parts: InfotextParts): InfotextParts {
  const templates: Pair[] = [];
  const cut = (text: string) =>
    text
      .split('\n')
      .filter((line, i) => {
        const template = i > 0 || text === parts.negativePrompt ? templatePair(line) : undefined;
        if (template) templates.push(template);
        return !template;
      })
      .join('\n');
  const [prompt, negativePrompt] = [cut(parts.prompt), cut(parts.negativePrompt)];
  return templates.length === 0 ? parts : { prompt, negativePrompt, pairs: [...parts.pairs, ...templates] };
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text).replaceAll('\n', ' ');

export interface PairOptions {
  /** Names and version may say that ComfyUI painted it: then its rules count. */
  findsComfy?: boolean;
  /** ComfyUI painted the picture. */
  isComfy?: boolean;
}

/** What the pairs of a line of parameters add to prompts. */
export function readPairs(
  prompts: Prompts,
  pairs: readonly Pair[],
  options: PairOptions = {},
): Pick<ParsedInfotext, 'recipe' | 'notes'> {
  const values = new Map<string, string>();
  // A1111 stumbles over a key without a value, and goes on.
  for (const { key, value } of pairs) if (value !== '') values.set(key, unquote(value));
  return new Reader(prompts, withCanonicalKeys(values), options).read();
}

/** Keys in another case, and words of other programs for them; of two for one the nearer to A1111's own counts. */
function withCanonicalKeys(values: ReadonlyMap<string, string>): Map<string, string> {
  const nearest = new Map<string, string>();
  for (const key of values.keys()) {
    const own = findKey(key) ? key : canonicalKey(key);
    const other = own === undefined ? undefined : nearest.get(own);
    if (own !== undefined && (other === undefined || keyRank(key, own) < keyRank(other, own))) nearest.set(own, key);
  }
  const names = new Map([...nearest].map(([own, key]) => [key, own]));
  const renamed = new Map<string, string>();
  for (const [key, value] of values) renamed.set(names.get(key) ?? key, value);
  takeSides(renamed);
  takeSwitchedSkip(renamed);
  takeNoRefiner(renamed);
  if ([...names.keys()].some((key) => plainKey(key) === 'refiner switch')) countSteps(renamed);
  takeForgeVae(renamed);
  takeAsymmetricTiling(renamed);
  takeBeta57(renamed);
  // Tensor.Art writes it whether there was a picture or not.
  if (values.has('KSampler') && Number(values.get('Denoising strength')) === 0) renamed.delete('Denoising strength');
  return renamed;
}

/** Easy Diffusion has a switch: one layer is skipped, or none. */
function takeSwitchedSkip(values: Map<string, string>): void {
  const value = values.get('Clip skip')?.toLowerCase();
  if (value === 'true') values.set('Clip skip', '2');
  else if (value === 'false') values.delete('Clip skip');
}

/** Fooocus says that there was none, and when it would have begun. */
function takeNoRefiner(values: Map<string, string>): void {
  if (!/^none$/i.test(values.get('Refiner') ?? '')) return;
  values.delete('Refiner');
  values.delete('Refiner switch at');
}

/** Fooocus's switch is a share of the steps. @see Fooocus modules/async_worker.py */
function countSteps(values: Map<string, string>): void {
  const key = 'Refiner switch by sampling steps';
  if (values.has('Refiner switch at') && !values.has(key)) values.set(key, 'True');
}

/** RES4LYF's schedule is the one of betas with other numbers. @see ClownsharkBatwing/RES4LYF beta57 */
function takeBeta57(values: Map<string, string>): void {
  if (!/^beta[ _]?57$/i.test(values.get('Schedule type') ?? '')) return;
  values.set('Schedule type', 'Beta');
  if (!values.has('Beta schedule alpha')) values.set('Beta schedule alpha', '0.5');
  if (!values.has('Beta schedule beta')) values.set('Beta schedule beta', '0.7');
}

/** Width and height as keys of their own. */
function takeSides(values: Map<string, string>): void {
  const [width, height] = ['width', 'height'].map((side) => [...values.keys()].find((key) => plainKey(key) === side));
  if (width === undefined || height === undefined || values.has('Size')) return;
  values.set('Size', `${values.get(width) ?? ''}x${values.get(height) ?? ''}`);
  values.delete(width);
  values.delete(height);
}

/** Each with the key that would say otherwise. */
const COMFY_FIELDS = [
  ['RNG', 'noise'],
  ['Prompt syntax', 'dialect'],
  ['Sampling rules', 'conventions'],
] as const;

/** "ComfyUI", "ComfyUI 0.3.40", "comfy". */
function isComfyVersion(version: string | undefined): boolean {
  return version !== undefined && /^comfy/i.test(version);
}

const findAnySchedule = (type: string, isComfy: boolean): ScheduleId | undefined =>
  findSchedule(type, isComfy ? 'comfyui' : 'a1111') ?? findScheduleOfOthers(type);

/** They paint by themselves, and have names of samplers as ComfyUI has them. */
const OTHER_PROGRAM = /stable-diffusion\.cpp|kobold|fooocus|sd\.?next|invoke|draw ?things|^[vf]\d/i;

class Reader {
  readonly #recipe: Recipe;
  readonly #values: Map<string, string>;
  readonly #options: PairOptions;
  readonly #notes: Note[] = [];
  readonly #unread: [string, string][] = [];

  constructor(prompts: Prompts, values: Map<string, string>, options: PairOptions) {
    this.#recipe = { ...prompts };
    this.#values = values;
    this.#options = options;
  }

  read(): Pick<ParsedInfotext, 'recipe' | 'notes'> {
    this.#readSampler();
    this.#readTiled();
    this.#readRedraw();
    // Pictures of ours that carried the extension's keys along were painted as the other says.
    if (this.#values.has('Masking')) this.#values.delete('Soft inpainting enabled');
    for (const entry of KEYS) this.#readKey(entry);
    const enlarger = takeEnlarged(this.#values);
    if (enlarger !== undefined) this.#recipe.enlarger ??= enlarger;
    takeSwitches(this.#values, this.#recipe);
    const loras = takeLoras(this.#values, this.#recipe.prompt);
    if (loras.length > 0) this.#recipe.loras = [...(this.#recipe.loras ?? []), ...loras];
    this.#keepTheRest();
    upgradeOldTexts(this.#recipe);
    return { recipe: this.#recipe, notes: this.#notes };
  }

  /** The end of a sampler's name counts more than "Schedule type". */
  #readSampler(): void {
    const { name, type } = this.#takeNames();
    const read = name === undefined ? undefined : readSamplerWords(name);
    if (read) this.#recipe.sampler = read.sampler ?? this.#replace('Sampler', name ?? '', 'dpmpp_2m', 'DPM++ 2M');
    if (read?.sampler && read.isNearest)
      this.#replace('Sampler', name ?? '', read.sampler, SAMPLERS[read.sampler].label);
    const isComfy = this.#isComfy(read);
    const isHidden = (read?.preset !== undefined || read?.isParted === true) && type !== undefined;
    const schedule =
      (isHidden ? undefined : read?.schedule) ?? (type === undefined ? undefined : findAnySchedule(type, isComfy));
    const unknown = schedule ? undefined : (type ?? read?.unknownSchedule);
    const [spare, label] = isComfy ? (['normal', 'Normal'] as const) : (['automatic', 'Automatic'] as const);
    if (schedule) this.#recipe.schedule = schedule;
    if (schedule && type !== undefined && isNearSchedule(type))
      this.#replace('Schedule type', type, schedule, SCHEDULES[schedule].label);
    else if (unknown !== undefined) this.#recipe.schedule = this.#replace('Schedule type', unknown, spare, label);
    if (read?.preset !== undefined && type === undefined) this.#notePreset(read.preset, schedule ?? spare);
    if (isComfy) this.#followComfy(name !== undefined);
  }

  #notePreset(preset: string, schedule: ScheduleId): void {
    const message = `The schedule of the preset "${preset}" is not in the text: ${SCHEDULES[schedule].label} is taken.`;
    this.#notes.push({ key: 'Schedule type', message });
  }

  /** One key says several settings; another program's of that name stays as it is. */
  #readTiled(): void {
    const written = this.#take(TILED_KEY);
    if (written === undefined) return;
    const read = readTiled(written);
    if (read) Object.assign(this.#recipe, read.settings);
    else this.#unread.push([TILED_KEY, written]);
    this.#notes.push(
      ...(read?.notes ?? [{ key: TILED_KEY, message: 'This way of Tiled Diffusion is not known here.' }]),
    );
  }

  #readRedraw(): void {
    const read = takeRedraw(this.#values);
    if (!read) return;
    Object.assign(this.#recipe, read.settings);
    this.#notes.push(...read.notes);
  }

  /** What diffusers, Replicate and InvokeAI call a scheduler is a sampler. */
  #takeNames(): { name: string | undefined; type: string | undefined } {
    const name = this.#take('Sampler');
    const type = this.#take('Schedule type');
    const isSampler =
      type !== undefined && findAnySchedule(type, false) === undefined && readSamplerWords(type).sampler;
    if (isSampler && name === undefined) return { name: type, type: undefined };
    // SD.Next has diffusers' class beside its own name of the same, and the schedule among the options.
    const options = this.#values.get('Sampler options');
    const own = isSampler && /Scheduler$/.test(type) ? undefined : type;
    return {
      name,
      type: own ?? (options !== undefined && findSchedule(options) ? this.#take('Sampler options') : undefined),
    };
  }

  #isComfy(read: SamplerName | undefined): boolean {
    const { isComfy = false, findsComfy = false } = this.#options;
    const version = this.#values.get('Version') ?? this.#values.get('App');
    const hasName = read?.isComfy === true && !OTHER_PROGRAM.test(version ?? '');
    return isComfy || (findsComfy && (hasName || isComfyVersion(version)));
  }

  /** What a saver of ComfyUI tells: its rules, its noise, and no schedule where that is the plain one. */
  #followComfy(hasSampler: boolean): void {
    if (hasSampler) this.#recipe.schedule ??= 'normal';
    // Its sampler has it always; 1 is a picture from noise, where nothing tells of a second pass or of a mask.
    const hasOther = [...this.#values.keys()].some((key) => OF_SECOND_OR_PICTURE.test(key));
    if (!hasOther && Number(this.#values.get('Denoising strength')) === 1) this.#values.delete('Denoising strength');
    for (const [key, field] of COMFY_FIELDS) if (!this.#values.has(key)) this.#recipe[field] = 'comfyui';
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
    if (entry.nothing?.includes(written)) return;
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
