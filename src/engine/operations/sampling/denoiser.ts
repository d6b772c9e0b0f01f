/** The model as samplers see it: (x, sigma) → x0, with the input's scaling, the timestep and guidance inside. */
import type { KeepColours } from '../../../core/control/keep-colours';
import { assertFinite, skipsNegative, type Guide } from '../../../core/guidance';
import type { Prediction } from '../../../core/predictions';
import type { Denoise, DenoiseBoth } from '../../../core/samplers';
import type { CallResult, Replay } from '../../run/call-record';
import type { GuidanceAt } from '../text/conditioning';
import type { Context } from '../text/encode';
import type { SamplingPlan } from './sampling-plan';
import type { Memory } from './around-guidance';
import { guidedOf, type Asked, type Guiding } from './guided';
import { countingAt, guidedAnswers, type GuidedCall, type PlacedGuides } from './guides';
import type { UnetRow, UnetRunner } from './unet-runner';

export interface DenoiserOptions extends Guiding {
  /** x scaled, timestep → the U-Net's output for each row, in their order. */
  runUnet: UnetRunner;
  prediction: Prediction;
  guidance: GuidanceAt;
  plan: Pick<SamplingPlan, 'schedule' | 'cfgScale' | 'cfgRescale' | 'skip' | 'calls'>;
  /** The U-Net without the picture, for models that edit one, and how far guidance leads from there to it. */
  unseen?: { runUnet: UnetRunner; scale: number };
  /** Texts that count in parts of the picture, or of the steps, in place of `guidance`. Without a negative there is none. */
  guides?: Pick<GuidedCall, 'latent' | 'runnerFor'> & PlacedGuides;
  /** Guidance is Perp-Neg's: the text that says nothing, and how much the negative one counts. */
  perp?: { empty: Context; negativeScale: number };
  /** What becomes of each prediction of x0 before guidance; a new array. */
  keepColours?: KeepColours | undefined;
  /** Answers what the model was asked before. */
  replay: Replay;
  /** Which units act in the call that comes: a word that is another when they are others. */
  unitsAt?(sigma: number): string;
  /** Which of two models the call that comes is for; asked about a latent it throws where that is not this one. */
  modelAt?(call: number, sigma: number, x?: Float32Array): 'first' | 'second';
  /** Keys of the calls that are the first model's: the first writes them down, the second goes by them, whatever acts in it. */
  firstKeys?: Map<number, readonly unknown[]>;
}

/** What a sampler asks in one call; with its index, from 0, where that is not how many came before. */
export interface Question {
  x: Float32Array;
  sigma: number;
  wantsUncond: boolean;
  call?: number;
}

export interface Denoiser {
  denoise: Denoise;
  denoiseBoth: DenoiseBoth;
  ask(question: Question): Promise<CallResult>;
  /** What an answer depends on besides x and sigma. */
  keyAt(call: number, sigma: number): readonly unknown[];
}

/** All that ask throw AppError 'not-a-number' at the call whose output holds NaN or infinity. */
export function createDenoiser(o: DenoiserOptions): Denoiser {
  let count = 0;
  const last: Last = { sigma: 0, sums: [] };
  const ask = async ({ call = count++, ...question }: Question): Promise<CallResult> => {
    const { x, sigma } = question;
    o.modelAt?.(call, sigma, x);
    // A run that begins again remembers nothing of the one before.
    const memory = sigma > last.sigma ? [] : last.sums;
    const result = await o.replay.call(question, () => predictAt(x, { sigma, call, memory }, o));
    Object.assign(last, { sigma, sums: result.sums ?? [] });
    return result;
  };
  return {
    ask,
    denoise: async (x, sigma) => (await ask({ x, sigma, wantsUncond: false })).denoised,
    denoiseBoth: (x, sigma) => ask({ x, sigma, wantsUncond: true }),
    keyAt: (call, sigma) => {
      const which = o.modelAt?.(call, sigma);
      const known = which === 'first' ? o.firstKeys?.get(call) : undefined;
      const key = known ?? ownKey(call, sigma, { ...o, which });
      if (which === 'first') o.firstKeys?.set(call, key);
      return key;
    },
  };
}

const ownKey = (call: number, sigma: number, o: DenoiserOptions & { which: string | undefined }): unknown[] => [
  o.which,
  o.guidance(call),
  skipsAt(call, sigma, o),
  o.unitsAt?.(sigma),
  o.guides && countingAt(o.guides, sigma, (t) => o.plan.schedule.tToSigma(t)),
  o.around.scalesAt(o.plan.cfgScale, { call, sigma, calls: o.plan.calls, schedule: o.plan.schedule }),
];

const asItIs: KeepColours = (x0) => x0;

/** The call before: its sigma, and what guidance kept of it. */
interface Last {
  sigma: number;
  sums: Memory;
}

