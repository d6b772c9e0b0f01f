/** CFG-Zero*: the negative's answer is scaled so that its noise is as near to the positive's as a factor makes it. */
import { noiseOf, product, type Answers, type GuidedAt } from './answers';

/** The program's guard against a division by zero. */
const GUARD = 1e-8;

/**
 * @param guided  after guidance, x0
 * @returns x0
 * @see Fan et al. 2025, arXiv:2503.18886; ComfyUI comfy_extras/nodes_cfg.py CFGZeroStar
 */
export function zeroStar(
  guided: Float32Array,
  { positive, negative }: Answers,
  { x, scale }: Pick<GuidedAt, 'x' | 'scale'>,
): Float32Array {
  const [p, n] = [noiseOf(x, positive), noiseOf(x, negative)];
  const factor = product(p, n) / (product(n, n) + GUARD);
  return guided.map((value, i) => value + negative[i] * (factor - 1) * (1 - scale));
}
