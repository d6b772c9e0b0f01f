/** How much arithmetic one call of a model's component is. */
import type { Target } from '../graph';
import {
  buildAutoencoderDecoder,
  buildClipText,
  buildUnet,
  latentFactor,
  type AutoencoderConfig,
  type ClipTextConfig,
  type UnetConfig,
} from '../networks';
import { countFlops, type FlopCount } from './count-flops';

/** What a model's graphs are built from. */
export interface BenchConfigs {
  text: ClipTextConfig;
  /** SDXL's second. */
  text2?: ClipTextConfig | undefined;
  unet: UnetConfig;
  vae: AutoencoderConfig;
}

export const BENCH_COMPONENTS = {
  text_encoder: 'text encoder',
  text_encoder_2: 'second text encoder',
  unet: 'U-Net',
  vae_decoder: 'VAE decoder',
} as const;

export type BenchComponent = keyof typeof BENCH_COMPONENTS;

export interface CallShape {
  /** Of the picture, in pixels. */
  width: number;
  height: number;
  /** Latents or texts in one call: two latents with guidance. */
  batch: number;
}

/** Tokens of one chunk, with start and end. */
const TOKENS = 77;

/** @param target  portable: without channels that fill up fours. @throws RangeError for an encoder that the model has not */
export function componentFlops(
  component: BenchComponent,
  { text, text2, unet, vae }: BenchConfigs,
  { width, height, batch }: CallShape,
  target: Target = 'portable',
): FlopCount {
  const factor = latentFactor(vae);
  const bindings = { height: height / factor, width: width / factor, batch, tokens: TOKENS };
  switch (component) {
    case 'unet':
      return countFlops(buildUnet(unet, target), bindings);
    case 'vae_decoder':
      return countFlops(buildAutoencoderDecoder(vae, target), bindings);
    case 'text_encoder':
      return countFlops(buildClipText(text, target), bindings);
    case 'text_encoder_2':
      if (!text2) throw new RangeError('this model has one text encoder');
      return countFlops(buildClipText(text2, target, { finalNorm: false, pooled: true }), bindings);
  }
}
