/** DDPM: the posterior of the original paper, which in σ-space is Euler ancestral with all of its noise. */
import { sampleEulerAncestral } from './euler-ancestral';
import type { Latent, LatentRun } from './sampler';

/** @see Ho et al. 2020, arXiv:2006.11239, equations 6 and 7; ComfyUI sample_ddpm */
export function sampleDdpm(run: LatentRun): Promise<Latent> {
  return sampleEulerAncestral(run);
}
