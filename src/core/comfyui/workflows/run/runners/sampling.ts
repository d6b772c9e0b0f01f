/** KSampler, its advanced form, and the samplers of parts. */
import { findSampler } from '../../../../recipe/sampler-name';
import type { SamplerId } from '../../../../samplers';
import { findSchedule, type ScheduleId } from '../../../../schedules';
import type { Place, Runners } from '../graph-walk';
import type { LatentValue } from '../values';
import { painted } from './painting';

/** ComfyUI takes the whole from here on. */
const WHOLE = 0.9999;

export const SAMPLING_RUNNERS: Runners = {
  sample: (at) => [sampled(at)],
  sample_part: (at) => {
    const latent = at.take('latent_image', 'LATENT');
    const steps = at.number('steps');
    const [startStep, endStep] = [at.number('start_at_step'), Math.min(at.number('end_at_step'), steps)];
    if (startStep >= endStep) return [latent];
    const settings = {
      schedule: scheduleOf(at),
      ...(latent.items[0].isEmpty ? {} : { denoisingStrength: 1 }),
      startStep,
      ...(endStep < steps && { endStep, keepsNoise: at.isOn('return_with_leftover_noise') }),
      addsNoise: at.isOn('add_noise'),
    };
    return [painted(at, latent, { ...common(at), seed: at.whole('noise_seed'), settings }).output];
  },
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

/** Samples with the widgets of KSampler. */
export function sampled(at: Place): LatentValue {
  const denoise = at.number('denoise');
  const latent = at.take('latent_image', 'LATENT');
  if (denoise <= 0) return latent;
  const isPart = denoise < WHOLE;
  const { isEmpty } = latent.items[0];
  const settings = {
    schedule: scheduleOf(at),
    ...(isEmpty && !isPart ? {} : { denoisingStrength: isPart ? denoise : 1 }),
  };
  return painted(at, latent, { ...common(at), seed: at.whole('seed'), settings, beginsPartWay: isPart }).output;
}

function common(at: Place) {
  return {
    model: at.take('model', 'MODEL'),
    positive: at.take('positive', 'CONDITIONING'),
    negative: at.take('negative', 'CONDITIONING'),
    cfg: at.number('cfg'),
    steps: at.number('steps'),
    sampler: samplerOf(at),
  };
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
  if (!schedule) throw at.stop(`the scheduler ${name} does not run here.`);
  return schedule;
}
