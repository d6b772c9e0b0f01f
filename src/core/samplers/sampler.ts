/** What a sampler is to the rest: it walks a latent down a ladder of sigmas and knows nothing of models. */
import type { ResolvedScheduleId } from '../schedules';

/**
 * The model's x0 prediction after guidance. Takes and returns [1, C, h, w] in σ-space: x = x0 + σ · noise, not divided by
 * √(σ² + 1). It must leave `x` as it is.
 */
export type Denoise = (x: Float32Array, sigma: number) => Promise<Float32Array>;

export interface SamplerStep {
  /** 0 … steps − 1. */
  index: number;
  /** The noise level of the model call: the step's sigma, after churn. */
  sigma: number;
  /** x0 as predicted from `x`: what a preview shows. */
  denoised: Float32Array;
  /** The latent of the model call. */
  x: Float32Array;
}

export interface SamplerRun {
  denoise: Denoise;
  /** The start: for txt2img, sigmas[0] times the first draw of noise. Left as it is. */
  x: Float32Array;
  /** Strictly decreasing; the last is 0. steps + 1 values. */
  sigmas: Float64Array;
  /** The next draw of N(0, 1), as long as `x`. Only called by samplers that use noise. */
  noise: () => Float32Array;
  /** Awaited once a step, after its model calls. What it throws ends the run: AppError 'cancelled', for one. */
  onStep(step: SamplerStep): void | Promise<void>;
}

export interface SamplerEntry {
  /** A1111's "Sampler". */
  label: string;
  /** Other names in A1111's and ComfyUI's APIs and metadata; the id is ComfyUI's. */
  aliases: readonly string[];
  /** Whether it adds noise on the way, so that the noise generator matters beyond the start. */
  usesNoise: boolean;
  /** What "Automatic" means with it. */
  defaultSchedule: ResolvedScheduleId;
  /** Convergence order of its deterministic part: halving the steps' size divides the error by 2^order. */
  order: number;
  /** Model calls for so many steps. */
  modelCalls(steps: number): number;
  sample(run: SamplerRun): Promise<Float32Array>;
}
