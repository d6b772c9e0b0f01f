/** The model as samplers see it: (x, sigma) → x0, with the input's scaling, the timestep and guidance inside. */
import {
  addImageGuidance,
  assertFinite,
  cfg,
  cfgWithoutNegative,
  perpNeg,
  rescaleCfgInV,
  skipsNegative,
  type Guide,
} from '../../../core/guidance';
import type { Prediction } from '../../../core/predictions';
import type { Denoise, DenoiseBoth } from '../../../core/samplers';
import type { CallResult, Replay } from '../../run/call-record';
import type { GuidanceAt } from '../text/conditioning';
import type { Context } from '../text/encode';
import type { LatentSize } from '../../../core/networks';
import type { SamplingPlan } from './sampling-plan';
import { countingAt, guidedAnswers, type GuidedCall, type PlacedGuides } from './guides';
import { addDegraded, addPerturbed, plainOf, type SelfGuidance } from './self-guidance';
import type { UnetRow, UnetRunner } from './unet-runner';

export interface DenoiserOptions {
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
  /** Guidance by the model's own weaker answers. */
  self?: SelfGuidance & { latent: LatentSize };
  /** Answers what the model was asked before. */
  replay: Replay;
  /** Which units act in the call that comes: a word that is another when they are others. */
  unitsAt?(sigma: number): string;
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
  const ask = ({ call, ...question }: Question): Promise<CallResult> =>
    o.replay.call(question, (index) => predictAt(question.x, question.sigma, call ?? index, o));
  return {
    ask,
    denoise: async (x, sigma) => (await ask({ x, sigma, wantsUncond: false })).denoised,
    denoiseBoth: (x, sigma) => ask({ x, sigma, wantsUncond: true }),
    keyAt: (call, sigma) => [
      o.guidance(call),
      skipsAt(call, sigma, o),
      o.unitsAt?.(sigma),
      o.guides && countingAt(o.guides, sigma, (t) => o.plan.schedule.tToSigma(t)),
    ],
  };
}

const skipsAt = (call: number, sigma: number, { plan }: Pick<DenoiserOptions, 'plan'>): boolean =>
  skipsNegative({ call, calls: plan.calls, sigma, options: plan.skip });

async function predictAt(x: Float32Array, sigma: number, call: number, o: DenoiserOptions): Promise<CallResult> {
  if (o.guides) return predictGuided(x, sigma, { ...o, guides: o.guides });
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
  const outputs = await predictions(x, sigma, rows, o);
  const conds = positive.map(({ weight }, i): Guide => ({ output: outputs[i], weight }));
  const uncond = against ? outputs[conds.length] : outputs[0];
  const asked = { x, sigma, rows: rows.slice(0, conds.length), conds, uncond, against, seen };
  const withSelf = (guided: Float32Array): Promise<Float32Array> => guidedBySelf(guided, asked, o);
  if (skips) {
    const denoised = await withSelf(cfgWithoutNegative(conds));
    return { denoised, uncond: denoised };
  }
  if (empty && o.perp) {
    const terms = { positive: plainOf(conds, uncond), negative: uncond, empty: outputs[conds.length + 1] };
    const { negativeScale } = o.perp;
    return { denoised: await withSelf(perpNeg({ ...terms, scale: o.plan.cfgScale, negativeScale })), uncond };
  }
  const guided = cfg({ uncond, conds, scale: o.plan.cfgScale });
  const { unseen } = o;
  if (against && unseen) {
    const without = await unseenBy(x, sigma, against, { ...o, unseen });
    addImageGuidance(guided, { seen: uncond, unseen: without, scale: unseen.scale });
  }
  const phi = o.plan.cfgRescale;
  if (phi === 0 || !against) return { denoised: await withSelf(guided), uncond };
  const rescaled = rescaleCfgInV({ x, sigma, guided, positive: plainOf(conds, uncond), phi });
  return { denoised: await withSelf(rescaled), uncond };
}

