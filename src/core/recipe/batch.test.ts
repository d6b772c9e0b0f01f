import { expect, it } from 'vitest';
import { batchRequest } from './batch';
import type { GenerationRequest } from './request';

const request = { seed: 7, prompt: 'a cat' } as GenerationRequest;

it('counts the seed up', () => {
  expect([0, 1, 5].map((i) => batchRequest(request, i).seed)).toEqual([7, 8, 12]);
});

it('counts the variation’s seed up where there is a variation', () => {
  const varied = { ...request, variationStrength: 0.2, variationSeed: 100 };
  expect(batchRequest(varied, 3)).toEqual({ ...varied, variationSeed: 103 });
});
