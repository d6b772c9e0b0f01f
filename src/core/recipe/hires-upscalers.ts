/** How the first pass of hires. fix is enlarged, by A1111's words. @see A1111 modules/shared_items.py, latent_upscale_modes */
import type { InterpolateMode } from '../image/resample/interpolate';

export type HiresUpscaler =
  /** A latent is enlarged by torch's interpolate, a picture by a network, of which this is the id. */
  { label: string } & ({ mode: InterpolateMode; antialias: boolean } | { network: string });

/** Networks that come with the app, by A1111's words, and how much wider and higher they make a picture. */
export const ENLARGERS = {
  'realesr-animevideov3-x4': { label: 'R-ESRGAN AnimeVideo', scale: 4 },
} as const;

export type EnlargerId = keyof typeof ENLARGERS;

export const isEnlargerId = (id: unknown): id is EnlargerId => typeof id === 'string' && Object.hasOwn(ENLARGERS, id);

export const HIRES_UPSCALERS = {
  latent: { label: 'Latent', mode: 'bilinear', antialias: false },
  latent_antialiased: { label: 'Latent (antialiased)', mode: 'bilinear', antialias: true },
  latent_bicubic: { label: 'Latent (bicubic)', mode: 'bicubic', antialias: false },
  latent_bicubic_antialiased: { label: 'Latent (bicubic antialiased)', mode: 'bicubic', antialias: true },
  latent_nearest: { label: 'Latent (nearest)', mode: 'nearest', antialias: false },
  latent_nearest_exact: { label: 'Latent (nearest-exact)', mode: 'nearest-exact', antialias: false },
  r_esrgan_animevideo: { label: 'R-ESRGAN AnimeVideo', network: 'realesr-animevideov3-x4' },
} as const satisfies Record<string, HiresUpscaler>;

export type HiresUpscalerId = keyof typeof HIRES_UPSCALERS;

/** How a request says it is enlarged: what is no id here is the name of an upscaler of the library. */
export const hiresUpscalerOf = (name: string): HiresUpscaler =>
  Object.hasOwn(HIRES_UPSCALERS, name) ? HIRES_UPSCALERS[name as HiresUpscalerId] : { label: name, network: name };

/** Names of the library's upscalers that a request needs. */
export const ownUpscalers = (said: {
  hiresScale?: number;
  hiresUpscaler?: string;
  enlarger?: string;
  redraw?: string;
  redrawUpscaler?: string;
}): string[] => [
  ...((said.hiresScale ?? 1) > 1 && !Object.hasOwn(HIRES_UPSCALERS, said.hiresUpscaler ?? 'latent')
    ? [said.hiresUpscaler ?? '']
    : []),
  ...(Object.hasOwn(ENLARGERS, said.enlarger ?? 'none') || (said.enlarger ?? 'none') === 'none'
    ? []
    : [said.enlarger ?? '']),
  ...((said.redraw ?? 'none') === 'none' || !isOwnEnlarger(said.redrawUpscaler ?? 'none')
    ? []
    : [said.redrawUpscaler ?? '']),
];

const isOwnEnlarger = (name: string): boolean => name !== 'none' && !Object.hasOwn(ENLARGERS, name);

/** Finds an upscaler by A1111's word, in any case. */
export function findHiresUpscaler(word: string): HiresUpscalerId | undefined {
  const wanted = word.trim().toLowerCase();
  const ids = Object.keys(HIRES_UPSCALERS) as HiresUpscalerId[];
  return ids.find((id) => id === wanted || HIRES_UPSCALERS[id].label.toLowerCase() === wanted);
}
