/** How the first pass of hires. fix is enlarged, by A1111's words. @see A1111 modules/shared_items.py, latent_upscale_modes */
import type { InterpolateMode } from '../image/resample/interpolate';

export interface HiresUpscaler {
  label: string;
  /** Of a latent: torch's interpolate. */
  mode: InterpolateMode;
  antialias: boolean;
}

export const HIRES_UPSCALERS = {
  latent: { label: 'Latent', mode: 'bilinear', antialias: false },
  latent_antialiased: { label: 'Latent (antialiased)', mode: 'bilinear', antialias: true },
  latent_bicubic: { label: 'Latent (bicubic)', mode: 'bicubic', antialias: false },
  latent_bicubic_antialiased: { label: 'Latent (bicubic antialiased)', mode: 'bicubic', antialias: true },
  latent_nearest: { label: 'Latent (nearest)', mode: 'nearest', antialias: false },
  latent_nearest_exact: { label: 'Latent (nearest-exact)', mode: 'nearest-exact', antialias: false },
} as const satisfies Record<string, HiresUpscaler>;

export type HiresUpscalerId = keyof typeof HIRES_UPSCALERS;

/** By A1111's word, in any case. */
export function findHiresUpscaler(word: string): HiresUpscalerId | undefined {
  const wanted = word.trim().toLowerCase();
  const ids = Object.keys(HIRES_UPSCALERS) as HiresUpscalerId[];
  return ids.find((id) => id === wanted || HIRES_UPSCALERS[id].label.toLowerCase() === wanted);
}
