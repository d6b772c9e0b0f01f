/** What the pipeline has to know of a model, whatever its files are. */
import type { ClipSkipRule, Family } from '../../core/families';
import type { LatentFormat } from '../../core/latents';
import type { ComponentId } from '../../core/networks/components';
import type { NoiseScheduleConfig } from '../../core/schedules';
import type { Tokenizer } from '../../core/tokenizer';

export interface TextTraits {
  component: ComponentId;
  tokenizer: Tokenizer;
  /** Width of its vectors. */
  width: number;
}

export interface ModelTraits extends LatentFormat {
  /** What each of its components is there for. */
  parts: Pick<Family, 'denoiser' | 'decoder' | 'encoder' | 'preview'>;
  /** The text encoders in the order of their channels in the context. */
  texts: readonly TextTraits[];
  clipSkip: ClipSkipRule;
  zeroesEmptyNegative: boolean;
  /** Numbers of the picture that the denoiser reads beside the pooled text. */
  tells?: Family['tells'];
  optimisedFor: Family['optimisedFor'];
  /** Positions of a context, where the denoiser reads no more. */
  maxTokens?: number;
  /** Channels of the denoiser's input: the latent's 4, 8 with an image to edit, 9 with a mask and a masked image. */
  inChannels: number;
  /** Pixels that a picture's sides are multiples of. */
  sizeStep: number;
  /** The one size that its files paint, in pixels, where they are made for one. */
  onlySize?: { width: number; height: number };
  noise: NoiseScheduleConfig;
}

/** What is the same for all models of a family. */
export function familyTraits(
  family: Family,
): Pick<ModelTraits, 'parts' | 'zeroesEmptyNegative' | 'tells' | 'optimisedFor'> {
  const { denoiser, decoder, encoder, preview, zeroesEmptyNegative, tells, optimisedFor } = family;
  const parts = { denoiser, decoder, encoder, preview };
  return { parts, zeroesEmptyNegative, ...(tells && { tells }), optimisedFor };
}

/**
 * @param clipSkip  as asked for: 1 is the last layer
 * @returns the layer to take, counted from the last
 * @see A1111 modules/sd_hijack_open_clip.py and sd_hijack_clip.py (SDXL), which ignore the setting; ComfyUI comfy/sdxl_clip.py
 */
export function usedClipSkip(rule: ClipSkipRule, clipSkip: number, dialect: 'a1111' | 'comfyui'): number {
  switch (rule) {
    case 'any':
      return clipSkip;
    case 'from_two':
      return dialect === 'comfyui' ? Math.max(2, clipSkip) : 2;
    case 'none':
      return 1;
  }
}
