/** Schedules for models distilled to a few steps: timesteps counted back from the last, the "trailing" spacing. */
import { roundHalfEven } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';

/** SD-Turbo's training used ten timesteps: 99, 199, … 999. */
const TURBO_TIMESTEPS = 10;

/** Any number of steps; 4 are timesteps 999, 749, 499, 249. @see Forge modules/sd_schedulers.py turbo_scheduler */
export function turboSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const count = model.sigmas.length;
  // float32 as there: it decides the rounding of halves.
  const stride = Math.fround(count / steps);
  const timesteps = Array.from({ length: steps }, (_, i) =>
    roundHalfEven(Math.fround(Math.fround((steps - i) * stride) - 1)),
  );
  return endingInZero(timesteps.map((t) => model.sigmas[Math.min(Math.max(t, 0), count - 1)]));
}

/**
 * The first so many of 999, 899, 799, …: at most ten steps, as there are no more.
 *
 * @see ComfyUI comfy_extras/nodes_custom_sampler.py SDTurboScheduler (denoise 1)
 */
export function sdTurboSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const last = model.sigmas.length - 1;
  const available = Math.min(TURBO_TIMESTEPS, model.sigmas.length);
  const stride = Math.floor(model.sigmas.length / available);
  return endingInZero(Array.from({ length: Math.min(steps, available) }, (_, i) => model.sigmas[last - i * stride]));
}

/**
 * A part of those ten, from as far as `denoise` says; what there are not as many of is fewer.
 *
 * @see ComfyUI comfy_extras/nodes_custom_sampler.py SDTurboScheduler
 */
export function turboPart(steps: number, denoise: number, model: DiscreteSchedule): Float64Array {
  const first = TURBO_TIMESTEPS - Math.trunc(TURBO_TIMESTEPS * denoise);
  const count = Math.min(steps, TURBO_TIMESTEPS - first);
  const sigmas = Array.from({ length: count }, (_, i) => model.tToSigma(100 * (TURBO_TIMESTEPS - first - i) - 1));
  return Float64Array.from([...sigmas, 0]);
}
