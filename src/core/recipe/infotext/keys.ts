/** The keys of infotexts in the order in which A1111 writes them, and where a recipe keeps them. */
import { NOISES, type NoiseId } from '../../noise';
import { EMPHASIS_MODES } from '../../prompt/dialect';
import type { Recipe } from '../recipe';
import {
  flagWord,
  FLAG,
  HASHES,
  INTEGER,
  labelled,
  LORAS,
  NUMBER,
  SEED,
  SIZE,
  TEXT,
  type ValueKind,
} from '../value-kinds';

/** A value of one field; `section.field` lies deeper. Sizes take two fields. */
export interface KeyEntry {
  key: string;
  /** Other spellings, which are read only. */
  aliases?: readonly string[];
  field: string | { width: string; height: string };
  kind: ValueKind<unknown>;
  /** As good as not said. */
  default?: unknown;
  /** Words for "not said", which are no values. */
  nothing?: readonly string[];
  /** Where one field has two keys: which is meant. */
  when?(recipe: Partial<Recipe>): boolean;
}

const isDdim = ({ sampler }: Partial<Recipe>): boolean => sampler === 'ddim' || sampler === 'ddim_cfg_pp';

/** Ours: what A1111 has no word for. Its readers skip keys that they do not know. */
const COMFY = labelled({ a1111: { label: 'AUTOMATIC1111' }, comfyui: { label: 'ComfyUI' } });
const ROUNDING = labelled({
  auto: { label: 'Automatic' },
  fractional: { label: 'Fractional' },
  nearest: { label: 'Nearest' },
});
const NOISE_SCHEDULE: ValueKind<boolean> = {
  name: 'Default or Zero Terminal SNR',
  read: (text) => (text === 'Zero Terminal SNR' ? true : text === 'Default' ? false : undefined),
  write: (isZero) => (isZero ? 'Zero Terminal SNR' : 'Default'),
};

/** A1111's GPU noise is Philox where the card is NVIDIA's. ComfyUI starts from what A1111 calls CPU. */
const RNG: ValueKind<NoiseId> = {
  name: 'CPU, GPU or NV',
  read: (text) => RNG_WORDS.get(text.trim().toUpperCase()),
  write: (noise) => (noise === 'nv' ? 'NV' : 'CPU'),
};
const RNG_WORDS: ReadonlyMap<string, NoiseId> = new Map([
  ['CPU', 'cpu'],
  ['GPU', 'nv'],
  ['NV', 'nv'],
  // stable-diffusion.cpp, InvokeAI
  ['CUDA', 'nv'],
  ['STD_DEFAULT', 'nv'],
]);

/** Counted from the end as ComfyUI does, −2 is 2; SD.Next has halves. */
const CLIP_SKIP: ValueKind<number> = {
  ...INTEGER,
  read(text) {
    const value = INTEGER.read(text);
    return value === undefined ? undefined : Math.abs(value);
  },
};

