/** What a live picture is asked for: the form's, with few steps and nothing after them. */
import { SAMPLERS } from '../../../core/samplers';
import type { GenerationRequest } from '../../../core/recipe/request';

/** Shapes and colours are there by then, with any sampler; models for fewer steps keep theirs. */
export const LIVE_STEPS = 6;
/** Seconds a picture: what takes longer does not follow a hand, which is said before it is switched on. */
export const SLOW_SECONDS = 10;

/** Enlarging and a second pass take longer than all of it: what is kept in the gallery has none either. */
const AFTER = /^(hires|refiner|enlarger$|speed)/;

export interface Naming {
  initImage: string;
  initMask?: string | undefined;
}

export function liveRequest(form: GenerationRequest, { initImage, initMask }: Naming): GenerationRequest {
  const kept = Object.entries(form).filter(([id]) => !AFTER.test(id) && id !== 'initMask');
  const request = Object.fromEntries(kept) as unknown as GenerationRequest;
  const { sampler, steps } = request;
  const isAdaptive = SAMPLERS[sampler].modelCalls(1) === undefined;
  return {
    ...request,
    initImage,
    ...(initMask !== undefined && { initMask }),
    steps: Math.min(steps, LIVE_STEPS),
    ...(isAdaptive && { sampler: 'euler' }),
  };
}

/** One sentence on how long a picture takes, for the switch. @param seconds  undefined where none was made yet */
export function paceText(seconds: number | undefined, model: string): string {
  if (seconds === undefined) return `How long ${model} takes here is not known yet: the first picture shows it.`;
  if (seconds > SLOW_SECONDS)
    return `About ${Math.round(seconds)} s a picture with ${model} here: too slow to follow a hand.`;
  return `About ${seconds < 1 ? '1' : Math.ceil(seconds)} s a picture.`;
}
