/** DPM-Solver++(2M) SDE with its second-order term integrated over the step, not taken at the middle. */
import { walkDpmpp2mSde } from './dpmpp-2m-sde';
import type { SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** @see k-diffusion sample_dpmpp_2m_sde, solver_type heun */
export function sampleDpmpp2mSdeHeun(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  return walkDpmpp2mSde(run, options, (decay) => Math.expm1(-decay) / decay + 1);
}
