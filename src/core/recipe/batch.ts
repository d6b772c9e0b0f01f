/** The pictures of one batch: the same request with seeds that count up, as A1111 does it. @see modules/processing.py, process_images_inner */
import type { GenerationRequest } from './request';
import { addToSeed } from './seed-value';

export const MAX_BATCH = 100;

/** Picture `index` of a batch. With a variation the seed stays, and the variation's seed counts up. */
export function batchRequest(request: GenerationRequest, index: number): GenerationRequest {
  if (index === 0) return request;
  const hasVariation = (request.variationStrength ?? 0) !== 0;
  return hasVariation
    ? { ...request, variationSeed: (request.variationSeed ?? 0) + index }
    : { ...request, seed: addToSeed(request.seed, index) };
}
