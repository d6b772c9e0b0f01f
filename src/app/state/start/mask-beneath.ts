/** The mask that a picture was repainted under, for that picture as the next one's start: fetched when one is chosen. */
import { pillowResize } from '../../../core/image/resample';
import { fromPixels, type Size } from '../../../core/image/raster';
import type { StartPictures } from './start-pictures.svelte';

/**
 * @param mask  hash of it
 * @param from  size of what the picture was made from
 * @param to  size of the picture: as it was, or a whole number of times as large in both directions, as upscalers leave it
 * @returns hash of a mask of the picture's size; undefined where the sizes do not say that the same part is meant, or it is not here
 */
export async function maskBeneath(
  mask: string,
  { from, to }: { from: Size; to: Size },
  pictures: Pick<StartPictures, 'pixels' | 'put'>,
): Promise<string | undefined> {
  const factor = to.width / from.width;
  if (factor === 1 && to.height === from.height) return mask;
  if (!Number.isInteger(factor) || to.height !== factor * from.height) return undefined;
  const pixels = await pictures.pixels(mask);
  if (!pixels) return undefined;
  const { width, height } = to;
  const { data } = pillowResize(fromPixels(pixels), { width, height }, { filter: 'nearest' });
  return await pictures.put({ width, height, data: new Uint8ClampedArray(data) });
}
