/** A network's outputs as maps: their sizes follow from how many numbers they have. */
import type { Size } from '../image/raster';
import type { DrawnMap } from './preprocessor';

/**
 * @param names  the network's outputs, in its order
 * @param size  of what it was shown; a map has as many rows and columns, or a whole part of both
 * @throws RangeError for an output that is missing or no such map
 */
export function drawnMaps(outputs: Record<string, Float32Array>, names: readonly string[], size: Size): DrawnMap[] {
  return names.map((name) => {
    const values: Float32Array | undefined = outputs[name];
    const part = Math.sqrt((size.width * size.height) / (values?.length ?? 0));
    const [width, height] = [size.width / part, size.height / part];
    if (![width, height].every((side) => Number.isInteger(side) && side > 0))
      throw new RangeError(
        `"${name}" has ${values?.length ?? 'no'} numbers and is no map of ${size.width} × ${size.height}.`,
      );
    return { width, height, values };
  });
}
