/** Element-wise steps that samplers share: float64 coefficients, float32 results, inputs left as they are. */

/** Moves along d = (x − denoised)/σ from sigma to sigmaNext; gives `denoised` itself where sigmaNext is 0. */
export function eulerStep(x: Float32Array, denoised: Float32Array, sigma: number, sigmaNext: number): Float32Array {
  const kept = sigmaNext / sigma;
  return blend(x, kept, denoised, 1 - kept);
}

/** a · x + b · y */
export function blend(x: Float32Array, a: number, y: Float32Array, b: number): Float32Array {
  return x.map((value, i) => a * value + b * y[i]);
}

/** x + amount · noise */
export function addNoise(x: Float32Array, noise: Float32Array, amount: number): Float32Array {
  return blend(x, 1, noise, amount);
}
