/** Sigmas of graphs: a schedule's, written ones, parts of others. */
import { AppError } from '../../core/errors';
import { buildSigmas } from '../../core/schedules';
import { cutSigmas } from '../../core/schedules/cut-sigmas';
import { turboPart } from '../../core/schedules/turbo';
import { oneByOne, type Implementation } from './implementation';
import { sampledSchedule } from './sampling/sampled-model';

/** @see ComfyUI comfy_extras/nodes_custom_sampler.py BasicScheduler, BetaSamplingScheduler, SDTurboScheduler */
export const scheduleSigmas: Implementation<'schedule_sigmas'> = {
  run: oneByOne(async ({ settings, inputs: { model: reference } }, { models }) => {
    const { traits } = await models.get(reference);
    const { denoise, steps, schedule, isTurbo } = settings;
    const model = sampledSchedule(traits.noise, { ...settings, conventions: 'comfyui', timestepRounding: 'auto' });
    if (isTurbo) return { outputs: { sigmas: turboPart(steps, denoise, model) } };
    if (denoise <= 0) return { outputs: { sigmas: new Float64Array(0) } };
    const all = denoise < 1 ? Math.trunc(steps / denoise) : steps;
    const options = { ...settings, optimisedFor: traits.optimisedFor };
    return { outputs: { sigmas: buildSigmas({ schedule, steps: all, model, options }).slice(-(steps + 1)) } };
  }),
};

export const listSigmas: Implementation<'list_sigmas'> = {
  run: oneByOne(({ settings: { values } }) => {
    const sigmas = values === '' ? [] : values.split(',').map(Number);
    if (!sigmas.every((sigma) => sigma >= 0 && sigma < Infinity))
      throw new AppError('bad-request', `Sigmas are numbers from 0 on, with commas between; not "${values}".`);
    return Promise.resolve({ outputs: { sigmas: Float64Array.from(sigmas) } });
  }),
};

export const cutSigmasOperation: Implementation<'cut_sigmas'> = {
  run: oneByOne(({ settings: { how, amount }, inputs: { sigmas } }) =>
    Promise.resolve({ outputs: { sigmas: cutSigmas(sigmas, how, amount) } }),
  ),
};
