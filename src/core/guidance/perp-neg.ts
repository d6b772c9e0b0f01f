/** Perp-Neg: of the negative prompt only what is perpendicular to the positive one is steered away from. */

export interface PerpNegTerms {
  /** What the model made of each prompt, x0; `empty` of one that says nothing. */
  positive: Float32Array;
  negative: Float32Array;
  empty: Float32Array;
  /** The CFG scale. */
  scale: number;
  /** How much the negative counts; 1 is usual. */
  negativeScale: number;
}

/**
 * empty + scale · (p − negativeScale · n⊥), p and n being what the prompts change of the empty one's, and n⊥ = n − (n·p / p·p) p over the whole latent.
 * Where the positive prompt changes nothing all of n is perpendicular.
 *
 * @see Armandpour et al. 2023, arXiv:2304.04968; ComfyUI comfy_extras/nodes_perpneg.py
 */
export function perpNeg({ positive, negative, empty, scale, negativeScale }: PerpNegTerms): Float32Array {
  let [along, length] = [0, 0];
  for (let i = 0; i < empty.length; i++) {
    const p = positive[i] - empty[i];
    along += (negative[i] - empty[i]) * p;
    length += p * p;
  }
  const share = length === 0 ? 0 : along / length;
  return empty.map((value, i) => {
    const p = positive[i] - value;
    return value + scale * (p - negativeScale * (negative[i] - value - share * p));
  });
}
