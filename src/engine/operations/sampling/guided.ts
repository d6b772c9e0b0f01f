/** One prediction out of the answers of a call: guidance, what is put around it, and what leads away from weaker answers. */
import {
  addImageGuidance,
  cfg,
  cfgWithoutNegative,
  perpNeg,
  rescaleCfgInV,
  type Answers,
  type GuidedAt,
  type Guide,
} from '../../../core/guidance';
import type { LatentSize } from '../../../core/networks';
import type { CallResult } from '../../run/call-record';
import type { AroundGuidance, Memory } from './around-guidance';
import type { SamplingPlan } from './sampling-plan';
import { addDegraded, addPerturbed, plainOf, type SelfGuidance } from './self-guidance';

/** Answers as x0. */
export interface Asked {
  x: Float32Array;
  sigma: number;
  /** Number of the call in its picture, from 0. */
  call: number;
  /** What guidance kept of the call before. */
  memory: Memory;
  conds: readonly Guide[];
  /** Undefined where nobody asked for it. */
  negative?: Float32Array;
  /** Perp-Neg's, of the text that says nothing. */
  empty?: Float32Array;
  /** This call goes without its negative. */
  skips: boolean;
  /** Each prompt's without attention in the middle. */
  perturbed(): Promise<Float32Array[]>;
  /** What the model told of its middle when it was asked for the negative. */
  seen?: Float32Array;
  /** The negative's, of another x. */
  degraded?(x: Float32Array): Promise<Float32Array>;
  /** The negative's, where the model does not see the picture that it edits. */
  unseen?(): Promise<Float32Array>;
}

/** How answers become one. */
export interface Guiding {
  plan: Pick<SamplingPlan, 'schedule' | 'cfgScale' | 'cfgRescale' | 'calls'>;
  around: AroundGuidance;
  latent: LatentSize;
  /** Guidance by the model's own weaker answers. */
  self?: SelfGuidance;
  /** Perp-Neg: how much the negative counts. */
  perp?: { negativeScale: number };
  /** How far guidance leads from the answer that sees the edited picture to the one that does not. */
  unseen?: { scale: number };
}

export async function guidedOf(asked: Asked, o: Guiding): Promise<CallResult> {
  if (o.around.isPlain) return whole(asked, o);
  const { x, sigma, conds, skips, memory } = asked;
  const first = conds[0].output;
  const positive = skips ? cfgWithoutNegative(conds) : plainOf(conds, asked.negative ?? first);
  const negative = asked.negative ?? (skips ? first : new Float32Array(x.length));
  const { width, height } = o.latent;
  const at: GuidedAt = { x, sigma, scale: skips ? 1 : o.plan.cfgScale, width, height };
  const { answers, memory: sums } = o.around.before({ positive, negative }, at, memory);
  const isChanged = answers.positive !== positive || answers.negative !== negative;
  const changed = isChanged ? { ...asked, ...asOne(asked, answers) } : asked;
  const { denoised, uncond } = await whole(changed, o, { answers, at });
  return { denoised, uncond, ...(sums.length > 0 && { sums }) };
}

/** Several prompts as one, whose answers were changed. */
function asOne(
  { conds, perturbed }: Asked,
  { positive, negative }: Answers,
): Pick<Asked, 'conds' | 'negative' | 'perturbed' | 'skips'> {
  const weigh = (outputs: readonly Float32Array[]): Float32Array =>
    plainOf(
      conds.map(({ weight }, i) => ({ weight, output: outputs[i] })),
      negative,
    );
  return {
    ...{ conds: [{ output: positive, weight: 1 }], negative, skips: false },
    perturbed: async () => [weigh(await perturbed())],
  };
}

interface Around {
  answers: Answers;
  at: GuidedAt;
}

async function whole(asked: Asked, o: Guiding, around?: Around): Promise<CallResult> {
  const guided = await between(asked, o, around);
  const self = (made: Float32Array, kinds: readonly ('pag' | 'sag')[]) => bySelf(made, kinds, asked, o);
  const denoised = around
    ? await o.around.after(guided, around.answers, around.at, self)
    : await self(guided, ['pag', 'sag']);
  return { denoised, uncond: asked.skips ? denoised : (asked.negative ?? asked.conds[0].output) };
}

/** Guidance itself: a new array. */
async function between(asked: Asked, o: Guiding, around: Around | undefined): Promise<Float32Array> {
  const { x, sigma, conds, negative, empty, call } = asked;
  const { plan, perp } = o;
  const scale = around?.at.scale ?? plan.cfgScale;
  if (negative && empty && perp) {
    const positive = plainOf(conds, negative);
    return perpNeg({ positive, negative, empty, scale: plan.cfgScale, negativeScale: perp.negativeScale });
  }
  const { schedule, calls, cfgRescale: phi } = plan;
  const instead =
    asked.unseen || !around ? undefined : o.around.instead(around.answers, around.at, { call, calls, sigma, schedule });
  if (instead) return instead;
  if (asked.skips) return cfgWithoutNegative(conds);
  const uncond = negative ?? around?.answers.negative ?? conds[0].output;
  const guided = cfg({ uncond, conds, scale });
  if (negative && asked.unseen && o.unseen)
    addImageGuidance(guided, { seen: negative, unseen: await asked.unseen(), scale: o.unseen.scale });
  if (phi === 0 || !negative) return guided;
  return rescaleCfgInV({ x, sigma, guided, positive: plainOf(conds, negative), phi });
}

/** In place. */
async function bySelf(
  guided: Float32Array,
  kinds: readonly ('pag' | 'sag')[],
  { x, conds, negative, seen, perturbed, degraded }: Asked,
  { self, latent }: Guiding,
): Promise<Float32Array> {
  if (!self) return guided;
  if (self.pagScale !== 0 && kinds.includes('pag'))
    addPerturbed(guided, { conds, perturbed: await perturbed(), scale: self.pagScale });
  if (negative && seen && degraded && kinds.includes('sag'))
    await addDegraded(guided, { x, latent, uncond: negative, seen, answer: degraded }, self);
  return guided;
}
