/** Parts of a sampler: sigmas, samplers with their settings, noise, guiders. */
import { dualWeights } from '../../../../guidance';
import { roundHalfEven } from '../../../../math';
import { alignYourStepsComfySigmas } from '../../../../schedules/align-your-steps';
import {
  exponentialRange,
  karrasRange,
  laplaceRange,
  polyexponentialRange,
  vpRange,
} from '../../../../schedules/given-range';
import { GITS_COEFFICIENT, gitsSigmasOf } from '../../../../schedules/gits';
import type { SamplerId, SamplerOptions } from '../../../../samplers';
import type { Place, Runners } from '../graph-walk';
import type { ConditioningValue, GuiderValue, ModelValue, SamplerValue, SigmasValue, TextItem } from '../values';
import { aroundNames, insteadNames } from './guidance';
import { samplerOf, scheduleOf } from './sampling';

export const CUSTOM_SAMPLING_RUNNERS: Runners = {
  sigmas_of_schedule: (at) => [
    scheduled(at, { schedule: scheduleOf(at), steps: at.number('steps'), denoise: at.number('denoise') }),
  ],
  sigmas_turbo: (at) => [scheduled(at, { isTurbo: true, steps: at.number('steps'), denoise: at.number('denoise') })],
  sigmas_beta: (at) => [
    scheduled(at, {
      ...{ schedule: 'beta_comfy', steps: at.number('steps') },
      ...{ betaAlpha: above(at, 'alpha'), betaBeta: above(at, 'beta') },
    }),
  ],
  sigmas_karras: (at) => [listed(at, karrasRange(range(at), above(at, 'rho')))],
  sigmas_exponential: (at) => [listed(at, exponentialRange(range(at)))],
  sigmas_polyexponential: (at) => [listed(at, polyexponentialRange(range(at), at.number('rho')))],
  sigmas_laplace: (at) => [listed(at, laplaceRange(range(at), { mu: at.number('mu'), beta: at.number('beta') }))],
  sigmas_vp: (at) => [
    listed(
      at,
      vpRange(at.number('steps'), {
        ...{ betaD: at.number('beta_d'), betaMin: at.number('beta_min'), epsilon: at.number('eps_s') },
      }),
    ),
  ],
  sigmas_align: (at) => {
    const [type, steps, denoise] = [at.text('model_type'), at.number('steps'), at.number('denoise')];
    const optimisedFor = type.endsWith('1') ? 512 : type.endsWith('XL') ? 1024 : undefined;
    if (!optimisedFor) throw at.stop(`the sigmas of ${type} are of video models, which do not run here.`);
    return [listed(at, lastSteps(alignYourStepsComfySigmas(steps, undefined, { optimisedFor }), denoise))];
  },
  sigmas_gits: (at) => {
    const coefficient = at.number('coeff').toFixed(2);
    if (Number(coefficient) !== GITS_COEFFICIENT)
      throw at.stop(`coeff is ${coefficient}; only ${GITS_COEFFICIENT}, which is usual, runs here.`);
    return [listed(at, lastSteps(gitsSigmasOf(at.number('steps')), at.number('denoise')))];
  },
  sigmas_written: (at) => {
    const found = at.text('sigmas').match(/[-+]?(?:\d*\.*\d+)/g) ?? [];
    return [listed(at, found.map(Number))];
  },
  split_sigmas: (at) => cut(at, ['until', 'from'], at.number('step')),
  split_sigmas_by_share: (at) => cut(at, ['until_share', 'from_share'], at.number('denoise')),
  flip_sigmas: (at) => cut(at, ['flip'], 0),
  set_first_sigma: (at) => cut(at, ['first'], at.number('sigma')),

  choose_sampler: (at) => [sampler(samplerOf(at))],
  sampler_euler_a: (at) => [sampler('euler_ancestral', ancestral(at))],
  sampler_euler_cfg_pp: (at) => {
    if (at.text('version') !== 'regular') throw at.stop('version is alternative; only regular runs here.');
    return [sampler('euler_cfg_pp')];
  },
  sampler_euler_a_cfg_pp: (at) => [sampler('euler_ancestral_cfg_pp', ancestral(at))],
  sampler_dpmpp_2s_a: (at) => [sampler('dpmpp_2s_ancestral', ancestral(at))],
  sampler_dpmpp_sde: (at) => {
    only(at, 'r', 0.5);
    return [ofPath(at, 'dpmpp_sde')];
  },
  sampler_dpmpp_2m_sde: (at) => [ofPath(at, at.text('solver_type') === 'heun' ? 'dpmpp_2m_sde_heun' : 'dpmpp_2m_sde')],
  sampler_dpmpp_3m_sde: (at) => [ofPath(at, 'dpmpp_3m_sde')],
  sampler_lms: (at) => {
    only(at, 'order', 4);
    return [sampler('lms')];
  },
  sampler_adaptive: (at) => {
    for (const [name, value] of ADAPTIVE) only(at, name, value);
    return [sampler('dpm_adaptive', ancestral(at))];
  },

  random_noise: (at) => [{ type: 'NOISE', seed: at.whole('noise_seed') }],
  no_noise: () => [{ type: 'NOISE' }],
  guide_by_one: (at) => {
    const positive = at.take('conditioning', 'CONDITIONING');
    return [{ type: 'GUIDER', model: at.take('model', 'MODEL'), positive, cfg: 1 }];
  },
  guide_by_three: (at) => [guidedByThree(at)],
  guide_by_perp: (at) => {
    const [positive, negative] = [at.take('positive', 'CONDITIONING'), at.take('negative', 'CONDITIONING')];
    const model = at.take('model', 'MODEL');
    for (const name of insteadNames(model))
      at.walk.notices.add(`${name[0].toUpperCase()}${name.slice(1)} has no effect on what PerpNegGuider guides.`);
    const perp = { empty: at.take('empty_conditioning', 'CONDITIONING'), scale: at.number('neg_scale') };
    return [{ type: 'GUIDER', model: { ...model, perp }, positive, negative, cfg: at.number('cfg') }];
  },
  guide_by_two: (at) => {
    const [positive, negative] = [at.take('positive', 'CONDITIONING'), at.take('negative', 'CONDITIONING')];
    return [{ type: 'GUIDER', model: at.take('model', 'MODEL'), positive, negative, cfg: at.number('cfg') }];
  },
};

