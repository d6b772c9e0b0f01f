/** What functions between the model's answers and guidance are given: x0 for both sides, and where it is asked. */

export interface Answers {
  positive: Float32Array;
  /** Zeros where nobody asked for it, as in ComfyUI. */
  negative: Float32Array;
}

export interface GuidedAt {
  /** The latent of the call, in σ-space. */
  x: Float32Array;
  sigma: number;
  /** The CFG scale. */
  scale: number;
  width: number;
  height: number;
}

/** Σ a·b over the whole latent. */
export function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** x − x0: the noise, times sigma. */
export const noiseOf = (x: Float32Array, x0: Float32Array): Float32Array => x.map((value, i) => value - x0[i]);
