/** UniPC's weights against the integrals that they stand for. */
import { describe, expect, it } from 'vitest';
import { correctorWeights, predictorWeights } from './uni-pc-weights';

const PAST = [0.7, 0.2, -0.5];
const NEXT = 1.3;

/** What predictions D(λ) = (λ − now)^power add to a step: ∫ e^(λ − next) D dλ from now to next, by a fine sum. */
function exactShare(power: number): number {
  const [now] = PAST;
  const count = 20_000;
  const length = (NEXT - now) / count;
  return Array.from({ length: count }, (_, i) => now + (i + 0.5) * length).reduce(
    (sum, lambda) => sum + length * Math.exp(lambda - NEXT) * (lambda - now) ** power,
    0,
  );
}

/** What the weights make of it: the newest prediction is 0, so that only theirs count. */
function share(weights: readonly number[], lambdas: readonly number[], power: number): number {
  return weights.reduce((sum, weight, k) => sum + weight * (lambdas[k] - PAST[0]) ** power, 0);
}

describe('predictorWeights', () => {
  it('are exact for predictions that are linear or quadratic in λ, with three of them', () => {
    const weights = predictorWeights({ past: PAST, next: NEXT });
    for (const power of [1, 2]) expect(share(weights, PAST.slice(1), power)).toBeCloseTo(exactShare(power), 8);
  });

  it('are none with one prediction, and half the difference’s first-order share with two', () => {
    expect(predictorWeights({ past: PAST.slice(0, 1), next: NEXT })).toEqual([]);
    const [weight] = predictorWeights({ past: PAST.slice(0, 2), next: NEXT });
    const h = NEXT - PAST[0];
    expect(weight).toBeCloseTo((h * h) / 2 / (PAST[1] - PAST[0]), 12);
  });
});

describe('correctorWeights', () => {
  it.each([2, 3])('are exact for all powers up to their number, with %i predictions before the end', (count) => {
    const past = PAST.slice(0, count);
    const weights = correctorWeights({ past, next: NEXT });
    for (let power = 1; power <= count; power++)
      expect(share(weights, [...past.slice(1), NEXT], power)).toBeCloseTo(exactShare(power), 8);
  });

  it('are half the step with one prediction', () => {
    expect(correctorWeights({ past: [0.7], next: NEXT })).toEqual([expect.closeTo(0.3, 12)]);
  });
});
