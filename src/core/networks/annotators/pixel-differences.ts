/**
 * PiDiNet's convolutions of differences between pixels as plain kernels: each is linear in its weights.
 * @see Su et al. 2021, arXiv:2108.07009, section 3.1: central, angular and radial differences
 */

export type Difference = 'plain' | 'central' | 'angular' | 'radial';

type Values = Float32Array<ArrayBuffer>;

/** Pixels of a kernel of 3 x 3, and of the radial one's 5 x 5. */
const [NINE, WIDE] = [9, 25];

/** The neighbour clockwise before each of a kernel's nine; its middle is its own. */
const BEFORE = [3, 0, 1, 6, 4, 2, 7, 8, 5];
/** Where the eight weights stand that a radial kernel has, on the outer ring and, taken away, on the inner. */
const [OUTER, INNER] = [
  [0, 2, 4, 10, 14, 20, 22, 24],
  [6, 7, 8, 11, 13, 16, 17, 18],
];

/** Sides of the plain kernel. */
export const sideOf = (kind: Difference): number => (kind === 'radial' ? 5 : 3);

/** @param weights  [..., 3, 3] @returns [..., 3, 3], radial ones [..., 5, 5] */
export function plainKernels(kind: Difference, weights: Values): Values {
  if (kind === 'plain') return weights;
  const size = kind === 'radial' ? WIDE : NINE;
  const made = new Float32Array((weights.length / NINE) * size);
  for (let from = 0, to = 0; from < weights.length; from += NINE, to += size) {
    const kernel = weights.subarray(from, from + NINE);
    if (kind === 'radial')
      OUTER.forEach((place, i) => {
        made[to + place] += kernel[i + 1];
        made[to + INNER[i]] -= kernel[i + 1];
      });
    else made.set(kind === 'central' ? central(kernel) : kernel.map((value, i) => value - kernel[BEFORE[i]]), to);
  }
  return made;
}

/** Less the middle pixel, as often as all weights are. */
function central(kernel: Float32Array): Float32Array {
  const all = kernel.reduce((sum, value) => sum + value, 0);
  return kernel.map((value, i) => (i === (NINE - 1) / 2 ? value - all : value));
}
