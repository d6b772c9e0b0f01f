/** A network's outputs as maps, or as tables: their sizes follow from how many numbers they have. */
import type { Size } from '../image/raster';
import type { DrawnMap } from './preprocessor';

/**
 * @param names  the network's outputs, in its order
 * @param size  of what it was shown; a map has as many rows and columns, or a whole part of both
 * @param columns  numbers in a row of each, where they are tables and no maps
 * @throws RangeError for an output that is missing or no such map
 */
export function drawnMaps(
  outputs: Record<string, Float32Array>,
  names: readonly string[],
  size: Size,
  columns?: readonly number[],
): DrawnMap[] {
  return names.map((name, i) => {
    const values: Float32Array | undefined = outputs[name];
    const part = Math.sqrt((size.width * size.height) / (values?.length ?? 0));
    const own = columns?.at(i);
    const [width, height] =
      own === undefined ? [size.width / part, size.height / part] : [own, (values?.length ?? 0) / own];
    if (![width, height].every((side) => Number.isInteger(side) && side > 0))
      throw new RangeError(
        `"${name}" has ${values?.length ?? 'no'} numbers and is no ${own === undefined ? `map of ${size.width} × ${size.height}` : `table of ${own} columns`}.`,
      );
    return { width, height, values };
  });
}
