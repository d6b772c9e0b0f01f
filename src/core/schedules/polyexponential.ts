/** Polyexponential: as Exponential with the way through ln σ bent by a power; more than 1 lingers at low sigmas. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';
import { rhoOf, sigmaRange, type ScheduleOptions } from './schedule-options';

const RHO = 1;

/** @see k-diffusion get_sigmas_polyexponential */
export function polyexponentialSigmas(
  steps: number,
  model: DiscreteSchedule,
  options: ScheduleOptions = {},
): Float64Array {
  const { sigmaMin, sigmaMax } = sigmaRange(model, options);
  const rho = rhoOf(options, RHO);
  const [low, high] = [Math.log(sigmaMin), Math.log(sigmaMax)];
  return endingInZero(linspace(1, 0, steps).map((part) => Math.exp(part ** rho * (high - low) + low)));
}
