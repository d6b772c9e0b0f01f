/** DPM adaptive: DPM-Solver of order 3 that chooses its steps by the difference to order 2; ends above 0. */
import { AppError } from '../errors';
import { addNoise, derivative } from './arithmetic';
import { sigmaAt, solverSpan, solverSplit, thirdOrder } from './dpm-solver';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

const RELATIVE_TOLERANCE = 0.05;
/** About one step of an 8-bit image in −1 … 1. */
const ABSOLUTE_TOLERANCE = 0.0078;
const FIRST_LENGTH = 0.05;
/** A try counts when the next one need not be much shorter. */
const ACCEPTED_FACTOR = 0.81;
const NEAR_ENOUGH = 1e-5;

/** Takes only the ends of the sigmas. @see k-diffusion sample_dpm_adaptive with its defaults */
export async function sampleDpmAdaptive(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  const { start, last } = solverSpan(run);
  const exponent = eta === 0 ? 1 / 3 : 1 / 1.5;
  let x = run.x;
  let previousLow = x;
  let length = FIRST_LENGTH;
  for (let time = start, index = 0; time < last - NEAR_ENOUGH;) {
    const next = Math.min(last, time + length);
    if (!(next > time)) throw new AppError('not-a-number', `DPM adaptive is stuck at sigma ${sigmaAt(time)}.`);
    const sigma = sigmaAt(time);
    const denoised = await run.denoise(x, sigma);
    const { end, sigmaUp } = solverSplit(time, next, last, eta);
    const { low, high } = await thirdOrder(run, { x, time, end, eps: derivative(x, denoised, sigma) });
    const factor = 1 + Math.atan((1 / (errorOf(low, high, previousLow) + 1e-8)) ** exponent - 1);
    length *= factor;
    if (factor < ACCEPTED_FACTOR) continue;
    await run.onStep({ index: index++, sigma, denoised, x });
    x = sigmaUp > 0 ? addNoise(high, run.noise(), sNoise * sigmaUp) : high;
    previousLow = low;
    time = next;
  }
  return x;
}

/** Root mean square of the two orders' difference in units of what is tolerated; good below 1. */
function errorOf(low: Latent, high: Latent, previousLow: Latent): number {
  const sum = low.reduce((total, value, i) => {
    const size = Math.max(Math.abs(value), Math.abs(previousLow[i]));
    return total + ((value - high[i]) / Math.max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * size)) ** 2;
  }, 0);
  return Math.sqrt(sum / low.length);
}
