/** A hint as networks take it. */
import { AppError } from '../../../core/errors';
import type { Pixels } from '../../../core/image';
import type { Size } from '../../../core/image/raster';
import type { NamedTensor } from '../../ports';

/** Above it a pixel is masked. */
const MASKED = 127;

/**
 * Red, green and blue in 0…1, [1, 3, height, width]. What is left over of a cell on the right and at the bottom is dropped, as latents drop it of
 * a picture.
 *
 * @param masked  what each of them is where alpha is above one half; not given: alpha says nothing
 * @param size  of all whole cells, in pixels
 * @param sizeStep  see ModelTraits
 * @throws AppError 'bad-request' where it was not made to fit
 */
export function hintPlanes(
  { width, height, data }: Pixels,
  size: Size,
  sizeStep: number,
  masked?: number,
): NamedTensor {
  const isOf = (side: number, whole: number): boolean => side >= whole && side < whole + sizeStep;
  if (!isOf(width, size.width) || !isOf(height, size.height))
    throw new AppError(
      'bad-request',
      `The hint is ${width} × ${height}, but the picture ${size.width} × ${size.height}: a node of the operation "fit_hint" makes it fit.`,
    );
  const count = size.width * size.height;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const from = 4 * (Math.floor(i / size.width) * width + (i % size.width));
    const isMasked = masked !== undefined && data[from + 3] > MASKED;
    for (let c = 0; c < 3; c++) planes[c * count + i] = isMasked ? masked : data[from + c] / 255;
  }
  return { data: planes, dims: [1, 3, size.height, size.width] };
}
