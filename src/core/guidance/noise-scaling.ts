/** Guided answers whose noise is scaled: by one factor (Epsilon Scaling), or by one that follows the noise level (TSR). */

/**
 * @param guided  after guidance, x0
 * @param factor  above 1 less noise is taken for noise
 * @see Ning et al. 2023, arXiv:2308.15321; ComfyUI comfy_extras/nodes_eps.py EpsilonScaling
 */
export const epsilonScaled = (guided: Float32Array, x: Float32Array, factor: number): Float32Array =>
  guided.map((value, i) => x[i] - (x[i] - value) / factor);

/**
 * @param k  below 1 there is more detail, above it less; 1 is off
 * @param spread  the larger, the earlier it acts
 * @see Xu et al. 2025, arXiv:2510.01184, equation 6; ComfyUI comfy_extras/nodes_eps.py TemporalScoreRescaling
 */
export function scoreRescaled(
  guided: Float32Array,
  { x, sigma }: { x: Float32Array; sigma: number },
  { k, spread }: { k: number; spread: number },
): Float32Array {
  if (k === 1 || sigma === 0) return guided;
  const signal = (spread / sigma) ** 2;
  const factor = (signal + 1) / (signal / k + 1);
  return guided.map((value, i) => x[i] + factor * (value - x[i]));
}