const skipsAt = (call: number, sigma: number, { plan }: Pick<DenoiserOptions, 'plan'>): boolean =>
  skipsNegative({ call, calls: plan.calls, sigma, options: plan.skip });

type CallAt = Pick<Asked, 'sigma' | 'call' | 'memory'>;

async function predictAt(x: Float32Array, at: CallAt, o: DenoiserOptions): Promise<CallResult> {
  if (o.guides) return predictGuided(x, at, { ...o, guides: o.guides });
  const { sigma, call } = at;
  const { positive, negative } = o.guidance(call);
  const skips = skipsAt(call, sigma, o);
  const against = skips ? undefined : negative;
  const empty = against && o.perp?.empty;
  let seen: Float32Array | undefined;
  const onAttention = o.self?.sagScale ? (map: Float32Array) => void (seen = map) : undefined;
  const rows: UnetRow[] = [
    ...positive.map(({ context }) => ({ context, isPositive: true })),
    ...(against ? [{ context: against, isPositive: false, ...(onAttention && { onAttention }) }] : []),
    ...(empty ? [{ context: empty, isPositive: false, isEmpty: true }] : []),
  ];
  const predict = (from: Float32Array, some: readonly UnetRow[]) => predictions(from, sigma, some, o);
  const outputs = await predict(x, rows);
  const conds = positive.map(({ weight }, i): Guide => ({ output: outputs[i], weight }));
  const { unseen } = o;
  const asked: Asked = {
    ...{ x, ...at, conds, skips },
    ...(against && { negative: outputs[conds.length] }),
    ...(empty && { empty: outputs[conds.length + 1] }),
    perturbed: () => predict(x, rows.slice(0, conds.length).map(asPerturbed)),
    ...(against && {
      ...(seen && { seen }),
      degraded: async (noised) => (await predict(noised, [{ context: against, isPositive: false }]))[0],
    }),
    ...(against && unseen && { unseen: () => unseenBy(x, sigma, against, { ...o, unseen }) }),
  };
  return guidedOf(asked, o);
}

const asPerturbed = (row: UnetRow): UnetRow => ({ ...row, isPerturbed: true });

/** @see ComfyUI comfy/samplers.py calc_cond_batch, cfg_function */
async function predictGuided(
  x: Float32Array,
  at: CallAt,
  o: DenoiserOptions & Required<Pick<DenoiserOptions, 'guides'>>,
): Promise<CallResult> {
  const { sigma } = at;
  const { guides, plan, self } = o;
  let seen: Float32Array | undefined;
  const { keepColours = asItIs } = o;
  const answersOf = async (
    from: Float32Array,
    sides: PlacedGuides,
    change: (row: UnetRow) => UnetRow = (row) => row,
  ) => {
    const answers = await guidedAnswers(from, sigma, sides, {
      ...guides,
      sigmaOf: (t) => plan.schedule.tToSigma(t),
      predict: (part, rows, runUnet) =>
        predictions(part, sigma, rows.map(change), { ...o, runUnet, keepColours: undefined }),
      ...(self?.sagScale && from === x && { onAttention: (map: Float32Array) => void (seen = map) }),
    });
    return {
      positive: keepColours(answers.positive, true),
      negative: keepColours(answers.negative, false),
      empty: keepColours(answers.empty, false),
    };
  };
  const { positive, negative, empty } = await answersOf(x, guides);
  const hasNegative = guides.negative.length > 0;
  return guidedOf(
    {
      ...{ x, ...at, conds: [{ output: positive, weight: 1 }], skips: false },
      ...(hasNegative && { negative }),
      ...(hasNegative && guides.empty && { empty }),
      perturbed: async () => [(await answersOf(x, { positive: guides.positive, negative: [] }, asPerturbed)).positive],
      ...(seen && { seen }),
      degraded: async (noised) => (await answersOf(noised, { positive: [], negative: guides.negative })).negative,
    },
    o,
  );
}

/** x0 for the negative prompt where the model does not see the picture. */
async function unseenBy(
  x: Float32Array,
  sigma: number,
  context: UnetRow['context'],
  o: DenoiserOptions & Required<Pick<DenoiserOptions, 'unseen'>>,
): Promise<Float32Array> {
  const [output] = await predictions(x, sigma, [{ context, isPositive: false }], { ...o, runUnet: o.unseen.runUnet });
  return output;
}

/** Predictions of x0 for each row. */
async function predictions(
  x: Float32Array,
  sigma: number,
  rows: readonly UnetRow[],
  { runUnet, plan, prediction, keepColours = asItIs }: DenoiserOptions,
): Promise<Float32Array[]> {
  const outputs = await runUnet(
    prediction.scaleInput(x, sigma),
    { timestep: plan.schedule.sigmaToT(sigma), sigma },
    rows,
  );
  return outputs.map((output, i) => {
    assertFinite(output, sigma);
    return keepColours(prediction.toDenoised(x, output, sigma), rows[i].isPositive);
  });
}
