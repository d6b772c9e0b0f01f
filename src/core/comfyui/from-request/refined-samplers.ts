/** A refiner as two KSamplers (Advanced), where they are the same to the byte: with a sampler that keeps nothing from step to step. */
import { asksForRefiner } from '../../recipe/refiner';
import type { CompleteRequest } from '../../recipe/request';
import { SAMPLERS, type SamplerId } from '../../samplers';

/** One call a step, no noise between, nothing remembered: the second node begins where the first would have gone on. DDIM, in other units, is rounded otherwise. */
const FORGETFUL: ReadonlySet<SamplerId> = new Set<SamplerId>(['euler']);

export type Handover =
  /** The step that the refiner begins with; at 0 it paints the whole picture. */
  | { step: number }
  /** Why two nodes would not be the same. */
  | { reason: string };

/** Undefined where no refiner is asked for, or its turn never comes. */
export function handoverOf(request: CompleteRequest): Handover | undefined {
  if (!asksForRefiner(request)) return undefined;
  const { sampler, steps, initImage, hiresScale } = request;
  if (!FORGETFUL.has(sampler))
    return {
      reason: `a second KSampler (Advanced) would not go on as ${SAMPLERS[sampler].label} does within one run.`,
    };
  if (hiresScale > 1 || initImage !== undefined)
    return { reason: 'KSampler (Advanced) takes steps of a whole run, not of a part of one.' };
  if (!request.refinerBySteps)
    return { reason: 'KSampler (Advanced) hands over by steps: switch “Switch by sampling steps” on.' };
  const step = Array.from({ length: steps }, (_, i) => i).findIndex((i) => i / steps >= request.refinerSwitchAt);
  return step === -1 ? undefined : { step };
}

/** It paints from the first step on: one sampler of its own, since a second one would add no noise. */
export function isAllRefined(request: CompleteRequest): boolean {
  const handover = handoverOf(request);
  return handover !== undefined && 'step' in handover && handover.step === 0;
}
