/** Two pictures, level by level. @see ComfyUI comfy_extras/nodes_post_processing.py Blend */

export const BLENDS = ['normal', 'multiply', 'screen', 'overlay', 'soft_light', 'difference'] as const;
export type Blend = (typeof BLENDS)[number];

const f = Math.fround;

/** How levels of 0…1 are mixed; `a` is the first picture's. */
const WAYS: Readonly<Record<Blend, (a: number, b: number) => number>> = {
  normal: (_, b) => b,
  multiply: (a, b) => a * b,
  screen: (a, b) => 1 - (1 - a) * (1 - b),
  overlay: (a, b) => (a <= 0.5 ? 2 * a * b : 1 - 2 * (1 - a) * (1 - b)),
  soft_light: (a, b) => (b <= 0.5 ? a - (1 - 2 * b) * a * (1 - a) : a + (2 * b - 1) * (lift(a) - a)),
  difference: (a, b) => a - b,
};

const lift = (a: number): number => (a <= 0.25 ? ((16 * a - 12) * a + 4) * a : Math.sqrt(a));

/** @param amount  how much of the blend; the rest is the first picture @returns levels that may lie outside of 0…1 */
export function blendLevels(first: Float32Array, second: Float32Array, blend: Blend, amount: number): Float32Array {
  const way = WAYS[blend];
  return first.map((a, i) => f(a * f(1 - amount)) + f(f(way(a, second[i])) * f(amount)));
}
