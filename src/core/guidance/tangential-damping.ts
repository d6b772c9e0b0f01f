/** Tangential damping (TCFG): of the negative's noise only what lies along the direction that both sides share most. */
import { noiseOf, product, type Answers, type GuidedAt } from './answers';

/**
 * The direction is the first right singular vector of the two: a combination of both, by the first eigenvector of their products.
 *
 * @returns the negative answer
 * @see Kwon et al. 2025, arXiv:2503.18137; ComfyUI comfy_extras/nodes_tcfg.py
 */
export function tangentiallyDamped({ positive, negative }: Answers, { x }: Pick<GuidedAt, 'x'>): Float32Array {
  const [p, n] = [noiseOf(x, positive), noiseOf(x, negative)];
  const [nn, np, pp] = [product(n, n), product(n, p), product(p, p)];
  const half = (nn - pp) / 2;
  const largest = (nn + pp) / 2 + Math.hypot(half, np);
  // Both are the eigenvector; the one taken is not a difference of near numbers.
  const [a, b] = half >= 0 ? [largest - pp, np] : [np, largest - nn];
  const size = a * a + b * b;
  if (size === 0) return negative;
  return x.map((value, i) => value - (a / size) * (a * n[i] + b * p[i]));
}
