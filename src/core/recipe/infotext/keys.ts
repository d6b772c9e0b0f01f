/** The keys of infotexts in the order in which A1111 writes them, and where a recipe keeps each. */
import type { Field, FieldKey, SaidSettings } from '../field';
import { fieldOf, FIELD_DEFAULTS, type FieldId } from '../request';
import { FIELDS } from '../fields';
import { REFINER_PASSES } from '../refiner-fields';
import { TILED_KEY } from '../tiled';
import { FLAG, HASHES, INTEGER, labelled, LORAS, NUMBER, SEED, SIZE, TEXT, type ValueKind } from '../value-kinds';

/** A value of one field; `section.field` lies deeper. Sizes take two fields; 'other': it means nothing here. */
export interface KeyEntry {
  key: string;
  /** Other spellings, which are read only. */
  aliases?: readonly string[];
  field: string | { width: string; height: string };
  kind: ValueKind<unknown>;
  /** A value that is as good as not said. */
  default?: unknown;
  /** Words for "not said", which are no values. */
  nothing?: readonly string[];
  /** Where one field has two keys: which is meant. */
  when?(said: SaidSettings): boolean;
}

/** What A1111 has no word for stands here. Its readers skip keys that they do not know. */
const OURS = 'ours';

function softKey(word: string): string {
  return `Soft inpainting ${word}`;
}

/** A1111's keys, and Forge's; those that no line below and no setting has mean nothing here. */
const ORDER: readonly string[] = [
  'Steps',
  'Sampler',
  'Schedule type',
  'CFG scale',
  'Image CFG scale',
  'Seed',
  'Face restoration',
  'Size',
  'Model hash',
  'Model',
  'FP8 weight',
  'Cache FP16 weight for LoRA',
  'VAE hash',
  'VAE',
  'Variation seed',
  'Variation seed strength',
  'Seed resize from',
  'Denoising strength',
  'Conditional mask weight',
  'Clip skip',
  'ENSD',
  'Token merging ratio',
  'Token merging ratio hr',
  'Init image hash',
  'Init image',
  'Init mask',
  'RNG',
  'Tiling',
  'Eta',
  'Eta DDIM',
  'Sigma churn',
  'Sigma tmin',
  'Sigma tmax',
  'Sigma noise',
  'Schedule min sigma',
  'Schedule max sigma',
  'Schedule rho',
  'Beta schedule alpha',
  'Beta schedule beta',
  'Discard penultimate sigma',
  'SGM noise multiplier',
  'Noise Schedule',
  'Downcast alphas_cumprod',
  'UniPC variant',
  'UniPC skip type',
  'UniPC order',
  'UniPC lower order final',
  'NGMS',
  'NGMS all steps',
  'Skip Early CFG',
  'CFG Rescale',
  // Spectrum's forecasts, of Forge Neo
  ...['w', 'm', 'lam', 'window_size', 'flex_window', 'warmup_steps', 'stop_caching_step'].map((key) => `spec_${key}`),
  'Pad conds',
  'Pad conds v0',
  'Old prompt editing timelines',
  OURS,
  'Second pass alone',
  'Hires upscale',
  'Hires resize',
  'Hires steps',
  'Hires upscaler',
  'Hires checkpoint',
  'Hires sampler',
  'Hires schedule type',
  'Hires prompt',
  'Hires negative prompt',
  'Hires CFG Scale',
  // of its built-in extension; which of the two ways to mask is meant says 'Masking', where it is said at all
  ...['enabled', 'schedule bias', 'preservation strength', 'transition contrast boost'].map(softKey),
  ...['mask influence', 'difference threshold', 'difference contrast'].map(softKey),
  'Mask mode',
  'Mask blur',
  'Inpaint area',
  'Masked area padding',
  'Masked content',
  'Noise multiplier',
  'Extra noise',
  TILED_KEY,
  'Refiner',
  'Refiner switch at',
  'Hires refiner',
  'Refiner switch by sampling steps',
  'Lora hashes',
  'LoRAs',
  'TI hashes',
  'Emphasis',
  'VAE Encoder',
  'VAE Decoder',
  'Distilled CFG Scale',
  'Hires Distilled CFG Scale',
  'Batch size',
  'Batch pos',
  'Version',
  'User',
  'Diffusion in Low Bits',
];

