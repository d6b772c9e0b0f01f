/** What a network's output means: how its input is scaled, and how x0 comes out of what it says. Latents are in σ-space: x = x0 + σ·noise. */

export interface Prediction {
  /** x as the network wants it. A new array. */
  scaleInput(x: Float32Array, sigma: number): Float32Array;
  /** x0 out of the network's output for `scaleInput(x, sigma)`; may be the output itself. */
  toDenoised(x: Float32Array, output: Float32Array, sigma: number): Float32Array;
}

/** Scales the input of networks that were trained on x0·α + noise·σ' with α² + σ'² = 1: x/√(σ² + 1). */
export function scaleVariancePreserving(x: Float32Array, sigma: number): Float32Array {
  return x.map((value) => value / Math.sqrt(sigma * sigma + 1));
}
