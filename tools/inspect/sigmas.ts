/** `sigmas`: the noise levels of a run. */
import { familyOf, publishedFamilies, USUAL_FAMILY } from '../../src/core/families';
import { runSigmas } from '../../src/core/samplers';
import {
  buildSigmas,
  createDiscreteSchedule,
  findSchedule,
  resolveSchedule,
  SCHEDULES,
  type Conventions,
  type ScheduleId,
} from '../../src/core/schedules';
import { needed, UsageError, type Arguments } from './arguments';
import { DIALECT, readChoice, readDialect, readSampler, SAMPLER } from './names';
import type { Question } from './question';
import { SD_CONFIG } from './sd-schedule';

const MAX_STEPS = 1000;

export const SIGMAS: Question = {
  summary: 'the noise levels of a run with a model of SD 1, 2 or XL: {"sigmas":[...]}',
  examples: ['sigmas --schedule karras --steps 20 --family sd15', 'sigmas --sampler dpmpp_3m_sde --steps 10'],
  options: {
    schedule: { value: 'name', help: 'an id, an A1111 name or a ComfyUI name (default: automatic)' },
    steps: { value: 'n', help: `1 to ${MAX_STEPS}` },
    family: {
      value: 'name',
      help: `whose table Align Your Steps has: ${publishedFamilies().join(', ')} (default: ${USUAL_FAMILY})`,
    },
    sampler: { ...SAMPLER, help: 'says what automatic is, and may drop a sigma or have its own' },
    dialect: DIALECT,
    'sigma-min': { value: 'x', help: "instead of the model's" },
    'sigma-max': { value: 'x', help: "instead of the model's" },
    rho: { value: 'x', help: 'of karras (7) and polyexponential (1)' },
    'beta-alpha': { value: 'x', help: 'of beta (0.6)' },
    'beta-beta': { value: 'x', help: 'of beta (0.6)' },
    'discard-penultimate': { help: 'make one step more, then drop the sigma before the last' },
    'zero-snr': { help: 'zero terminal SNR' },
    timesteps: {
      value: 'fractional|nearest',
      help: 'adds "timesteps":[...], what the U-Net is told of each sigma above 0',
    },
  },
  ask(args) {
    args.noText();
    const conventions = readDialect(args);
    const timesteps = readChoice(args, 'timesteps', ['fractional', 'nearest']);
    const model = createDiscreteSchedule(SD_CONFIG, { conventions, zeroTerminalSnr: args.has('zero-snr'), timesteps });
    const sampler = readSampler(args)?.entry;
    const schedule = readSchedule(args, conventions);
    const plan = {
      schedule: sampler ? resolveSchedule(schedule, sampler.defaultSchedule) : schedule,
      steps: needed('steps', args.number('steps', { min: 1, max: MAX_STEPS, whole: true })),
      model,
      discardPenultimate: args.has('discard-penultimate'),
      options: {
        optimisedFor: familyOf(readChoice(args, 'family', publishedFamilies()) ?? USUAL_FAMILY).optimisedFor,
        sigmaMin: args.number('sigma-min', { min: 0 }),
        sigmaMax: args.number('sigma-max', { min: 0 }),
        rho: args.number('rho', { min: 0 }),
        betaAlpha: args.number('beta-alpha', { min: 0 }),
        betaBeta: args.number('beta-beta', { min: 0 }),
      },
    };
    const sigmas = [...(sampler ? runSigmas(sampler, { ...plan, conventions }) : buildSigmas(plan))];
    if (timesteps === undefined) return { sigmas };
    const seen = sampler?.modelSchedule?.(model) ?? model;
    return { sigmas, timesteps: sigmas.filter((sigma) => sigma > 0).map((sigma) => seen.sigmaToT(sigma)) };
  },
};

function readSchedule(args: Arguments, conventions: Conventions): ScheduleId {
  const word = args.word('schedule') ?? 'automatic';
  const id = findSchedule(word, conventions);
  if (id !== undefined) return id;
  throw new UsageError(`--schedule "${word}" is not known; there are ${Object.keys(SCHEDULES).join(', ')}.`);
}
