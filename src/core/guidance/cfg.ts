/** Classifier-free guidance: away from the negative prompt and towards one or several positive ones. */

/** What the model made of one prompt of an `AND`, and how much that prompt counts. */
export interface Guide {
  output: Float32Array;
  weight: number;
}

export interface CfgTerms {
  /** What the model made of the negative prompt. */
  uncond: Float32Array;
  conds: readonly Guide[];
  /** The CFG scale. */
  scale: number;
}

/** Closer than this to 0, the negative's share is rounding. */
const NO_SHARE = 1e-9;

/**
 * uncond + Σ weight · scale · (cond − uncond). Linear, so that it may act on noise, v or x0 alike.
 *
 * @see Ho and Salimans 2022, arXiv:2207.12598; Liu et al. 2022, arXiv:2206.01714; A1111 CFGDenoiser.combine_denoised
 */
export function cfg({ uncond, conds, scale }: CfgTerms): Float32Array {
  const guided = Float64Array.from(uncond);
  for (const { output, weight } of conds)
    for (let i = 0; i < guided.length; i++) guided[i] += weight * scale * (output[i] - uncond[i]);
  return Float32Array.from(guided);
}

/**
 * Guidance of a call that skips the negative prompt: the first prompt stands in for it, at scale 1. A single prompt is its
 * own output whatever its weight.
 *
 * @see A1111 CFGDenoiser.forward (skip_uncond)
 */
export function cfgWithoutNegative(conds: readonly Guide[]): Float32Array {
  const [first] = conds;
  return cfg({ uncond: first.output, conds, scale: 1 });
}

/**
 * Whether the negative prompt has any share in the result: it has none where the weights times the scale make 1, and need
 * not be computed then. `cfg` with any other output in its place gives the same.
 */
export function usesNegative(weights: readonly number[], scale: number): boolean {
  const share = 1 - scale * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.abs(share) > NO_SHARE;
}

/**
 * In place: by (scale − 1) times what seeing the picture changes, where `guided` is guidance between answers that both see it.
 *
 * That is unseen + cfg · (cond − seen) + scale · (seen − unseen); a scale of 1 is plain guidance.
 * @see Brooks et al. 2022, arXiv:2211.09800, 3.2.1; A1111 CFGDenoiser.combine_denoised_for_edit_model
 */
export function addImageGuidance(
  guided: Float32Array,
  { seen, unseen, scale }: { seen: Float32Array; unseen: Float32Array; scale: number },
): void {
  for (let i = 0; i < guided.length; i++) guided[i] += (scale - 1) * (seen[i] - unseen[i]);
}
