/** KSampler, its advanced form, and the samplers of parts. */
import { findSampler } from '../../../../recipe/sampler-name';
import type { SamplerId } from '../../../../samplers';
import { findSchedule, type ScheduleId } from '../../../../schedules';
import type { Place, Runners } from '../graph-walk';
import type { KSampling, LatentValue } from '../values';
import { painted } from './painting';

/** ComfyUI takes the whole from here on. */
const WHOLE = 0.9999;

export const SAMPLING_RUNNERS: Runners = {
  sample: (at) => [sampled(at)],
  sample_part: (at) => [sampledInPart(at)],
  sample_custom: (at) => {
    const { sampler, options } = at.take('sampler', 'SAMPLER');
    const { output, denoised } = painted(at, at.take('latent_image', 'LATENT'), {
      model: at.take('model', 'MODEL'),
      positive: at.take('positive', 'CONDITIONING'),
      negative: at.take('negative', 'CONDITIONING'),
      cfg: at.number('cfg'),
      ...{ sampler, sigmas: at.take('sigmas', 'SIGMAS').wire, seed: at.whole('noise_seed') },
      settings: { ...options, addsNoise: at.isOn('add_noise') },
    });
    return [output, denoised];
  },
  sample_guided: (at) => {
    const { seed } = at.take('noise', 'NOISE');
    const { sampler, options } = at.take('sampler', 'SAMPLER');
    const { model, positive, negative, cfg } = at.take('guider', 'GUIDER');
    const { output, denoised } = painted(at, at.take('latent_image', 'LATENT'), {
      ...{ model, positive, negative, cfg, sampler },
      ...{ sigmas: at.take('sigmas', 'SIGMAS').wire, seed: seed ?? 0 },
      settings: { ...options, addsNoise: seed !== undefined },
    });
    return [output, denoised];
  },
};

/** What travels as parts of a node. */
export type Sides = Pick<KSampling, 'model' | 'positive' | 'negative'>;

export const sidesOf = (at: Place): Sides => ({
  model: at.take('model', 'MODEL'),
  positive: at.take('positive', 'CONDITIONING'),
  negative: at.take('negative', 'CONDITIONING'),
});

/** Samples with the widgets of KSampler. */
export function sampled(at: Place): LatentValue {
  const denoise = at.number('denoise');
  const latent = at.take('latent_image', 'LATENT');
  return denoise <= 0 ? latent : sampledSo(at, latent, samplingOf(at, sidesOf(at)));
}

/** What the widgets of KSampler say. */
export const samplingOf = (at: Place, sides: Sides): KSampling => ({
  ...sides,
  ...{ cfg: at.number('cfg'), steps: at.number('steps'), sampler: samplerOf(at), schedule: scheduleOf(at) },
  ...{ seed: at.whole('seed'), denoise: at.number('denoise') },
});

/** @param more  what else `sample` is told */
export function sampledSo(
  at: Place,
  latent: LatentValue,
  { denoise, schedule, ...how }: KSampling,
  more: object = {},
): LatentValue {
  if (denoise <= 0) return latent;
  const isPart = denoise < WHOLE;
  const { isEmpty } = latent.items[0];
  const settings = {
    schedule,
    ...(isEmpty && !isPart ? {} : { denoisingStrength: isPart ? denoise : 1 }),
    ...more,
  };
  return painted(at, latent, { ...how, settings, beginsPartWay: isPart }).output;
}

/** Samples with the widgets of KSamplerAdvanced. */
export function sampledInPart(at: Place, sides?: Sides): LatentValue {
  const latent = at.take('latent_image', 'LATENT');
  const steps = at.number('steps');
  const [startStep, endStep] = [at.number('start_at_step'), Math.min(at.number('end_at_step'), steps)];
  if (startStep >= endStep) return latent;
  const settings = {
    schedule: scheduleOf(at),
    ...(latent.items[0].isEmpty ? {} : { denoisingStrength: 1 }),
    startStep,
    ...(endStep < steps && { endStep, keepsNoise: at.isOn('return_with_leftover_noise') }),
    addsNoise: at.isOn('add_noise'),
  };
  const how = { ...(sides ?? sidesOf(at)), cfg: at.number('cfg'), steps, sampler: samplerOf(at) };
  return painted(at, latent, { ...how, seed: at.whole('noise_seed'), settings }).output;
}

export function samplerOf(at: Place): SamplerId {
  const said = at.text('sampler_name').replace(/^sample_/, '');
  const name = said.replace(/_gpu$/, '');
  const sampler = findSampler(name);
  if (sampler !== name) throw at.stop(`the sampler ${said} does not run here.`);
  if (said !== name) at.walk.notices.add(`${said} draws its noise on the GPU; here it is drawn as without "_gpu".`);
  return sampler;
}

export function scheduleOf(at: Place): ScheduleId {
  const name = at.text('scheduler');
  const schedule = findSchedule(name, 'comfyui');
  if (!schedule) throw at.stop(`the scheduler ${name} does not run here${instead(name)}.`);
  return schedule;
}

/** Schedulers that packs add to samplers, and that nodes of ComfyUI have too. */
function instead(name: string): string {
  const node = /^AYS/.test(name) ? 'AlignYourStepsScheduler' : /^GITS/.test(name) ? 'GITSScheduler' : undefined;
  return node === undefined ? '' : `; ${node} with SamplerCustom does`;
}
