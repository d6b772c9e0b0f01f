/** What the first draw of noise is multiplied by to become the start of a run. */

export interface StartScaleRule {
  /** The first sigma of the run. */
  sigma: number;
  /** The model's largest sigma. */
  sigmaMax: number;
  /**
   * `sigma`: A1111. `full`: A1111's "SGM noise multiplier", √(1 + σ²), the standard deviation that training data has at
   * σ. `comfyui`: `full` for a run that starts at the model's σ_max, else `sigma`.
   */
  rule: 'sigma' | 'full' | 'comfyui';
}

/** Relative; ComfyUI compares float32 sigmas so. */
const SAME_SIGMA = 1e-5;

/** @see A1111 modules/sd_samplers_kdiffusion.py sample; ComfyUI comfy/samplers.py KSAMPLER.max_denoise, model_sampling.py */
export function startScale({ sigma, sigmaMax, rule }: StartScaleRule): number {
  const isFull = rule === 'full' || (rule === 'comfyui' && sigma >= sigmaMax * (1 - SAME_SIGMA));
  return isFull ? Math.sqrt(1 + sigma * sigma) : sigma;
}
