/** Functions that ComfyUI's nodes put on a model around guidance, in their order, as one text: "apg 1 5 0.5; mahiro". */
import { AppError } from '../errors';
import type { Answers, GuidedAt } from './answers';
import { frequencyScaled } from './frequencies';
import { mahiro } from './mahiro';
import { epsilonScaled, scoreRescaled } from './noise-scaling';
import { normedByCell, renormed } from './norms';
import { projected } from './projected';
import { mixedWhereOuter, shareFor, skimmed } from './skimmed';
import { tangentiallyDamped } from './tangential-damping';
import { zeroStar } from './zero-star';

type Values = readonly number[];

/** Changes the answers before guidance. `before` and `sum`: what it keeps from call to call. */
interface Before {
  stage: 'before';
  values: readonly string[];
  remembers?(values: Values): boolean;
  run(answers: Answers, at: GuidedAt, values: Values, before?: Float32Array): Answers & { sum?: Float32Array };
}

/** Takes the place of plain guidance: the last of them does. */
interface Instead {
  stage: 'instead';
  values: readonly string[];
  run(answers: Answers, at: GuidedAt, values: Values): Float32Array;
}

/** Changes what came of guidance. */
interface After {
  stage: 'after';
  values: readonly string[];
  run(guided: Float32Array, answers: Answers, at: GuidedAt, values: Values): Float32Array;
}

/** Where among the others guidance by the model's own weaker answers comes: without a word of it, before them. */
interface Self {
  stage: 'self';
  values: readonly [];
}

export type CfgPatch = Before | Instead | After | Self;

const cellsOf = ({ width, height }: GuidedAt): number => width * height;

export const CFG_PATCHES = {
  apg: {
    stage: 'before',
    values: ['eta', 'norm_threshold', 'momentum'],
    remembers: ([, , momentum]) => momentum !== 0,
    run({ positive, negative }, { scale }, [eta, threshold, momentum], before) {
      const { sum, ...changed } = projected({ positive, negative, scale, eta, threshold, momentum, before });
      return { ...changed, negative, sum };
    },
  },
  tcfg: {
    stage: 'before',
    values: [],
    run: ({ positive, negative }, at) => ({
      positive,
      negative: isAsked(negative) ? tangentiallyDamped({ positive, negative }, at) : negative,
    }),
  },
  fresca: {
    stage: 'before',
    values: ['scale_low', 'scale_high', 'freq_cutoff'],
    run: (answers, at, [low, high, cutoff]) => ({
      ...answers,
      positive: frequencyScaled(answers, at, { low, high, cutoff }),
    }),
  },
  skimmed_cfg: {
    stage: 'before',
    values: ['Skimming_CFG', 'full_skim_negative', 'disable_flipping_filter'],
    run: (answers, at, [to, isFull, flips]) =>
      skimmed(answers, at, { positiveScale: to, negativeScale: isFull === 1 ? 0 : to, flips: flips === 1 }),
  },
  skimmed_replace: {
    stage: 'before',
    values: [],
    run: (answers, at) => mixedWhereOuter(answers, at, { order: 'positive', shares: { positive: 0, negative: 0 } }),
  },
  skimmed_linear: {
    stage: 'before',
    values: ['Skimming_CFG'],
    run(answers, at, [to]) {
      const share = shareFor(to, at.scale);
      return mixedWhereOuter(answers, at, { order: 'positive', shares: { positive: share, negative: share } });
    },
  },
  skimmed_linear_dual: {
    stage: 'before',
    values: ['Skimming_CFG_positive', 'Skimming_CFG_negative'],
    run(answers, at, values) {
      const [positive, negative] = values.map((to) => shareFor(to, at.scale));
      return mixedWhereOuter(answers, at, { order: 'negative', shares: { positive, negative } });
    },
  },
  renorm_cfg: {
    stage: 'instead',
    values: ['cfg_trunc', 'renorm_cfg'],
    run: (answers, at, [until, most]) => renormed(answers, at, { until, most }),
  },
  cfg_zero_star: { stage: 'after', values: [], run: (guided, answers, at) => zeroStar(guided, answers, at) },
  cfg_norm: {
    stage: 'after',
    values: ['strength'],
    run: (guided, { positive }, at, [strength]) => normedByCell(guided, positive, { cells: cellsOf(at), strength }),
  },
  mahiro: {
    stage: 'after',
    values: [],
    run: (guided, answers, at) => mahiro(guided, answers, { cells: cellsOf(at), scale: at.scale }),
  },
  epsilon_scaling: {
    stage: 'after',
    values: ['scaling_factor'],
    run: (guided, _, { x }, [factor]) => epsilonScaled(guided, x, factor),
  },
  temporal_score_rescaling: {
    stage: 'after',
    values: ['tsr_k', 'tsr_sigma'],
    run: (guided, _, at, [k, spread]) => scoreRescaled(guided, at, { k, spread }),
  },
  pag: { stage: 'self', values: [] },
  sag: { stage: 'self', values: [] },
} as const satisfies Record<string, CfgPatch>;

export type CfgPatchId = keyof typeof CFG_PATCHES;

export const patchOf = (id: CfgPatchId): CfgPatch => CFG_PATCHES[id];

export interface PatchUse {
  id: CfgPatchId;
  values: Values;
}

/** Nobody asked for it: ComfyUI has zeros then. */
const isAsked = (negative: Float32Array): boolean => negative.some((value) => value !== 0);

/** Each with its values, in the order of its table. */
export const writePatches = (uses: readonly PatchUse[]): string =>
  uses.map(({ id, values }) => [id, ...values].join(' ')).join('; ');

/** @throws AppError 'bad-request' for what no such text is */
export function readPatches(text: string): PatchUse[] {
  if (text === '') return [];
  return text.split('; ').map((part) => {
    const [id, ...words] = part.split(' ');
    const values = words.map(Number);
    const isKnown = Object.hasOwn(CFG_PATCHES, id) && patchOf(id as CfgPatchId).values.length === values.length;
    if (isKnown && values.every(Number.isFinite)) return { id: id as CfgPatchId, values };
    throw new AppError('bad-request', `"${part}" is nothing that is put around guidance.`);
  });
}

/** What is put on later comes later. */
export const withPatch = (text: string, use: PatchUse): string => writePatches([...readPatches(text), use]);

/** Whether something of it goes from one call to the next. */
export const remembers = (uses: readonly PatchUse[]): boolean =>
  uses.some(({ id, values }) => {
    const patch = patchOf(id);
    return patch.stage === 'before' && patch.remembers?.(values) === true;
  });
