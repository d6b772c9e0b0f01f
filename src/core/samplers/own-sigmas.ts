/** The sigmas of samplers that ignore the schedule type. */
import { linspace } from '../math';
import type { DiscreteSchedule } from '../schedules';
import type { PartSigmas, Partway } from './sampler';

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

/** Part of the way, in A1111's: from the timestep below the one whose noise is put in. */
export function partTimesteps({ steps, from, model }: Partway): PartSigmas {
  const ascending = timestepsFor(steps, model.sigmas.length).reverse();
  const noisedAt = model.sigmas[ascending[Math.min(from, ascending.length - 1)]];
  // With nothing below, the noise stays as it is.
  if (from === 0) return { sigmas: Float64Array.of(noisedAt), noisedAt };
  return { sigmas: Float64Array.from(ascending.slice(0, from).reverse(), (t) => model.sigmas[t]), noisedAt };
}

/** UniPC walks to timestep 0 in as many steps as DDIM would, from the same timestep. */
export function partUniPc(part: Partway): PartSigmas {
  const { sigmas, noisedAt } = partTimesteps(part);
  if (part.from === 0) return { sigmas, noisedAt };
  return { sigmas: evenInTime(part.model, part.model.sigmas.indexOf(sigmas[0]), part.from), noisedAt };
}

/** The ends of the schedule's sigmas and their count. */
export function partRange({ scheduled, model }: Partway): PartSigmas {
  const sigmas = scheduled();
  const ends = { ...model, sigmaMax: sigmas[0], sigmaMin: sigmas[sigmas.length - 2] };
  return { sigmas: wholeRange(sigmas.length - 1, ends) };
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
  const count = timestepsFor(steps, model.sigmas.length).length;
  return evenInTime(model, model.sigmas.length - 1, count);
}

/** Timesteps from one down to the first, both included. */
function evenInTime({ sigmas }: DiscreteSchedule, from: number, steps: number): Float64Array {
  const last = sigmas.length - 1;
  return linspace(from, 0, steps + 1).map((timestep) => {
    const low = Math.min(Math.floor(timestep), last - 1);
    const [lower, upper] = [Math.log1p(sigmas[low] ** 2), Math.log1p(sigmas[low + 1] ** 2)];
    return Math.sqrt(Math.expm1(lower + (timestep - low) * (upper - lower)));
  });
}
