/** What a line of FIELDS can say of a setting. */
import type { ValueKind } from './value-kinds';

/** Where a control stands: on the page, or in a part of the fold that most people never open. In the order of the page. */
export const GROUPS = {
  words: { title: 'Prompts', place: 'page' },
  size: { title: 'Size', place: 'page' },
  sampling: { title: 'Sampling', place: 'page' },
  seed: { title: 'Seed', place: 'page' },
  start: { title: 'Start from a picture', place: 'page' },
  mask: { title: 'Mask', place: 'page' },
  picture: { title: 'Noise in the picture', place: 'fold' },
  hires: { title: 'Hires. fix', place: 'fold' },
  refiner: { title: 'Refiner', place: 'fold' },
  redraw: { title: 'Upscale tile by tile', place: 'fold' },
  tiles: { title: 'Tiled diffusion', place: 'fold' },
  enlarge: { title: 'Enlarge', place: 'fold' },
  edges: { title: 'Edges', place: 'fold' },
  parts: { title: 'Parts of the model', place: 'fold' },
  fold: { title: 'Advanced', place: 'top of the fold' },
  prompt: { title: 'Prompt', place: 'fold' },
  noise: { title: 'Noise', place: 'fold' },
  sampler: { title: 'Sampler', place: 'fold' },
  schedule: { title: 'Schedule', place: 'fold' },
  guidance: { title: 'Guidance', place: 'fold' },
} as const satisfies Record<string, { title: string; place: 'page' | 'top of the fold' | 'fold' }>;

export type GroupId = keyof typeof GROUPS;

/** What decides which of two keys is meant, as far as it is said. */
export interface SaidSettings {
  sampler?: unknown;
  noise?: unknown;
  maskMode?: unknown;
  dynthres?: unknown;
}

/** A key of infotexts. In A1111's order where it is A1111's, else among our own. */
export interface FieldKey {
  key: string;
  /** Other spellings, which are read only. */
  aliases?: readonly string[];
  /** How its value is written, where that is not as usual for its kind of setting. */
  kind?: ValueKind<unknown>;
  /** Words for "not said", which are no values. */
  nothing?: readonly string[];
  /** Written also where it is the default. */
  saysDefault?: boolean;
  /** What is meant where a text of A1111 does not say it, if that is not the default. */
  default?: unknown;
  /** Two settings are one key: width and height. */
  side?: Side;
  /** Where a setting has two keys: which is meant. */
  when?(said: SaidSettings): boolean;
}

export type Side = 'width' | 'height';

interface Common {
  /** The control's word: A1111's where it has one. */
  label: string;
  group: GroupId;
  /** Those of settings in folds stand in field-help.ts, which comes later. */
  help?: string;
  /** Every request says it. What is not basic has its default where it is not said. */
  isBasic?: boolean;
  /** Its key or keys in infotexts. Without one it travels in links alone; prompts stand before the pairs. */
  infotext?: FieldKey | readonly FieldKey[];
  /** Its key in links, where that is not its id; false: it travels there as in infotexts. */
  link?: false | { key: string; side?: Side };
  /** A1111's word for its axis of a grid, where that is not its label. */
  axis?: { label: string };
  /** The label of what was done, where the control's asks for it, or needs its group beside it: "Enlarged with". */
  done?: string;
  /** Words under a picture, where they are not label and value; false: none. */
  fact?: false | ((value: unknown) => string);
}

interface Range {
  min: number;
  max: number;
  step: number;
  integer: boolean;
}

export interface TextField extends Common {
  kind: 'text';
  default: string;
}

export interface NumberField extends Common, Range {
  kind: 'number';
  /** undefined: the sampler's or the schedule's own. */
  default: number | undefined;
  /** A side of the picture: the model narrows it. */
  isSide?: boolean;
}

/** A number, or the digits of one that a double does not hold. */
export interface SeedField extends Common, Range {
  kind: 'seed';
  default: number;
}

export interface ChoiceField extends Common {
  kind: 'choice';
  /** `isEarlier`: read and kept, and offered where it is set already. */
  choices: Readonly<Record<string, { label: string; isEarlier?: boolean }>>;
  default: string;
  /** Other words are names of files in the library, of these. */
  names?: 'upscalers' | 'autoencoders' | 'texts' | 'models';
  /** What one of the choices is called: "a sampler". */
  noun?: string;
}

export interface FlagField extends Common {
  kind: 'flag';
  default: boolean;
}

export type Field = TextField | NumberField | SeedField | ChoiceField | FlagField;

/** The range of a seed. */
export const SEEDS = { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, integer: true } as const;
