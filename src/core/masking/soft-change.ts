/**
 * After soft inpainting: where a picture changed enough for its new pixels to be taken, whatever the mask says.
 *
 * @see A1111 extensions-builtin/soft-inpainting, what it does after sampling
 */
import { raster, type Mask } from '../image/raster';

export interface SoftChange {
  /** 0: changes alone decide. 1: the mask does, nearly. */
  softMaskInfluence: number;
  /** Distance of a cell from what it was, at which half of it is new. */
  softDifferenceThreshold: number;
  /** How sudden the step from old to new is. */
  softDifferenceContrast: number;
  softPreservation: number;
}

export interface Changed {
  /** Latents before and after, [channels, height, width] */
  kept: Float32Array;
  latent: Float32Array;
  /** [height, width], 1 where to repaint */
  mask: Float32Array;
  width: number;
  height: number;
}

/** @returns a level for each cell: 255 all new */
export function softChange({ kept, latent, mask, width, height }: Changed, settings: SoftChange): Mask {
  const { softMaskInfluence: influence, softDifferenceThreshold, softDifferenceContrast: contrast } = settings;
  const size = { width, height };
  const spread = windowMean(distances(kept, latent, mask.length), size, [0.9, 1]);
  const even = windowMean(spread, size, [0.25, 0.75]);
  const levels = even.map((distance, i) => {
    const masked = 1 - Math.min(1, Math.max(0, mask[i])) ** (settings.softPreservation / 2);
    const share = 0.5 * (1 - influence) + masked * influence;
    const half = (softDifferenceThreshold * share) / (1.00001 - share);
    const isSame = distance === 0 && half === 0;
    const old = isSame ? 1 : 1 / (1 + (distance / half) ** contrast);
    return Math.trunc(255 * (1 - eased(old)));
  });
  return raster(size, 1, Uint8ClampedArray.from(levels));
}

const eased = (x: number): number => x ** 3 * (x * (6 * x - 15) + 10);

function distances(a: Float32Array, b: Float32Array, cells: number): Float32Array {
  return Float32Array.from({ length: cells }, (_, cell) => {
    let sum = 0;
    for (let i = cell; i < a.length; i += cells) sum += (a[i] - b[i]) ** 2;
    return Math.sqrt(sum);
  });
}

const REACH = 2;

/** Weight of a cell around another, by how far it is: 0 at three cells, 1 in the middle. */
function weightOf(x: number, y: number): number {
  const bell = (squares: number): number => Math.exp(-squares / 1.5 ** 2);
  const none = bell((REACH + 1) ** 2);
  return Math.max(0, (bell(x * x + y * y) - none) / (1 - none));
}

/** The mean of those around each cell whose share of the weight, from the least value to the largest, lies between two. */
function windowMean(
  values: Float32Array,
  { width, height }: { width: number; height: number },
  [from, to]: readonly [number, number],
): Float32Array {
  return Float32Array.from({ length: values.length }, (_, cell) => {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    const around: { value: number; weight: number }[] = [];
    for (let row = Math.max(0, y - REACH); row <= Math.min(height - 1, y + REACH); row++)
      for (let column = Math.max(0, x - REACH); column <= Math.min(width - 1, x + REACH); column++)
        around.push({ value: values[row * width + column], weight: weightOf(column - x, row - y) });
    around.sort((a, b) => a.value - b.value);
    const whole = around.reduce((sum, { weight }) => sum + weight, 0);
    const [first, last] = atLeastOne(whole * from, whole * to, whole);
    let [sum, taken, begin] = [0, 0, 0];
    for (const { value, weight } of around) {
      const share = Math.max(0, Math.min(last, begin + weight) - Math.max(first, begin));
      sum += value * share;
      taken += share;
      begin += weight;
    }
    return taken === 0 ? 0 : sum / taken;
  });
}

/** A window narrower than the middle cell's weight is widened about its own middle, within the whole. */
function atLeastOne(first: number, last: number, whole: number): readonly [number, number] {
  if (last - first >= 1) return [first, last];
  const middle = (first + last) / 2;
  const [low, high] = middle + 0.5 > whole ? [whole - 1, whole] : [middle - 0.5, middle + 0.5];
  return low < 0 ? [0, 1] : [low, high];
}
