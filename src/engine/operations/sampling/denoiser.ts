/** The model as samplers see it: (x, sigma) → x0, with the input's scaling, the timestep and guidance inside. */
import {
  addImageGuidance,
  assertFinite,
  cfg,
  cfgWithoutNegative,
  rescaleCfgInV,
  skipsNegative,
  type Guide,
} from '../../../core/guidance';
import type { Prediction } from '../../../core/predictions';
import type { Denoise, DenoiseBoth } from '../../../core/samplers';
import type { CallResult, Replay } from '../../run/call-record';
import type { GuidanceAt } from '../text/conditioning';
import type { SamplingPlan } from './sampling-plan';
import { countingAt, guidedAnswers, type GuidedCall, type PlacedGuides } from './guides';
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
  const rows: UnetRow[] = [
    ...positive.map(({ context }) => ({ context, isPositive: true })),
    ...(against ? [{ context: against, isPositive: false }] : []),
  ];
  const outputs = await predictions(x, sigma, rows, o);
  const conds = positive.map(({ weight }, i): Guide => ({ output: outputs[i], weight }));
  if (skips) {
    const denoised = cfgWithoutNegative(conds);
    return { denoised, uncond: denoised };
  }
  const uncond = against ? outputs[conds.length] : outputs[0];
  const guided = cfg({ uncond, conds, scale: o.plan.cfgScale });
  const { unseen } = o;
  if (against && unseen) {
    const without = await unseenBy(x, sigma, against, { ...o, unseen });
    addImageGuidance(guided, { seen: uncond, unseen: without, scale: unseen.scale });
  }
  const phi = o.plan.cfgRescale;
  if (phi === 0 || !against) return { denoised: guided, uncond };
  const plain = cfg({ uncond, conds, scale: 1 });
  return { denoised: rescaleCfgInV({ x, sigma, guided, positive: plain, phi }), uncond };
}

/** @see ComfyUI comfy/samplers.py calc_cond_batch, cfg_function */
async function predictGuided(
  x: Float32Array,
  sigma: number,
  o: DenoiserOptions & Required<Pick<DenoiserOptions, 'guides'>>,
): Promise<CallResult> {
  const { guides, plan } = o;
  const { positive, negative } = await guidedAnswers(x, sigma, guides, {
    ...guides,
    sigmaOf: (t) => plan.schedule.tToSigma(t),
    predict: (part, rows, runUnet) => predictions(part, sigma, rows, { ...o, runUnet }),
  });
  if (guides.negative.length === 0) return { denoised: positive, uncond: positive };
  const conds = [{ output: positive, weight: 1 }];
  const guided = cfg({ uncond: negative, conds, scale: plan.cfgScale });
  if (plan.cfgRescale === 0) return { denoised: guided, uncond: negative };
  return { denoised: rescaleCfgInV({ x, sigma, guided, positive, phi: plan.cfgRescale }), uncond: negative };
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
