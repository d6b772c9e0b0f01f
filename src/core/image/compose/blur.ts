/** Blur and sharpening by ComfyUI's bell curve, over a square of 2 · radius + 1 pixels. @see ComfyUI comfy_extras/nodes_post_processing.py Blur, Sharpen */
import type { Size } from '../raster';

/** Weights of a line so wide, where `sigma` is a share of half its length. */
function lineOf(radius: number, sigma: number): number[] {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i / radius - 1) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** A place beyond the edge is one as far within, the edge itself not counted twice. */
function mirrored(at: number, length: number): number {
  const back = Math.abs(at);
  return back < length ? back : 2 * (length - 1) - back;
}

/**
 * @param planes [channels, height, width]
 * @throws RangeError where a side is not longer than the radius
 */
export function blurPlanes(planes: Float32Array, size: Size, radius: number, sigma: number): Float32Array {
  if (radius === 0) return planes;
  const { width, height } = size;
  if (Math.min(width, height) <= radius)
    throw new RangeError(`A picture of ${width} × ${height} pixels is too small for a radius of ${radius}.`);
  const line = lineOf(radius, sigma);
  const rows = planes.length / width;
  const across = new Float64Array(planes.length);
  for (let row = 0; row < rows; row++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      line.forEach((weight, k) => (sum += weight * planes[row * width + mirrored(x + k - radius, width)]));
      across[row * width + x] = sum;
    }
  return planes.map((_, i) => {
    const [plane, y, x] = [Math.floor(i / (width * height)), Math.floor(i / width) % height, i % width];
    let sum = 0;
    line.forEach(
      (weight, k) => (sum += weight * across[(plane * height + mirrored(y + k - radius, height)) * width + x]),
    );
    return sum;
  });
}

/** What the blur takes away is added, ten times `alpha`. */
export function sharpenPlanes(
  planes: Float32Array,
  size: Size,
  { radius, sigma, alpha }: { radius: number; sigma: number; alpha: number },
): Float32Array {
  if (radius === 0) return planes;
  const blurred = blurPlanes(planes, size, radius, sigma);
  return planes.map((value, i) => value + 10 * alpha * (value - blurred[i]));
}
