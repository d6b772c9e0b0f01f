/** Normal noise on a picture. @see ComfyUI comfy_extras/nodes_images.py ImageAddNoise */
import { torchCpuPart } from '../../noise/torch-cpu';
import type { BatchPlace } from '../../noise';
import { toRgb, raster, type Raster } from '../raster';
import { toLevel } from './levels';

/** The noise of a batch is drawn in one go, so that a picture's depends on how many there are. */
export function grained(
  picture: Raster,
  { seed, strength, place }: { seed: number | bigint; strength: number; place: BatchPlace },
): Raster<3> {
  const { data } = toRgb(picture);
  const { length } = data;
  const noise = torchCpuPart(seed, { start: length * place.index, length, total: length * place.size });
  const to = raster(picture, 3);
  for (let i = 0; i < length; i++)
    to.data[i] = toLevel(Math.fround(Math.fround(data[i] / 255) + Math.fround(strength * noise[i])));
  return to;
}
