/** How a latent walks down the sigmas. The picker, the request's validation and the tests iterate SAMPLERS. */
import { SAMPLERS, type SamplerId } from './table';

export type { OptionId, SamplerOptions } from './options';
export { runSampler } from './run-sampler';
export { runSigmas, type RunPlan } from './run-sigmas';
export { partStart, wholeStart, type Denoising, type Start } from './start';
export type {
  BrownianNoise,
  Denoise,
  DenoiseBoth,
  Latent,
  LatentRun,
  RunnableSampler,
  SamplerEntry,
  SamplerRun,
  SamplerStep,
} from './sampler';
export { SAMPLERS, type SamplerId } from './table';

export function isSamplerId(id: string): id is SamplerId {
  return Object.hasOwn(SAMPLERS, id);
}
