/** DDIM: in σ-space Euler's step, or Euler ancestral's with eta above 0, on timesteps of its own. */
import { sampleEulerAncestral } from './euler-ancestral';
import { chosen, DDIM, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';
import { toVariancePreserving } from './variance-preserving';

/** @see Song et al. 2020, arXiv:2010.02502, equations 12 and 16; A1111 modules/sd_samplers_timesteps_impl.py ddim */
export async function sampleDdim(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const x = await sampleEulerAncestral(run, chosen(DDIM, options));
  return toVariancePreserving(x, run.sigmas[run.sigmas.length - 1]);
}
