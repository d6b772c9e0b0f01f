/** One run of two models: where the first stops, and what the second goes on from. */
import { AppError } from '../../../core/errors';
import { createSwitch } from '../../../core/samplers/switch-point';
import type { SettingsOf } from '../../../core/workflow';
import type { Model } from '../../models/model';
import type { Begun, PlanBasis } from '../implementation';
import type { DenoiserOptions } from './denoiser';
import { seesMask } from './image-condition';
import { sampledSchedule } from './sampled-model';
import type { SamplingPlan } from './sampling-plan';

export function basisOf(model: Model): PlanBasis {
  const { noise, latentChannels, latentFactor, optimisedFor } = model.traits;
  return { noise, latentChannels, latentFactor, optimisedFor, seesMask: seesMask(model) };
}

/** What the run was planned by that this model takes part in. @throws AppError 'bad-request' where it has other latents */
export function commonBasis(begun: Begun | undefined, model: Model): PlanBasis {
  const own = basisOf(model);
  if (!begun) return own;
  const { basis } = begun;
  if (basis.latentChannels !== own.latentChannels || basis.latentFactor !== own.latentFactor)
    throw new AppError('bad-request', `${model.entry.name} has other latents: it cannot go on with this picture.`);
  return basis;
}

/** Thrown through the sampler where the other model's turn has come. */
export class Handover extends Error {
  /** The latent that it is to be asked about. */
  x: Float32Array | undefined;
}

type Settings = Pick<
  SettingsOf<'sample'>,
  'switchAt' | 'switchesByCalls' | 'sampling' | 'conventions' | 'zeroTerminalSnr' | 'timestepRounding'
>;

/** Undefined where one model paints all of it. @param begun  what this model goes on from, where it is the second @param handover  thrown by the first */
export function modelAt(
  { switchAt: at, switchesByCalls: byCalls }: Settings,
  plan: SamplingPlan,
  { begun, handover }: { begun: Begun | undefined; handover: Handover },
): DenoiserOptions['modelAt'] {
  if (at < 0) return undefined;
  const { schedule, calls } = plan;
  const isPast = createSwitch(
    { at, byCalls },
    { schedule, calls, isOfTimesteps: plan.sampler.variancePreserving === true },
  );
  return (call, sigma, x) => {
    if (!isPast(call, sigma)) return 'first';
    if (begun || !x) return 'second';
    handover.x = x;
    throw handover;
  };
}

/** The plan with the schedule that this model was trained with, as the sampler sees it. */
export function askedBy(model: Model, plan: SamplingPlan, settings: Settings): SamplingPlan {
  const schedule = sampledSchedule(model.traits.noise, settings);
  return { ...plan, schedule: plan.sampler.modelSchedule?.(schedule) ?? schedule };
}
