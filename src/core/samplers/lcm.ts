/** LCM: jumps to the prediction and noises it again; for models distilled to predict a picture from any level. */
import { addNoise, blend } from './arithmetic';
import type { Latent, LatentRun } from './sampler';

const SIGMA_DATA = 0.5;
const TIMESTEP_SCALE = 10;

/** @see Luo et al. 2023, arXiv:2310.04378, algorithm 3; A1111 modules/sd_samplers_lcm.py */
export async function sampleLcm(run: LatentRun): Promise<Latent> {
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = lcmScaled(x, await run.denoise(x, sigma), run.model.sigmaToT(sigma));
    await run.onStep({ index, sigma, denoised, x });
    x = sigmaNext > 0 ? addNoise(denoised, run.noise(), sigmaNext) : denoised;
  }
  return x;
}

/**
 * The boundary condition of consistency models: all of the prediction at high noise, more of x towards timestep 0.
 *
 * @see Luo et al. 2023, arXiv:2310.04378, equation 9; A1111 LCMCompVisDenoiser.get_scaled_out
 */
function lcmScaled(x: Latent, denoised: Latent, timestep: number): Latent {
  const variance = SIGMA_DATA ** 2;
  const scaled = timestep * TIMESTEP_SCALE;
  const total = scaled ** 2 + variance;
  return blend(denoised, scaled / Math.sqrt(total), x, variance / total);
}
