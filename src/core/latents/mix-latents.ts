/** Two latents cell by cell. @see ComfyUI comfy_extras/nodes_latent.py LatentAdd, -Subtract, -Multiply, -Interpolate; nodes.py LatentBlend */
import { vectorLengths } from './vector-lengths';

export const LATENT_MIXES = ['add', 'subtract', 'multiply', 'interpolate', 'blend'] as const;
export type LatentMix = (typeof LATENT_MIXES)[number];

/**
 * @param planes  [channels, cells] each; the second is not read by `multiply`
 * @param amount  the factor of `multiply`; the first's share of `interpolate` and `blend`
 */
export function mixLatents(
  how: LatentMix,
  [first, second]: readonly [Float32Array, Float32Array],
  { amount, cells }: { amount: number; cells: number },
): Float32Array {
  if (how === 'interpolate') return interpolated(first, second, amount, cells);
  if (how === 'add') return first.map((value, i) => value + second[i]);
  if (how === 'subtract') return first.map((value, i) => value - second[i]);
  if (how === 'multiply') return first.map((value) => value * amount);
  return first.map((value, i) => value * amount + second[i] * (1 - amount));
}

/** Directions and lengths by themselves. */
function interpolated(first: Float32Array, second: Float32Array, ratio: number, cells: number): Float32Array {
  const [long, other] = [vectorLengths(first, cells), vectorLengths(second, cells)];
  const unit = (value: number, length: number): number => (length === 0 ? 0 : value / length);
  const mixed = first.map(
    (value, i) => unit(value, long[i % cells]) * ratio + unit(second[i], other[i % cells]) * (1 - ratio),
  );
  const lengths = vectorLengths(mixed, cells);
  return mixed.map((value, i) => {
    const cell = i % cells;
    return unit(value, lengths[cell]) * (long[cell] * ratio + other[cell] * (1 - ratio));
  });
}
