/** What a sampler's node and those before it say about sampling. */
import type { Note, Recipe } from '../recipe/infotext';
import { findSampler } from '../recipe/sampler-name';
import { toSeedValue } from '../recipe/seed-value';
import { findSchedule, type ScheduleId } from '../schedules';
import type { SamplerId } from '../samplers';
import type { PromptNode, Literal } from './graph';
import { extrasOf } from './extras';
import { isKnownSampler } from './sampler-nodes';
import type { Found, Walk } from './walk';

export interface Sampling {
  recipe: Partial<Recipe>;
  denoise: number;
  /** Steps between which KSamplerAdvanced runs. */
  startAt: number;
  endAt: number;
  addsNoise: boolean;
  model: Found | undefined;
  positive: Found | undefined;
  negative: Found | undefined;
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

export function readSampling(walk: Walk, node: PromptNode, notes: Note[]): Sampling {
  const guider = past(walk, walk.source(node, 'guider'), 'guider', ['cfg', 'positive', 'conditioning']);
  const sigmas = past(walk, walk.source(node, 'sigmas'), 'sigmas', ['steps', 'steps_total', 'scheduler']) ?? node;
  const conditioned = guider ?? node;
  const isBasic = guider?.type === 'BasicGuider';
  const noised = walk.source(node, 'noise') ?? node;
  const recipe: Record<string, unknown> = {
    steps: toNumber(walk.wanted(sigmas, 'steps', 'steps_total')),
    cfgScale: isBasic ? 1 : toNumber(walk.wanted(conditioned, 'cfg', 'cfg_conds')),
    seed: readSeed(walk.wanted(noised, 'noise_seed', 'seed', 'seed_num')),
    ...readSamplerNode(walk, past(walk, walk.source(node, 'sampler'), 'sampler', ['sampler_name']) ?? node, notes),
    ...readScheduleNode(walk, sigmas, notes),
    ...readVariation(walk, node),
  };
  const hasNoise = walk.value(node, 'add_noise');
  return {
    recipe: Object.fromEntries(Object.entries(recipe).filter(([, value]) => value !== undefined)),
    denoise: walk.number(sigmas, 'denoise') ?? 1,
    startAt: walk.number(node, 'start_at_step') ?? 0,
    endAt: walk.number(node, 'end_at_step') ?? Infinity,
    addsNoise: hasNoise !== 'disable' && hasNoise !== false,
    model: walk.origin(conditioned, 'model') ?? walk.origin(sigmas, 'model'),
    positive: walk.origin(conditioned, 'positive', 'conditioning'),
    negative: walk.origin(conditioned, 'negative'),
  };
}

const MOST_WRAPPERS = 32;

/** Nodes that change a sampler, sigmas or a guider and hand it on: up to what says something, each of them passed. */
function past(
  walk: Walk,
  start: PromptNode | undefined,
  input: string,
  says: readonly string[],
): PromptNode | undefined {
  let node = start;
  for (let i = 0; node && i < MOST_WRAPPERS; i++) {
    const { inputs } = node;
    const inner = inputs.has(input) && !says.some((name) => inputs.has(name)) ? walk.source(node, input) : undefined;
    if (!inner) return node;
    walk.passed.add(node.type);
    node = inner;
  }
  return node;
}

function toNumber(value: Literal | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Beyond KSampler: where noise comes from, and variations. What of it is read needs no note. */
const READ: ReadonlySet<string> = new Set([
  'noise_mode',
  'variation_seed',
  'variation_strength',
  'var_seed',
  'var_seed_strength',
  'rng_source',
]);

/** @see ltdrdata/ComfyUI-Inspire-Pack; SwarmUI's SwarmKSampler */
function readVariation(walk: Walk, node: PromptNode): Partial<Recipe> {
  const strength = walk.number(node, 'variation_strength', 'var_seed_strength') ?? 0;
  const source = walk.text(node, 'noise_mode', 'rng_source') ?? '';
  return {
    ...(strength > 0 && {
      variationSeed: readSeed(walk.value(node, 'variation_seed', 'var_seed')) ?? 0,
      variationStrength: strength,
    }),
    // The GPU of A1111 is an NVIDIA card.
    ...(/^(gpu|nv|cuda)/i.test(source) && { noise: 'nv' }),
  };
}

/** What is not carried over of a sampler that is not ComfyUI's. */
export function noteSampler(node: PromptNode): Note[] {
  const extras = extrasOf(node, READ);
  if (isKnownSampler(node) || extras.length > 0) return extras;
  return [{ key: node.type, message: `The sampler "${node.type}" is not known here: it is read as KSampler.` }];
}

function readSeed(value: Literal | undefined): Recipe['seed'] {
  const isDigits = typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  return isDigits ? toSeedValue(BigInt(value)) : Number.isSafeInteger(value) ? (value as number) : undefined;
}

function readSamplerNode(walk: Walk, node: PromptNode, notes: Note[]): Partial<Recipe> {
  const own = Object.hasOwn(SAMPLER_NODES, node.type) ? SAMPLER_NODES[node.type] : undefined;
  const wanted = own ?? walk.wanted(node, 'sampler_name');
  const name = typeof wanted === 'string' ? wanted : undefined;
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

function readScheduleNode(walk: Walk, node: PromptNode, notes: Note[]): Partial<Recipe> {
  if (Object.hasOwn(SCHEDULE_NODES, node.type)) {
    const [betaAlpha, betaBeta] = [walk.number(node, 'alpha'), walk.number(node, 'beta')];
    const [sigmaMin, sigmaMax, rho] = ['sigma_min', 'sigma_max', 'rho'].map((name) => walk.number(node, name));
    return { schedule: SCHEDULE_NODES[node.type], sigmaMin, sigmaMax, rho, betaAlpha, betaBeta };
  }
  const wanted = walk.wanted(node, 'scheduler');
  const name = typeof wanted === 'string' ? wanted : undefined;
  if (name === undefined) return {};
  const schedule = findSchedule(name, 'comfyui');
  if (!schedule)
    notes.push({ key: 'Schedule type', message: `Scheduler "${name}" is not known here: normal takes its place.` });
  return { schedule: schedule ?? 'normal' };
}
