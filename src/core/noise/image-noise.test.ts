/** The noise of whole pictures against torch, and what batches may rely on. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import fixture from './fixtures/image-noise.json';
import { createImageNoise, NOISE_SOURCES, type ImageNoiseOptions, type NoiseId } from './index';

/** Last-bit differences of sines and cosines between libraries; values reach 5. */
const NOISE_ABS = 1e-6;

interface StoredOptions {
  kind: string;
  seed: string;
  shape: number[];
  batch?: { index: number; size: number };
  variation?: { seed: string; strength: number };
  resizeFrom?: { height: number; width: number };
  ensd?: number;
}

const CASES: { options: StoredOptions; seed: string; stride: number; draws: number[][] }[] = fixture.cases;

function toOptions({
  kind,
  seed,
  shape: [channels, height, width],
  variation,
  ...rest
}: StoredOptions): ImageNoiseOptions {
  return {
    ...rest,
    kind: kind as NoiseId,
    seed: BigInt(seed),
    shape: [channels, height, width],
    ...(variation ? { variation: { seed: BigInt(variation.seed), strength: variation.strength } } : {}),
  };
}

function expectNoise(actual: Float32Array, expected: readonly number[], stride: number): void {
  expect(Math.ceil(actual.length / stride)).toBe(expected.length);
  const differences = expected.map((value, i) => Math.abs(actual[i * stride] - value));
  expect(Math.max(...differences)).toBeLessThan(NOISE_ABS);
}

describe('createImageNoise', () => {
  it.each(CASES.map((c) => [JSON.stringify(c.options), c] as const))('gives the noise of %s', (_, reference) => {
    const noise = createImageNoise(toOptions(reference.options));
    const [start, ...added] = reference.draws;
    expect(noise.seed).toBe(BigInt(reference.seed));
    expectNoise(noise.initial(), start, reference.stride);
    for (const draw of added) expectNoise(noise.next(), draw, reference.stride);
  });

  it('gives the variation that A1111 users know', () => {
    const options = { kind: 'cpu', seed: 42, shape: [4, 64, 64], variation: { seed: 43, strength: 0.25 } } as const;
    const start = createImageNoise(options).initial();
    expectNoise(start.subarray(0, 8), fixture.golden, 1);
    expectNoise(start.subarray(0, 4), [1.7963, 1.189425, 1.776011, -1.829186], 1);
  });

  it('keeps the noise of an image apart from its draws, and gives it again', () => {
    const noise = createImageNoise({ kind: 'nv', seed: 1, shape: [4, 8, 8] });
    const first = noise.next();
    noise.initial().fill(0);
    const source = NOISE_SOURCES.nv.create(1);
    expect(noise.initial()).toEqual(source.next(256));
    expect(first).toEqual(source.next(256));
  });

  it.each(['nv', 'cpu'] as const)('gives image i of a batch what seed + i gives alone: %s', (kind) => {
    const alone = createImageNoise({ kind, seed: 12, shape: [4, 6, 6] });
    const third = createImageNoise({ kind, seed: 10, shape: [4, 6, 6], batch: { index: 2, size: 5 } });
    expect([third.initial(), third.next(), third.seed]).toEqual([alone.initial(), alone.next(), 12n]);
  });

  it('gives images of a ComfyUI batch the parts of one draw', () => {
    const at = (index: number) =>
      createImageNoise({ kind: 'comfyui', seed: 3, shape: [4, 8, 8], batch: { index, size: 2 } });
    const whole = NOISE_SOURCES.cpu.create(3).next(512);
    expect([...at(0).initial(), ...at(1).initial()]).toEqual([...whole]);
    expect([...at(0).next(), ...at(1).next()]).toEqual([...NOISE_SOURCES.nv.create(3).next(512)]);
    expect([at(1).seed, at(1).variationSeed]).toEqual([3n, undefined]);
  });

  it('names the seeds of a varied image', () => {
    const variation = { seed: 2n ** 64n - 1n, strength: 0.1 };
    const noise = createImageNoise({ kind: 'nv', seed: 5, shape: [4, 8, 8], variation, batch: { index: 2, size: 3 } });
    expect([noise.seed, noise.variationSeed]).toEqual([5n, 1n]);
  });

  it('starts with noise as loud as any, at every strength', () => {
    for (const strength of [0.1, 0.5, 0.9]) {
      const start = createImageNoise({
        kind: 'nv',
        seed: 5,
        shape: [4, 64, 64],
        variation: { seed: 6, strength },
      }).initial();
      const variance = start.reduce((sum, value) => sum + value ** 2, 0) / start.length;
      expect(variance).toBeGreaterThan(0.95);
      expect(variance).toBeLessThan(1.05);
    }
  });

  it('stays finite where no arc leads from one noise to the other', () => {
    for (const seed of [1, 2, 3]) {
      const start = createImageNoise({
        kind: 'cpu',
        seed: 1,
        shape: [4, 1, 9],
        variation: { seed, strength: 0.3 },
      }).initial();
      expect(start.every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    { seed: 1.5 },
    { shape: [4, 0, 8] as const },
    { shape: [4, 8, 8.5] as const },
    { resizeFrom: { height: 0, width: 8 } },
    { variation: { seed: NaN, strength: 0.5 } },
    { ensd: 0.5 },
  ])('refuses %j with a sentence', (wrong) => {
    expect(() => createImageNoise({ kind: 'nv', seed: 1, shape: [4, 8, 8], ...wrong })).toThrow(AppError);
  });
});
