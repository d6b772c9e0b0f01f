import { expect, it } from 'vitest';
import type { GenerationRequest } from '../../../core/recipe/request';
import { estimateSeconds } from './estimate';
import type { Picture } from '../pictures/picture';

const request = (model: string, steps: number, width = 64) =>
  ({ model, steps, width, height: 64, sampler: 'euler' }) as GenerationRequest;
const made = (of: GenerationRequest, totalSeconds: number, loadSeconds = 0) =>
  ({ request: of, timings: { totalSeconds, loadSeconds } }) as Picture;

it('grows with steps and pixels, by the last picture of the model, without loading', () => {
  const pictures = [made(request('a', 10), 3, 1), made(request('a', 10), 99)];
  expect(estimateSeconds([request('a', 20), request('a', 10, 128)], pictures)).toBeCloseTo(8);
});

it('counts two model calls a step where the sampler makes them', () => {
  const heun = { ...request('a', 10), sampler: 'heun' as const };
  expect(estimateSeconds([heun], [made(request('a', 10), 1)])).toBeGreaterThan(1.8);
});

it('says nothing where a model has made no picture, and does not count sheets', () => {
  expect(estimateSeconds([request('b', 1)], [made(request('a', 1), 1)])).toBeUndefined();
  expect(estimateSeconds([request('a', 1)], [{ ...made(request('a', 1), 1), isSheet: true }])).toBeUndefined();
});

it('looks past pictures of a sampler that another version of the app knew', () => {
  const foreign = { ...request('a', 10), sampler: 'of_tomorrow' } as unknown as GenerationRequest;
  expect(estimateSeconds([request('a', 20)], [made(foreign, 9), made(request('a', 10), 2)])).toBeCloseTo(4);
});

it('looks past pictures that came from elsewhere, however many: another machine may have made them', () => {
  const elsewhere = (mark: Partial<Picture>) =>
    Array.from({ length: 60 }, () => ({ ...made(request('a', 10), 99), ...mark }));
  const pictures = [...elsewhere({ isImported: true }), ...elsewhere({ isRestored: true }), made(request('a', 10), 2)];
  expect(estimateSeconds([request('a', 20)], pictures)).toBeCloseTo(4);
});
