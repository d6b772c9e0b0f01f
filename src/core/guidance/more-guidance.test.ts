/** Perp-Neg against torch, the blur of self-attention guidance against diffusers. */
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/more-guidance.json';
import { blurWhereSeen, isBlurrable, perpNeg } from './index';

/** float32 in the references. */
const REL = 2e-6;

const f32 = (values: readonly number[]) => Float32Array.from(values);
const [empty, positive, negative] = [fixture.empty, fixture.positive, fixture.negative].map(f32);
const latent = { width: fixture.width, height: fixture.height };

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expect(Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)))).toBeLessThan(REL * size);
}

describe('perpNeg', () => {
  it.each(fixture.perp)('is ComfyUI’s at scale $scale, negative $negativeScale', ({ guided, ...scales }) => {
    expectClose(perpNeg({ positive, negative, empty, ...scales }), guided);
  });

  it('is against the empty prompt alone where the negative does not count, or says what the positive does', () => {
    const plain = empty.map((value, i) => value + 5 * (positive[i] - value));
    expectClose(perpNeg({ positive, negative, empty, scale: 5, negativeScale: 0 }), [...plain]);
    expectClose(perpNeg({ positive, negative: positive, empty, scale: 5, negativeScale: 3 }), [...plain]);
  });

  it('has a result where the positive prompt changes nothing', () => {
    const guided = perpNeg({ positive: empty, negative, empty, scale: 2, negativeScale: 1 });
    expectClose(
      guided,
      [...empty].map((value, i) => value - 2 * (negative[i] - value)),
    );
  });
});

describe('blurWhereSeen', () => {
  it.each(fixture.blurred)('is diffusers’ with a sigma of $sigma', ({ sigma, result }) => {
    expectClose(blurWhereSeen({ x0: negative, latent, seen: f32(fixture.seen), sigma }), result);
  });

  it('leaves what is not looked at, and everything without a sigma', () => {
    expect(blurWhereSeen({ x0: negative, latent, seen: new Float32Array(12).fill(1), sigma: 2 })).toEqual(negative);
    expect(blurWhereSeen({ x0: negative, latent, seen: f32(fixture.seen), sigma: 0 })).toEqual(negative);
    expect([4, 5].map((height) => isBlurrable({ width: 40, height }))).toEqual([false, true]);
  });
});
