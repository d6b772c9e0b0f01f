/** Samplers: here texts are read, controls fitted, and empty latents made. */
import { usesNegative } from '../../../../guidance';
import { findSampler } from '../../../../recipe/sampler-name';
import { toSeedValue } from '../../../../recipe/seed-value';
import { SAMPLERS, type SamplerEntry, type SamplerId } from '../../../../samplers';
import { findSchedule } from '../../../../schedules';
import { wire as wireOf } from '../../../../workflow/make-node';
import type { Wire } from '../../../../workflow';
import type { Place, Runners } from '../graph-walk';
import type { ConditioningValue, LatentValue, ModelValue } from '../values';

/** ComfyUI takes the whole from here on. */
const WHOLE = 0.9999;

export const SAMPLING_RUNNERS: Runners = {
  sample: (at) => {
    const denoise = at.number('denoise');
    const latent = at.take('latent_image', 'LATENT');
    if (denoise <= 0) return [latent];
    if (latent.isEmpty && denoise < WHOLE)
      throw at.stop(`denoise is ${denoise}, which begins with a picture; an empty latent needs 1.`);
    const strength = denoise < WHOLE ? denoise : 1;
    return [
      sampled(at, latent, { seed: at.whole('seed'), own: latent.isEmpty ? {} : { denoisingStrength: strength } }),
    ];
  },
  sample_part: (at) => {
    const latent = at.take('latent_image', 'LATENT');
    const steps = at.number('steps');
    const [startStep, endStep] = [at.number('start_at_step'), Math.min(at.number('end_at_step'), steps)];
    if (startStep >= endStep) return [latent];
    const own = {
      ...(latent.isEmpty ? {} : { denoisingStrength: 1 }),
      startStep,
      ...(endStep < steps && { endStep, keepsNoise: at.isOn('return_with_leftover_noise') }),
      addsNoise: at.isOn('add_noise'),
    };
    return [sampled(at, latent, { seed: at.whole('noise_seed'), own })];
  },
};

function sampled(at: Place, latent: LatentValue, { seed, own }: { seed: number | bigint; own: object }): LatentValue {
  const model = at.take('model', 'MODEL');
  const near = { model: model.model, base: model.base };
  const sampler = samplerOf(at);
  const settings = {
    ...{ steps: at.number('steps'), cfgScale: at.number('cfg'), seed: toSeedValue(BigInt(seed)) },
    ...{ sampler, schedule: scheduleOf(at), noise: 'comfyui', conventions: 'comfyui' },
    ...(latent.mask && { maskMode: 'comfyui' }),
    ...own,
  };
  const start = latent.wire(near);
  const made = at.wire('sample', 'latent', settings, {
    ...{ model: model.model, latent: start, ...textsOf(at, sampler) },
    ...(latent.mask && { mask: latent.mask }),
    ...controlsOf(at, model, start),
  });
  return { ...latent, type: 'LATENT', wire: () => made, near, isEmpty: false };
}

function samplerOf(at: Place): SamplerId {
  const said = at.text('sampler_name').replace(/^sample_/, '');
  const name = said.replace(/_gpu$/, '');
  const sampler = findSampler(name);
  if (sampler !== name) throw at.stop(`the sampler ${said} does not run here.`);
  if (said !== name) at.walk.notices.add(`${said} draws its noise on the GPU; here it is drawn as without "_gpu".`);
  return sampler;
}

function scheduleOf(at: Place) {
  const name = at.text('scheduler');
  const schedule = findSchedule(name, 'comfyui');
  if (!schedule) throw at.stop(`the scheduler ${name} does not run here.`);
  return schedule;
}

/** The negative text only where it has a share in the picture. */
function textsOf(at: Place, sampler: SamplerId): Record<string, Wire> {
  const { countsDouble, needsUncond = false, cfgScaleFactor = 1 }: SamplerEntry = SAMPLERS[sampler];
  const calls = at.number('steps') * (countsDouble ? 2 : 1);
  const encode = (side: 'positive' | 'negative', own: object = {}): Wire => {
    const { node, text, clip } = at.take(side, 'CONDITIONING');
    const settings = { text, dialect: 'comfyui', clipSkip: clip.skip, calls, ...own };
    const id = at.walk.add(`${node} ${side}`, 'encode_text', settings, { model: clip.model });
    return wireOf(id, 'conditioning');
  };
  const positive = encode('positive');
  if (!needsUncond && !usesNegative([1], at.number('cfg') * cfgScaleFactor)) return { positive };
  return { positive, negative: encode('negative', { isNegative: true }) };
}

/** Both sides must be under the same ones: so the engine has it. */
function controlsOf(at: Place, { model }: ModelValue, latent: Wire): { control?: Wire } {
  const [positive, negative] = ['positive', 'negative'].map((side) => at.take(side, 'CONDITIONING'));
  const nodesOf = ({ controls }: ConditioningValue) => controls.map(({ node }) => node).join();
  const isSame = nodesOf(positive) === nodesOf(negative);
  if (!isSame && !(positive.controlsBoth && negative.controls.length === 0))
    throw at.stop('only one of its two sides is under control, or by others than the other: both must be.');
  let control: Wire | undefined;
  for (const { node, control: id, hint, weight, start, end } of positive.controls) {
    const fitted = at.walk.add(`${node} hint for ${at.id}`, 'fit_to_latent', {}, { model, image: hint, latent });
    const unit = at.walk.add(
      `${node} for ${at.id}`,
      'apply_control',
      { control: id, weight, start, end, range: 'comfyui' },
      { hint: wireOf(fitted, 'image'), ...(control && { control }) },
    );
    control = wireOf(unit, 'control');
  }
  return control ? { control } : {};
}
