/** Seed resize: noise of one size placed in the middle of noise of another, so that a picture keeps its composition. */
import type { NoiseShape } from './slerp';

/**
 * A1111's placement. What is larger than the target is cropped by equal amounts on both sides, so that an odd difference
 * leaves one row or column of the target as it was.
 *
 * @returns `into` with `noise` over its middle
 * @see A1111 modules/rng.py ImageRNG.first
 */
export function pasteNoise(
  noise: Float32Array,
  [channels, fromHeight, fromWidth]: NoiseShape,
  into: Float32Array,
  [, height, width]: NoiseShape,
): Float32Array {
  const result = into.slice();
  const rows = centred(fromHeight, height);
  const columns = centred(fromWidth, width);
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < rows.length; row++) {
      const from = (channel * fromHeight + rows.from + row) * fromWidth + columns.from;
      const to = (channel * height + rows.to + row) * width + columns.to;
      result.set(noise.subarray(from, from + columns.length), to);
    }
  return result;
}

/** Along one side: where to read, where to write, how much. */
function centred(size: number, target: number): { from: number; to: number; length: number } {
  const margin = Math.floor((target - size) / 2);
  return margin >= 0 ? { from: 0, to: margin, length: size } : { from: -margin, to: 0, length: size + 2 * margin };
}