/** What a recipe can say besides its settings. */
const PARTS: readonly KeyEntry[] = [
  { key: 'Model hash', field: 'modelHash', kind: TEXT },
  { key: 'Model', field: 'model', kind: TEXT },
  { key: 'VAE hash', field: 'vaeHash', kind: TEXT },
  { key: 'Init image hash', field: 'inpaint.initImageHash', kind: TEXT },
  { key: 'Init image', field: 'initImage', kind: TEXT },
  { key: 'Init mask', field: 'initMask', kind: TEXT },
  { key: 'Second pass alone', field: 'hires.alone', kind: FLAG },
  { key: 'Hires upscale', field: 'hires.upscale', kind: NUMBER },
  {
    key: 'Hires resize',
    field: { width: 'hires.resizeWidth', height: 'hires.resizeHeight' },
    kind: SIZE,
    nothing: ['0x0'],
  },
  { key: 'Hires steps', field: 'hires.steps', kind: INTEGER },
  { key: 'Hires upscaler', field: 'hires.upscaler', kind: TEXT },
  { key: 'Hires checkpoint', field: 'hires.checkpoint', kind: TEXT },
  { key: 'Hires sampler', field: 'hires.sampler', kind: TEXT },
  { key: 'Hires schedule type', field: 'hires.schedule', kind: TEXT },
  { key: 'Hires prompt', field: 'hires.prompt', kind: TEXT },
  { key: 'Hires negative prompt', field: 'hires.negativePrompt', kind: TEXT },
  { key: 'Hires CFG Scale', field: 'hires.cfgScale', kind: NUMBER },
  { key: TILED_KEY, field: 'tiledMethod', kind: TEXT },
  { key: 'Refiner', field: 'refiner.checkpoint', kind: TEXT },
  { key: 'Refiner switch at', field: 'refiner.switchAt', kind: NUMBER },
  { key: 'Hires refiner', field: 'refiner.passes', kind: labelled(REFINER_PASSES) },
  { key: 'Refiner switch by sampling steps', field: 'refiner.bySteps', kind: FLAG },
  { key: 'Lora hashes', field: 'loraHashes', kind: HASHES },
  { key: 'LoRAs', field: 'loras', kind: LORAS },
  { key: 'TI hashes', field: 'tiHashes', kind: HASHES },
  { key: 'Version', field: 'version', kind: TEXT },
  { key: 'User', field: 'user', kind: TEXT },
];

/** Sampler and schedule are read together: see parse.ts. */
const OF_SETTINGS: readonly KeyEntry[] = (Object.keys(FIELDS) as FieldId[]).flatMap((id) =>
  keysOf(fieldOf(id)).flatMap((spec) => entryOf(id, spec) ?? []),
);

const PLACED: ReadonlyMap<string, KeyEntry> = new Map([...PARTS, ...OF_SETTINGS].map((entry) => [entry.key, entry]));

export const KEYS: readonly KeyEntry[] = ORDER.flatMap((key) =>
  key === OURS
    ? OF_SETTINGS.filter((entry) => !ORDER.includes(entry.key))
    : [PLACED.get(key) ?? { key, field: 'other', kind: TEXT }],
);

function keysOf({ infotext = [] }: Field): readonly FieldKey[] {
  return 'key' in infotext ? [infotext] : infotext;
}

/** Entry of a setting's key; where two sides have one key the width stands for both. */
function entryOf(id: FieldId, { side, saysDefault = false, kind, ...spec }: FieldKey): KeyEntry | undefined {
  if (side === 'height') return undefined;
  if (side === 'width') return { ...spec, field: { width: id, height: otherSide(spec.key) }, kind: SIZE };
  const { isBasic = false } = fieldOf(id);
  const isLeftOut = !isBasic && !saysDefault && FIELD_DEFAULTS[id] !== undefined;
  return {
    ...spec,
    field: id,
    kind: kind ?? usualKind(fieldOf(id)),
    ...(isLeftOut && { default: FIELD_DEFAULTS[id] }),
  };
}

function otherSide(key: string): FieldId {
  const found = (Object.keys(FIELDS) as FieldId[]).find((id) =>
    keysOf(fieldOf(id)).some((spec) => spec.key === key && spec.side === 'height'),
  );
  if (!found) throw new RangeError(`FIELDS: "${key}" has a width and no height`);
  return found;
}

function usualKind(field: Field): ValueKind<unknown> {
  switch (field.kind) {
    case 'text':
      return TEXT;
    case 'flag':
      return FLAG;
    case 'choice':
      return labelled(field.choices, field.names !== undefined);
    case 'seed':
      return SEED;
    case 'number':
      return field.integer ? INTEGER : NUMBER;
  }
}

/** Forge's list of text encoders and VAEs; that of the first pass stands after everything else. */
export const FORGE_MODULE = /^(Hires )?Module \d+$/;

const BY_KEY: ReadonlyMap<string, KeyEntry> = new Map(
  KEYS.flatMap((entry) => [entry.key, ...(entry.aliases ?? [])].map((key) => [key, entry] as const)),
);

/** A setting's key, or keys. */
export const keysOfField = (id: FieldId): readonly KeyEntry[] => OF_SETTINGS.filter(({ field }) => field === id);

export function findKey(key: string): KeyEntry | undefined {
  return BY_KEY.get(key);
}
