/** A mask of pixels as a mask of latent cells, as four programs make it. 1 is where to repaint. */
import type { Mask, Size } from '../raster';
import { interpolate, pillowResize } from '../resample';

/** Thin strokes vanish in `comfyui`, which looks at two pixels in eight, and in `diffusers`, which looks at one. */
export const LATENT_MASK_WAYS = ['a1111', 'soft', 'comfyui', 'diffusers'] as const;
export type LatentMaskWay = (typeof LATENT_MASK_WAYS)[number];

/**
 * @param cells of the latent: an eighth of the mask, whole
 * @returns [cells.height, cells.width]: 0 or 1 of `a1111` and `diffusers`; of the others 0…1
 * @see A1111 modules/processing.py, latmask; ComfyUI comfy/sampler_helpers.py; diffusers prepare_mask_latents
 */
export function latentMask(mask: Mask, cells: Size, way: LatentMaskWay): Float32Array {
  if (way === 'a1111') return shrunk(mask, cells).map((value) => (value > 0.5 ? 1 : 0));
  if (way === 'soft') return shrunk(mask, cells);
  if (way === 'comfyui') return interpolate(unit(mask), mask, cells, { mode: 'bilinear' });
  const painted = unit(mask).map((value) => (value >= 0.5 ? 1 : 0));
  return interpolate(painted, mask, cells, { mode: 'nearest' });
}

/** No level of a byte is a half exactly, so it does not matter that A1111 rounds halves to even. */
function shrunk(mask: Mask, cells: Size): Float32Array {
  return unit(pillowResize(mask, cells, { filter: 'bicubic' }));
}

function unit({ data }: Mask): Float32Array {
  return Float32Array.from(data, (level) => level / 255);
}
