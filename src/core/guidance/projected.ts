/** Adaptive projected guidance (APG): what only strengthens the positive answer counts apart, and guidance has a greatest length. */
import { product, type Answers } from './answers';

export interface ApgTerms extends Answers {
  /** The CFG scale. */
  scale: number;
  /** How much of guidance along the positive answer is kept; 1 is all. */
  eta: number;
  /** The greatest length of guidance; 0 is none. */
  threshold: number;
  /** How much of the calls before is added; 0 is off. */
  momentum: number;
  /** The sum of the call before. */
  before?: Float32Array | undefined;
}

const SMALLEST = 1e-12;

/**
 * @returns the positive answer that leads there by plain guidance, and the sum for the next call
 * @see Sadat et al. 2024, arXiv:2410.02416; ComfyUI comfy_extras/nodes_apg.py
 */
export function projected({ positive, negative, scale, eta, threshold, momentum, before }: ApgTerms): {
  positive: Float32Array;
  sum: Float32Array;
} {
  const difference = positive.map((value, i) => value - negative[i]);
  const sum = momentum !== 0 && before ? difference.map((value, i) => momentum * before[i] + value) : difference;
  const length = Math.sqrt(product(sum, sum));
  const shrink = threshold > 0 && length > threshold ? threshold / length : 1;
  const size = Math.max(Math.sqrt(product(positive, positive)), SMALLEST);
  const along = (shrink * product(sum, positive)) / (size * size);
  const changed = positive.map(
    (value, i) => negative[i] + shrink * sum[i] + (eta - 1) * along * value + difference[i] / scale,
  );
  return { positive: changed, sum };
}
