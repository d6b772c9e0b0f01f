/** What the pipeline has to know of a model, whatever its files are. */
import type { LatentFormat } from '../core/latents';
import type { NoiseScheduleConfig } from '../core/schedules';
import type { Tokenizer } from '../core/tokenizer';

export interface TextTraits {
  component: 'text_encoder' | 'text_encoder_2';
  tokenizer: Tokenizer;
  /** Of its vectors. */
  width: number;
}

/**
 * Which layers a clip skip can choose: any; from the last but one, which is what SDXL was trained on; none, where the
 * model was trained on one layer and its files end there.
 */
export type ClipSkipRule = 'any' | 'from_two' | 'none';

export interface ModelTraits extends LatentFormat {
  /** SDXL: two text encoders, a pooled vector, sizes. */
  isXl: boolean;
  /** The text encoders in the order of their channels in the context. */
  texts: readonly TextTraits[];
  clipSkip: ClipSkipRule;
  /** Positions of a context, where the U-Net reads no more. */
  maxTokens?: number;
  /** Of the U-Net's input: the latent's 4, 8 with an image to edit, 9 with a mask and a masked image. */
  unetChannels: number;
  /** Of which a picture's sides are multiples. */
  sizeStep: number;
  /** The one size that its files paint, in pixels, where they are made for one. */
  onlySize?: { width: number; height: number };
  noise: NoiseScheduleConfig;
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
