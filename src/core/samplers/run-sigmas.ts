/** The sigmas that a sampler runs on: its own, or the schedule's. */
import { buildSigmas, type Conventions, type SigmaPlan } from '../schedules';
import type { SamplerEntry } from './sampler';

export interface RunPlan extends SigmaPlan {
  conventions: Conventions;
}

/**
 * `discardPenultimate` is A1111's option of that name, for every sampler; some samplers ask for it by themselves.
 *
 * @see A1111 KDiffusionSampler.get_sigmas, CompVisSampler.get_timesteps; ComfyUI KSampler.calculate_sigmas
 */
export function runSigmas(sampler: SamplerEntry, plan: RunPlan): Float64Array {
  const { steps, discardPenultimate = false, conventions } = plan;
  const model = sampler.modelSchedule?.(plan.model) ?? plan.model;
  const ownSigmas = conventions === 'comfyui' && sampler.comfySchedule ? undefined : sampler.ownSigmas;
  // A1111's timestep samplers make the one step more and leave nothing out.
  if (ownSigmas) return ownSigmas(discardPenultimate && sampler.variancePreserving ? steps + 1 : steps, model);
  const discards = discardPenultimate || (sampler.discardsPenultimate?.includes(conventions) ?? false);
  return buildSigmas({ ...plan, model, discardPenultimate: discards });
}