/** @see ComfyUI comfy_extras/nodes_custom_sampler.py DualCFGGuider */
function guidedByThree(at: Place): GuiderValue {
  const [first, second] = ['cond1', 'cond2'].map((name) => oneText(at, name));
  const cfg = at.number('cfg_cond2_negative');
  const style = at.text('style') === 'nested' ? 'nested' : 'regular';
  const weights = dualWeights(style, { conds: at.number('cfg_conds'), negative: cfg });
  if (!weights) throw at.stop('cfg_cond2_negative is 0, which runs here only where the style is nested.');
  const model = at.take('model', 'MODEL');
  const { pagScale = 0, sagScale = 0 } = model.settings ?? {};
  const [other] = [...insteadNames(model), ...aroundNames(model)];
  if (other !== undefined) throw at.stop(`${other} under two scales does not run here.`);
  if (pagScale !== 0 || sagScale !== 0 || model.perp)
    throw at.stop('PAG, SAG and Perp-Neg under two scales do not run here.');
  const settings = { toWeight: weights.first, fromWeight: weights.second };
  const both: TextItem = {
    ...first,
    wire: (reading) => {
      const inputs = { to: first.wire(reading), from: second.wire(reading) };
      return at.wire('weigh_conditionings', 'conditioning', settings, inputs);
    },
  };
  const nodesOf = ({ controls }: TextItem): string => controls.map(({ node }) => node).join();
  if (nodesOf(first) !== nodesOf(second))
    throw at.stop('cond1 and cond2 are not under the same controls: they must be.');
  const negative: ConditioningValue = { type: 'CONDITIONING', items: [oneText(at, 'negative')] };
  return { type: 'GUIDER', model, positive: { type: 'CONDITIONING', items: [both] }, negative, cfg };
}

/** @throws Stop where there are several, or a part of the picture or of the steps is said */
function oneText(at: Place, name: string): TextItem {
  const { items } = at.take(name, 'CONDITIONING');
  if (items.length > 1 || items[0].place !== undefined || items[0].mask !== undefined)
    throw at.stop(
      `${name} is several texts, or one of a part of the picture or the steps, which does not run here yet.`,
    );
  return items[0];
}

const ADAPTIVE: readonly (readonly [name: string, value: number])[] = [
  ['order', 3],
  ['rtol', 0.05],
  ['atol', 0.0078],
  ['h_init', 0.05],
  ['pcoeff', 0],
  ['icoeff', 1],
  ['dcoeff', 0],
  ['accept_safety', 0.81],
];

/** @throws Stop */
function only(at: Place, name: string, value: number): void {
  if (at.number(name) !== value) throw at.stop(`${name} is ${at.number(name)}; only ${value} runs here.`);
}

/** @throws Stop where it is 0 */
function above(at: Place, name: string): number {
  const value = at.number(name);
  if (value > 0) return value;
  throw at.stop(`${name} must be more than 0.`);
}

const sampler = (id: SamplerId, options: Partial<SamplerOptions> = {}): SamplerValue => ({
  type: 'SAMPLER',
  sampler: id,
  options,
});

const ancestral = (at: Place) => ({ eta: at.number('eta'), sNoise: at.number('s_noise') });

function ofPath(at: Place, id: SamplerId): SamplerValue {
  if (at.text('noise_device') === 'gpu')
    at.walk.notices.add(`${id} draws its noise on the GPU in this graph; here it is drawn as on the CPU.`);
  return sampler(id, ancestral(at));
}

function range(at: Place) {
  const [sigmaMin, sigmaMax] = [above(at, 'sigma_min'), above(at, 'sigma_max')];
  return { steps: at.number('steps'), sigmaMin, sigmaMax };
}

/** So much of a schedule as is left to do. */
function lastSteps(all: Float64Array, denoise: number): Float64Array {
  if (denoise <= 0) return all.subarray(0, 0);
  const steps = all.length - 1;
  return all.slice(-((denoise < 1 ? roundHalfEven(steps * denoise) : steps) + 1));
}

const listed = (at: Place, sigmas: ArrayLike<number>): SigmasValue => ({
  type: 'SIGMAS',
  wire: at.wire('list_sigmas', 'sigmas', { values: Array.from(sigmas, String).join(',') }),
});

function scheduled(at: Place, settings: object): SigmasValue {
  const { model, settings: said }: ModelValue = at.take('model', 'MODEL');
  const { sampling = 'own', zeroTerminalSnr = false } = said ?? {};
  const own = { ...settings, sampling, zeroTerminalSnr };
  return { type: 'SIGMAS', wire: at.wire('schedule_sigmas', 'sigmas', own, { model }) };
}

const cut = (at: Place, ways: readonly string[], amount: number): SigmasValue[] => {
  const { wire: sigmas } = at.take('sigmas', 'SIGMAS');
  return ways.map((how) => ({
    type: 'SIGMAS',
    wire: at.wire('cut_sigmas', 'sigmas', { how, amount }, { sigmas }, how),
  }));
};
