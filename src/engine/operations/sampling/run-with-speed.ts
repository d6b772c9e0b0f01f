/** The sampler's run; what is faster than exact tells how much of it the model did. */
import { maskedDenoiser } from '../../../core/masking';
import { runSampler, type SamplerEntry } from '../../../core/samplers';
import { forecasts, madeSteps, runWithForecasts, type ForecastRun, type SpeedEntry } from '../../../core/speed';
import type { EventListener } from '../../api';
import type { AroundGuidance } from './around-guidance';
import type { Denoiser } from './denoiser';
import type { SamplingPlan } from './sampling-plan';

interface Run {
  run: Omit<ForecastRun, 'ask' | 'keyAt' | 'channels' | 'cfgScale'>;
  denoiser: Denoiser;
  around: Pick<AroundGuidance, 'remembers'>;
  plan: SamplingPlan;
  /** The step that was reported last. */
  steps: { reported: number };
  onEvent: EventListener;
  /** What was left out so far. */
  notices: string[];
}

export async function runWithSpeed(
  speed: SpeedEntry,
  { run, denoiser, around, plan, steps, onEvent, notices }: Run,
): Promise<Float32Array> {
  const { masking, sampler, options } = plan;
  const wrap = (plain: Pick<Denoiser, 'denoise' | 'denoiseBoth'>) => (masking ? maskedDenoiser(plain, masking) : plain);
  const remembered = around.remembers ? 'guidance with a momentum counts every step' : undefined;
  const why = speed.share === 1 ? undefined : (remembered ?? unfit(sampler, plan.sigmas.length - 1, speed));
  if (why !== undefined) notices.push(nothingForecast(why));
  if (speed.share === 1 || why !== undefined) return runSampler(sampler, { ...run, ...wrap(denoiser) }, options);
  const { ask, keyAt } = denoiser;
  const onBegin = () => void (steps.reported = -1);
  const [channels] = plan.latentDims;
  const forecast = { ...run, ask, keyAt, channels, cfgScale: plan.cfgScale, wrap, onBegin };
  const { latent, calls, made } = await runWithForecasts(sampler, forecast, { options, speed });
  onEvent({ type: 'forecasts', calls, made });
  if (made === calls) notices.push(nothingForecast('nothing could be taken from one step to the next'));
  return latent;
}

/** Why nothing can be forecast, where that is known before. */
function unfit(sampler: SamplerEntry, steps: number, speed: SpeedEntry): string | undefined {
  if (!forecasts(sampler)) return `${sampler.label} decides by itself how many steps it takes`;
  if (madeSteps(steps, speed)) return undefined;
  return `a run of ${steps === 1 ? '1 step' : `${steps} steps`} has too little to forecast from`;
}

const nothingForecast = (why: string): string =>
  `Nothing was forecast: ${why}. The picture is as exact as without Speed.`;
