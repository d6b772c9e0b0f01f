/** How long pictures will take, from how long others took. */
import { stepsTaken } from '../../../core/recipe/has-effect';
import { SAMPLERS, isSamplerId } from '../../../core/samplers';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { Picture } from '../pictures/picture';

/** The last pictures say most: the machine may have become another one. */
const LOOKED_AT = 50;

/** Model calls times pixels: what the time grows with, roughly, for one model. */
function work(request: GenerationRequest): number {
  const { sampler, width, height } = request;
  const steps = stepsTaken(request.steps, request);
  return (SAMPLERS[sampler].modelCalls(steps) ?? steps) * width * height;
}

/** Seconds for all of them; undefined where no picture of one of their models was made. */
export function estimateSeconds(requests: readonly GenerationRequest[], made: readonly Picture[]): number | undefined {
  const rates = new Map<string, number>();
  const here = made.filter(({ isImported, isRestored }) => !isImported && !isRestored).slice(0, LOOKED_AT);
  for (const { request, timings, isSheet } of here) {
    // Another version of the app may have made it, with a sampler that this one does not know.
    if (isSheet || rates.has(request.model) || !isSamplerId(request.sampler)) continue;
    const seconds = timings.totalSeconds - timings.loadSeconds;
    if (work(request) > 0 && seconds > 0) rates.set(request.model, seconds / work(request));
  }
  let sum = 0;
  for (const request of requests) {
    const rate = rates.get(request.model);
    if (rate === undefined) return undefined;
    sum += rate * work(request);
  }
  return sum;
}
