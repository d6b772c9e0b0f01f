/** A recipe as it travels: in pictures, texts and links. Plain data that JSON keeps. */
import type { LoraWeight } from './lora-weight';
import type { FieldValues } from './request';
import type { SeedValue } from './seed-value';

export type { LoraWeight };

/** A1111's second pass. */
export interface HiresRecipe {
  /** The picture that it starts from stands for the first pass. */
  alone?: boolean;
  upscale?: number;
  resizeWidth?: number;
  resizeHeight?: number;
  steps?: number;
  upscaler?: string;
  checkpoint?: string;
  sampler?: string;
  schedule?: string;
  prompt?: string;
  negativePrompt?: string;
  cfgScale?: number;
}

/** What a picture made from a picture has besides. */
export interface InpaintRecipe {
  initImageHash?: string;
}

export interface RefinerRecipe {
  /** `name [hash]`, as A1111 writes it. */
  checkpoint?: string;
  /** Share of the way from noise to picture. */
  switchAt?: number;
  /** That share is one of the steps, not of the model's timesteps. */
  bySteps?: boolean;
  /** With hires. fix; the second where it is not said. */
  passes?: FieldValues['refinerPasses'];
}

/**
 * Everything that a text can say about a picture. What is left out was not said: of the advanced settings that means the
 * default wherever the recipe says more than prompts.
 */
export interface Recipe extends Partial<Omit<FieldValues, 'prompt' | 'negativePrompt' | 'variationSeed'>> {
  prompt: string;
  negativePrompt: string;
  /** Seed of any length, as others write it; a request takes only numbers. */
  variationSeed?: SeedValue;
  /** The name of the checkpoint's file without its ending, or the id of a model of the catalogue. */
  model?: string;
  /** First 10 hex digits of the file's SHA-256; very old ones have 8 of another sum. */
  modelHash?: string;
  vaeHash?: string;
  /** Hashes of 12 hex digits by the name in the tag. */
  loraHashes?: Record<string, string>;
  tiHashes?: Record<string, string>;
  /** Besides those that the prompt's tags name. */
  loras?: LoraWeight[];
  /** SHA-256 of the picture it starts from: of its size and its RGBA. */
  initImage?: string;
  /** SHA-256 of the mask, as of a picture: white is repainted, black is kept. */
  initMask?: string;
  hires?: HiresRecipe;
  inpaint?: InpaintRecipe;
  refiner?: RefinerRecipe;
  /** Keys of A1111 and Forge that mean nothing here, with their values as text. */
  other?: Record<string, string>;
  /** All other keys, in their order. */
  unknown?: Record<string, string>;
  /** What made the picture: `v1.10.1`, `f2.0.1v1.10.1-…`, `gesso-…`. */
  version?: string;
  user?: string;
}

/** Something of a text that is not as it was asked for: one sentence for people. */
export interface Note {
  /** Word that the text has for it. */
  key: string;
  message: string;
}

const TEXT_ONLY: ReadonlySet<string> = new Set(['prompt', 'negativePrompt', 'unknown', 'other']);

/** A recipe that is nothing but prompts says nothing about the settings. */
export function saysSettings(recipe: Recipe): boolean {
  return Object.entries(recipe).some(([field, value]) => value !== undefined && !TEXT_ONLY.has(field));
}

/** Made with a mask. Of inpainting models A1111 tells the weight of one also where there was none. */
export const saysMask = ({
  initMask,
  maskMode,
  maskBlur,
  invertMask,
  maskedContent,
  inpaintArea,
  maskedPadding,
}: Recipe): boolean =>
  [initMask, maskMode, maskBlur, invertMask, maskedContent, inpaintArea, maskedPadding].some(
    (value) => value !== undefined,
  );
