/** A hint as networks take it. */
import { AppError } from '../../../core/errors';
import type { Pixels } from '../../../core/image';
import type { NamedTensor } from '../../ports';

/**
 * Red, green and blue in 0…1, [1, 3, height, width].
 * @throws AppError 'internal' where it was not made to fit
 */
export function hintPlanes({ width, height, data }: Pixels, size: { width: number; height: number }): NamedTensor {
  if (width !== size.width || height !== size.height)
    throw new AppError(
      'bad-request',
      `The hint is ${width} × ${height}, but the picture ${size.width} × ${size.height}: a node of the operation "fit_hint" makes it fit.`,
    );
  const count = width * height;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) planes[c * count + i] = data[4 * i + c] / 255;
  return { data: planes, dims: [1, 3, height, width] };
}
