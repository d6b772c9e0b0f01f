/** What a sampler's node and those before it say about sampling. */
import type { Note, Recipe } from '../infotext';
import { findSampler } from '../infotext/sampler-name';
import { toSeedValue } from '../seed-value';
import { findSchedule, type ScheduleId } from '../schedules';
import type { SamplerId } from '../samplers';
import type { GraphNode, Literal } from './graph';
import type { Walk } from './walk';

export interface Sampling {
  recipe: Partial<Recipe>;
  denoise: number;
  /** Of KSamplerAdvanced. */
  startAt: number;
  endAt: number;
  addsNoise: boolean;
  model: GraphNode | undefined;
  positive: GraphNode | undefined;
  negative: GraphNode | undefined;
}

/** Samplers that are set up in nodes of their own. */
const SAMPLER_NODES: Readonly<Record<string, SamplerId>> = {
  SamplerEulerAncestral: 'euler_ancestral',
  SamplerDPMPP_2M_SDE: 'dpmpp_2m_sde',
  SamplerDPMPP_3M_SDE: 'dpmpp_3m_sde',
  SamplerDPMPP_SDE: 'dpmpp_sde',
  SamplerDPMPP_2S_Ancestral: 'dpmpp_2s_ancestral',
  SamplerLMS: 'lms',
};

const SCHEDULE_NODES: Readonly<Record<string, ScheduleId>> = {
  KarrasScheduler: 'karras',
  ExponentialScheduler: 'exponential',
  PolyexponentialScheduler: 'polyexponential',
  BetaSamplingScheduler: 'beta_comfy',
  SDTurboScheduler: 'sd_turbo',
  AlignYourStepsScheduler: 'align_your_steps_comfy',
};

export function readSampling(walk: Walk, node: GraphNode, notes: Note[]): Sampling {
  const guider = walk.source(node, 'guider');
  const sigmas = walk.source(node, 'sigmas') ?? node;
  const conditioned = guider ?? node;
  const isBasic = guider?.type === 'BasicGuider';
  const recipe: Record<string, unknown> = {
    steps: walk.number(sigmas, 'steps'),
    cfgScale: isBasic ? 1 : walk.number(conditioned, 'cfg'),
    seed: readSeed(walk.value(walk.source(node, 'noise') ?? node, 'noise_seed', 'seed')),
    ...readSamplerNode(walk, walk.source(node, 'sampler') ?? node, notes),
    ...readScheduleNode(walk, sigmas, notes),
  };
  return {
    recipe: Object.fromEntries(Object.entries(recipe).filter(([, value]) => value !== undefined)),
    denoise: walk.number(sigmas, 'denoise') ?? 1,
    startAt: walk.number(node, 'start_at_step') ?? 0,
    endAt: walk.number(node, 'end_at_step') ?? Infinity,
    addsNoise: walk.value(node, 'add_noise') !== 'disable' && walk.value(node, 'add_noise') !== false,
    model: walk.source(conditioned, 'model') ?? walk.source(sigmas, 'model'),
    positive: walk.source(conditioned, 'positive', 'conditioning'),
    negative: walk.source(conditioned, 'negative'),
  };
}

function readSeed(value: Literal | undefined): Recipe['seed'] {
  const isDigits = typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  return isDigits ? toSeedValue(BigInt(value)) : Number.isSafeInteger(value) ? (value as number) : undefined;
}

function readSamplerNode(walk: Walk, node: GraphNode, notes: Note[]): Partial<Recipe> {
  const own = Object.hasOwn(SAMPLER_NODES, node.type) ? SAMPLER_NODES[node.type] : undefined;
  const name = own ?? walk.text(node, 'sampler_name');
  if (name === undefined) return {};
  const sampler = own ?? findSampler(name) ?? findSampler(name.replace(/_cfg_pp$|_bh2$/, ''));
  if (!sampler || (sampler !== name && !name.endsWith('_gpu')))
    notes.push({
      key: 'Sampler',
      message: `Sampler "${name}" is not known here: ${sampler ?? 'euler'} takes its place.`,
    });
  if (name.endsWith('_gpu'))
    notes.push({
      key: 'Sampler',
      message: `"${name}" draws its noise on the GPU; here it is drawn as without "_gpu".`,
    });
  const [eta, sNoise] = own ? [walk.number(node, 'eta'), walk.number(node, 's_noise')] : [];
  return { sampler: sampler ?? 'euler', eta, sNoise };
}

function readScheduleNode(walk: Walk, node: GraphNode, notes: Note[]): Partial<Recipe> {
  if (Object.hasOwn(SCHEDULE_NODES, node.type)) {
    const [betaAlpha, betaBeta] = [walk.number(node, 'alpha'), walk.number(node, 'beta')];
    const [sigmaMin, sigmaMax, rho] = ['sigma_min', 'sigma_max', 'rho'].map((name) => walk.number(node, name));
    return { schedule: SCHEDULE_NODES[node.type], sigmaMin, sigmaMax, rho, betaAlpha, betaBeta };
  }
  const name = walk.text(node, 'scheduler');
  if (name === undefined) return {};
  const schedule = findSchedule(name, 'comfyui');
  if (!schedule)
    notes.push({ key: 'Schedule type', message: `Scheduler "${name}" is not known here: normal takes its place.` });
  return { schedule: schedule ?? 'normal' };
}