interface Answered {
  x: Float32Array;
  sigma: number;
  /** The prompts that are guided towards, and what the denoiser answered. */
  rows: readonly UnetRow[];
  conds: readonly Guide[];
  uncond: Float32Array;
  against: Context | undefined;
  /** What the denoiser told of its middle. */
  seen: Float32Array | undefined;
}

/** In place. */
async function guidedBySelf(
  guided: Float32Array,
  { x, sigma, rows, conds, uncond, against, seen }: Answered,
  o: DenoiserOptions,
): Promise<Float32Array> {
  const { self } = o;
  if (!self) return guided;
  const predict = (part: Float32Array, some: readonly UnetRow[]) => predictions(part, sigma, some, o);
  if (self.pagScale !== 0) {
    const perturbed = await predict(x, rows.map(asPerturbed));
    addPerturbed(guided, { conds, perturbed, scale: self.pagScale });
  }
  if (against && seen) {
    const answer = async (noised: Float32Array) =>
      (await predict(noised, [{ context: against, isPositive: false }]))[0];
    await addDegraded(guided, { x, latent: self.latent, uncond, seen, answer }, self);
  }
  return guided;
}

const asPerturbed = (row: UnetRow): UnetRow => ({ ...row, isPerturbed: true });

/** @see ComfyUI comfy/samplers.py calc_cond_batch, cfg_function */
async function predictGuided(
  x: Float32Array,
  sigma: number,
  o: DenoiserOptions & Required<Pick<DenoiserOptions, 'guides'>>,
): Promise<CallResult> {
  const { guides, plan, self } = o;
  let seen: Float32Array | undefined;
  const answersOf = (from: Float32Array, sides: PlacedGuides, change: (row: UnetRow) => UnetRow = (row) => row) =>
    guidedAnswers(from, sigma, sides, {
      ...guides,
      sigmaOf: (t) => plan.schedule.tToSigma(t),
      predict: (part, rows, runUnet) => predictions(part, sigma, rows.map(change), { ...o, runUnet }),
      ...(self?.sagScale && from === x && { onAttention: (map: Float32Array) => void (seen = map) }),
    });
  const { positive, negative, empty } = await answersOf(x, guides);
  const withSelf = async (guided: Float32Array): Promise<Float32Array> => {
    if (!self) return guided;
    const whole = guided === positive ? guided.slice() : guided;
    if (self.pagScale !== 0) {
      const weaker = await answersOf(x, { positive: guides.positive, negative: [] }, asPerturbed);
      const conds = [{ output: positive, weight: 1 }];
      addPerturbed(whole, { conds, perturbed: [weaker.positive], scale: self.pagScale });
    }
    if (seen) {
      const answer = async (noised: Float32Array) =>
        (await answersOf(noised, { positive: [], negative: guides.negative })).negative;
      await addDegraded(whole, { x, latent: self.latent, uncond: negative, seen, answer }, self);
    }
    return whole;
  };
  if (guides.negative.length === 0) return { denoised: await withSelf(positive), uncond: positive };
  if (o.perp && guides.empty) {
    const scales = { scale: plan.cfgScale, negativeScale: o.perp.negativeScale };
    return { denoised: await withSelf(perpNeg({ positive, negative, empty, ...scales })), uncond: negative };
  }
  const conds = [{ output: positive, weight: 1 }];
  const guided = cfg({ uncond: negative, conds, scale: plan.cfgScale });
  if (plan.cfgRescale === 0) return { denoised: await withSelf(guided), uncond: negative };
  const rescaled = rescaleCfgInV({ x, sigma, guided, positive, phi: plan.cfgRescale });
  return { denoised: await withSelf(rescaled), uncond: negative };
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
  { runUnet, plan, prediction }: DenoiserOptions,
): Promise<Float32Array[]> {
  const outputs = await runUnet(
    prediction.scaleInput(x, sigma),
    { timestep: plan.schedule.sigmaToT(sigma), sigma },
    rows,
  );
  return outputs.map((output) => {
    assertFinite(output, sigma);
    return prediction.toDenoised(x, output, sigma);
  });
}
