/** A refiner as two KSamplers (Advanced), where they are the same to the byte: with a sampler that keeps nothing from step to step. */
import { asksForRefiner } from '../../recipe/refiner';
import type { CompleteRequest } from '../../recipe/request';
import { namedSchedule } from '../../recipe/named-schedule';
import { SAMPLERS, type SamplerId } from '../../samplers';
import { runSigmas } from '../../samplers/run-sigmas';
import { createSwitch } from '../../samplers/switch-point';
import { comfyScheduler } from './names';
import { createDiscreteSchedule, readNoiseScheduleConfig, resolveSchedule } from '../../schedules';

/** One call a step, no noise between, nothing remembered: the second node begins where the first would have gone on. DDIM, in other units, is rounded otherwise. */
const FORGETFUL: ReadonlySet<SamplerId> = new Set<SamplerId>(['euler']);

/** Stable Diffusion 1.5's, 2.1's and XL's, by which timesteps are told from sigmas. */
const TRAINED = readNoiseScheduleConfig({
  ...{ beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', num_train_timesteps: 1000 },
});

export type Handover =
  /** The step that the refiner begins with. */
  | { step: number }
  /** Why two nodes would not be the same. */
  | { reason: string };

/** Undefined where no refiner is asked for. */
export function handoverOf(request: CompleteRequest): Handover | undefined {
  if (!asksForRefiner(request)) return undefined;
  const { sampler, steps, initImage, hiresScale } = request;
  if (!FORGETFUL.has(sampler))
    return {
      reason: `a second KSampler (Advanced) would not go on as ${SAMPLERS[sampler].label} does within one run.`,
    };
  if (hiresScale > 1 || initImage !== undefined)
    return { reason: 'KSampler (Advanced) takes steps of a whole run, not of a part of one.' };
  const model = createDiscreteSchedule(TRAINED);
  const entry = SAMPLERS[sampler];
  const named = namedSchedule(request.schedule, sampler);
  const schedule = resolveSchedule(comfyScheduler(named) === undefined ? 'normal' : named, entry.defaultSchedule);
  const sigmas = runSigmas(entry, { steps, model, schedule, conventions: 'comfyui' });
  const rule = { at: request.refinerSwitchAt, byCalls: request.refinerBySteps };
  const isPast = createSwitch(rule, { schedule: model, calls: steps, isOfTimesteps: false });
  const step = [...sigmas].findIndex((sigma, call) => isPast(call, sigma));
  return { step: step === -1 ? steps : step };
}