/** Sampler and schedule are read together: see parse.ts. */
export const KEYS: readonly KeyEntry[] = [
  { key: 'Steps', field: 'steps', kind: INTEGER },
  { key: 'Sampler', field: 'sampler', kind: TEXT },
  { key: 'Schedule type', field: 'schedule', kind: TEXT },
  { key: 'CFG scale', field: 'cfgScale', kind: NUMBER },
  { key: 'Image CFG scale', field: 'inpaint.imageCfgScale', kind: NUMBER },
  { key: 'Seed', field: 'seed', kind: SEED },
  { key: 'Face restoration', field: 'other', kind: TEXT },
  { key: 'Size', field: { width: 'width', height: 'height' }, kind: SIZE },
  { key: 'Model hash', field: 'modelHash', kind: TEXT },
  { key: 'Model', field: 'model', kind: TEXT },
  { key: 'FP8 weight', field: 'other', kind: TEXT },
  { key: 'Cache FP16 weight for LoRA', field: 'other', kind: TEXT },
  { key: 'VAE hash', field: 'vaeHash', kind: TEXT },
  { key: 'VAE', field: 'vae', kind: TEXT },
  { key: 'Variation seed', field: 'variationSeed', kind: SEED },
  { key: 'Variation seed strength', field: 'variationStrength', kind: NUMBER, default: 0 },
  { key: 'Seed resize from', field: { width: 'resizeSeedFromWidth', height: 'resizeSeedFromHeight' }, kind: SIZE },
  { key: 'Denoising strength', field: 'denoisingStrength', kind: NUMBER },
  { key: 'Conditional mask weight', field: 'inpaint.conditionalMaskWeight', kind: NUMBER },
  {
    key: 'Clip skip',
    field: 'clipSkip',
    kind: CLIP_SKIP,
    default: 1,
    nothing: ['0', '0.0', 'None', 'none', 'False', 'null'],
  },
  { key: 'ENSD', field: 'ensd', kind: INTEGER, default: 0 },
  { key: 'Token merging ratio', field: 'other', kind: TEXT },
  { key: 'Token merging ratio hr', field: 'other', kind: TEXT },
  { key: 'Init image hash', field: 'inpaint.initImageHash', kind: TEXT },
  { key: 'RNG', field: 'noise', kind: RNG },
  { key: 'Tiling', field: 'other', kind: TEXT },
  { key: 'Eta', field: 'eta', kind: NUMBER, when: (recipe) => !isDdim(recipe) },
  { key: 'Eta DDIM', field: 'eta', kind: NUMBER, when: isDdim },
  { key: 'Sigma churn', field: 'sChurn', kind: NUMBER },
  { key: 'Sigma tmin', field: 'sTmin', kind: NUMBER },
  { key: 'Sigma tmax', field: 'sTmax', kind: NUMBER },
  { key: 'Sigma noise', field: 'sNoise', kind: NUMBER },
  { key: 'Schedule min sigma', field: 'sigmaMin', kind: NUMBER, default: 0 },
  { key: 'Schedule max sigma', field: 'sigmaMax', kind: NUMBER, default: 0 },
  { key: 'Schedule rho', field: 'rho', kind: NUMBER, default: 0 },
  // A1111 writes the first and reads the second.
  { key: 'Beta schedule alpha', aliases: ['Beta scheduler alpha'], field: 'betaAlpha', kind: NUMBER, default: 0 },
  { key: 'Beta schedule beta', aliases: ['Beta scheduler beta'], field: 'betaBeta', kind: NUMBER, default: 0 },
  { key: 'Discard penultimate sigma', field: 'discardPenultimate', kind: flagWord('always', 'auto'), default: 'auto' },
  { key: 'SGM noise multiplier', field: 'other', kind: TEXT },
  { key: 'Noise Schedule', field: 'zeroTerminalSnr', kind: NOISE_SCHEDULE, default: false },
  { key: 'Downcast alphas_cumprod', field: 'other', kind: TEXT },
  { key: 'UniPC variant', field: 'other', kind: TEXT },
  { key: 'UniPC skip type', field: 'other', kind: TEXT },
  { key: 'UniPC order', field: 'other', kind: TEXT },
  { key: 'UniPC lower order final', field: 'other', kind: TEXT },
  { key: 'NGMS', field: 'ngms', kind: NUMBER, default: 0 },
  { key: 'NGMS all steps', field: 'ngmsAllSteps', kind: FLAG, default: false },
  { key: 'Skip Early CFG', field: 'skipEarlyCfg', kind: NUMBER, default: 0 },
  { key: 'CFG Rescale', field: 'cfgRescale', kind: NUMBER, default: 0 },
  { key: 'Pad conds', field: 'other', kind: TEXT },
  { key: 'Pad conds v0', field: 'other', kind: TEXT },
  { key: 'Old prompt editing timelines', field: 'other', kind: TEXT },
  { key: 'Noise rules', field: 'noise', kind: labelled(NOISES), when: ({ noise }) => noise === 'comfyui' },
  { key: 'Prompt syntax', field: 'dialect', kind: COMFY, default: 'a1111' },
  { key: 'Sampling rules', field: 'conventions', kind: COMFY, default: 'a1111' },
  { key: 'Timestep rounding', field: 'timestepRounding', kind: ROUNDING, default: 'auto' },
  { key: 'Hires upscale', field: 'hires.upscale', kind: NUMBER },
  { key: 'Hires resize', field: { width: 'hires.resizeWidth', height: 'hires.resizeHeight' }, kind: SIZE },
  { key: 'Hires steps', field: 'hires.steps', kind: INTEGER },
  { key: 'Hires upscaler', field: 'hires.upscaler', kind: TEXT },
  { key: 'Hires checkpoint', field: 'hires.checkpoint', kind: TEXT },
  { key: 'Hires sampler', field: 'hires.sampler', kind: TEXT },
  { key: 'Hires schedule type', field: 'hires.schedule', kind: TEXT },
  { key: 'Hires prompt', field: 'hires.prompt', kind: TEXT },
  { key: 'Hires negative prompt', field: 'hires.negativePrompt', kind: TEXT },
  { key: 'Hires CFG Scale', field: 'hires.cfgScale', kind: NUMBER },
  { key: 'Mask blur', field: 'inpaint.maskBlur', kind: NUMBER },
  { key: 'Mask mode', field: 'inpaint.mode', kind: TEXT },
  { key: 'Masked content', field: 'inpaint.content', kind: TEXT },
  { key: 'Inpaint area', field: 'inpaint.area', kind: TEXT },
  { key: 'Masked area padding', field: 'inpaint.padding', kind: NUMBER },
  { key: 'Noise multiplier', field: 'inpaint.noiseMultiplier', kind: NUMBER },
  { key: 'Extra noise', field: 'inpaint.extraNoise', kind: NUMBER },
  { key: 'Refiner', field: 'refiner.checkpoint', kind: TEXT },
  { key: 'Refiner switch at', field: 'refiner.switchAt', kind: NUMBER },
  { key: 'Hires refiner', field: 'other', kind: TEXT },
  { key: 'Refiner switch by sampling steps', field: 'other', kind: TEXT },
  { key: 'Lora hashes', field: 'loraHashes', kind: HASHES },
  { key: 'LoRAs', field: 'loras', kind: LORAS },
  { key: 'TI hashes', field: 'tiHashes', kind: HASHES },
  { key: 'Emphasis', field: 'emphasis', kind: labelled(EMPHASIS_MODES), default: 'original' },
  { key: 'VAE Encoder', field: 'other', kind: TEXT },
  { key: 'VAE Decoder', field: 'other', kind: TEXT },
  { key: 'Distilled CFG Scale', field: 'other', kind: TEXT },
  { key: 'Hires Distilled CFG Scale', field: 'other', kind: TEXT },
  { key: 'Batch size', field: 'other', kind: TEXT },
  { key: 'Batch pos', field: 'other', kind: TEXT },
  { key: 'Version', field: 'version', kind: TEXT },
  { key: 'User', field: 'user', kind: TEXT },
  { key: 'Diffusion in Low Bits', field: 'other', kind: TEXT },
];

/** Forge's list of text encoders and VAEs; that of the first pass stands after everything else. */
export const FORGE_MODULE = /^(Hires )?Module \d+$/;

const BY_KEY: ReadonlyMap<string, KeyEntry> = new Map(
  KEYS.flatMap((entry) => [entry.key, ...(entry.aliases ?? [])].map((key) => [key, entry] as const)),
);

export function findKey(key: string): KeyEntry | undefined {
  return BY_KEY.get(key);
}
