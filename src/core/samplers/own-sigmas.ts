/** The sigmas of samplers that ignore the schedule type. */
import { linspace } from '../math';
import type { DiscreteSchedule } from '../schedules';

/** Even in ln σ over all that the model knows; the last is not 0. For samplers that take only the ends and the count. */
export function wholeRange(steps: number, model: DiscreteSchedule): Float64Array {
  const logs = linspace(Math.log(model.sigmaMax), Math.log(model.sigmaMin), steps + 1);
  return logs.map((log) => Math.exp(log));
}

/**
 * A1111's timesteps 1, 1 + s, 1 + 2s ... with s = ⌊1000 / steps⌋, from the highest down: one step fewer than asked, or
 * more where s rounds down, and an end above 0. A single step, which leaves A1111 with pure noise, goes from the last
 * timestep to 1.
 *
 * @see A1111 modules/sd_samplers_timesteps.py get_timesteps
 */
export function timestepSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const count = model.sigmas.length;
  const timesteps = steps === 1 ? [count - 1, 1] : timestepsFor(steps, count);
  return Float64Array.from(timesteps, (timestep) => model.sigmas[timestep]);
}

function timestepsFor(steps: number, count: number): number[] {
  const stride = Math.max(1, Math.floor(count / steps));
  const ascending = Array.from({ length: Math.ceil(count / stride) }, (_, i) => Math.min(i * stride + 1, count - 1));
  return [...new Set(ascending)].reverse();
}

/**
 * UniPC's: as many steps as DDIM has timesteps, even in time from the last timestep to the first, both included. Between
 * timesteps ln ᾱ is linear in time.
 *
 * @see A1111 modules/models/diffusion/uni_pc/uni_pc.py NoiseScheduleVP, skip_type time_uniform
 */
export function uniPcSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const { sigmas } = model;
  const last = sigmas.length - 1;
  const count = timestepsFor(steps, sigmas.length).length;
  return linspace(last, 0, count + 1).map((timestep) => {
    const low = Math.min(Math.floor(timestep), last - 1);
    const [from, to] = [Math.log1p(sigmas[low] ** 2), Math.log1p(sigmas[low + 1] ** 2)];
    return Math.sqrt(Math.expm1(from + (timestep - low) * (to - from)));
  });
}
