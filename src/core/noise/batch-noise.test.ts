/** Noise of a batch of ComfyUI's, and of a picture that was taken out of one, against torch. */
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/batch-noise.json';
import { createImageNoise } from './image-noise';

const { seed } = fixture;
const shape = fixture.shape as [number, number, number];
const options = { kind: 'comfyui', seed, shape } as const;

function expectNoise(actual: Float32Array, expected: readonly number[]): void {
  expect(Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)))).toBeLessThan(1e-5);
}

describe('createImageNoise', () => {
  it.each([0, 1, 2])('draws a batch together: picture %d', (index) => {
    expectNoise(createImageNoise({ ...options, batch: { index, size: 3 } }).initial(), fixture.together[index]);
  });

  it.each([0, 1, 2])('draws one of a batch after those before it: %d', (ordinal) => {
    expectNoise(createImageNoise({ ...options, ordinal }).initial(), fixture.oneByOne[ordinal]);
  });
});
