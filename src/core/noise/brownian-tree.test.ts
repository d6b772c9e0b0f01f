/** Brownian paths against torchsde, and the laws that every path obeys. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import fixture from './fixtures/brownian.json';
import { createBrownianTree, type BrownianTree, type NoiseId } from './index';
import { roundMicro } from './round-micro';

/** Last-bit differences of the normal numbers, over up to 24 levels. */
const NOISE_ABS = 1e-6;

type Case = (typeof fixture.cases)[number];

function treeOf({ options, shape, sigmaMin, sigmaMax }: Case): BrownianTree {
  const { kind, seed, ...rest } = options;
  const count = shape.reduce((product, size) => product * size);
  return createBrownianTree({ ...rest, kind: kind as NoiseId, seed: BigInt(seed), sigmaMin, sigmaMax, count });
}

describe.each(fixture.cases.map((c, i) => [`${i}: ${JSON.stringify(c.options)}, ${c.shape.join(' × ')}`, c] as const))(
  'createBrownianTree, case %s',
  (_, reference) => {
    const { ways, stride } = reference;
    const expectWay = (tree: BrownianTree, { from, to, values }: Case['ways'][number]): void => {
      const noise = tree.increment(from, to);
      expect(Math.ceil(noise.length / stride)).toBe(values.length);
      const differences = values.map((value, i) => Math.abs(noise[i * stride] - value));
      expect(Math.max(...differences)).toBeLessThan(NOISE_ABS);
    };

    it('gives the noise of torchsde', () => {
      const tree = treeOf(reference);
      for (const way of ways) expectWay(tree, way);
    });

    it('gives the same in any other order, and of a fresh tree', () => {
      const tree = treeOf(reference);
      for (const way of ways.toReversed()) expectWay(tree, way);
      for (const way of ways)
        expect(treeOf(reference).increment(way.from, way.to)).toEqual(tree.increment(way.from, way.to));
    });
  },
);

describe('createBrownianTree', () => {
  const options = { kind: 'nv', seed: 1, sigmaMin: 0.03, sigmaMax: 14.6, count: 4096 } as const;

  it('gives the noise that users of SDE samplers know, with its sign', () => {
    const sigmas = { sigmaMin: 0.0291675, sigmaMax: 14.614642 };
    const tree = createBrownianTree({ kind: 'cpu', seed: 42, ...sigmas, count: 256 });
    const known: [number, number, number[]][] = [
      [14.614642, 9.1029, [-1.320009, 0.867448, 0.907047, 0.432456]],
      [9.1029, 5.4784, [0.767169, -1.045132, -0.214724, 1.607837]],
      [0.2014, 0.0819, [0.628416, -0.411828, -0.67619, 0.358414]],
    ];
    for (const [from, to, values] of known)
      values.forEach((value, i) => expect(Math.abs(tree.increment(from, to)[i] - value)).toBeLessThan(NOISE_ABS));
  });

  it('gives noise of variance 1 for ways of any length', () => {
    const tree = createBrownianTree(options);
    for (const [from, to] of [
      [14.6, 0.03],
      [10, 9],
      [1, 0.9999],
      [0.031, 0.03],
    ]) {
      const noise = tree.increment(from, to);
      const variance = noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length;
      // Five standard errors: √(2/4096) each.
      expect(Math.abs(variance - 1)).toBeLessThan(0.11);
    }
  });

  it('adds up: the way down in two is the way down in one, and the way up its opposite', () => {
    const tree = createBrownianTree(options);
    const [upper, lower] = [tree.increment(9, 4), tree.increment(4, 3)];
    const sum = tree.increment(9, 3).map((value, i) => value * Math.sqrt(6) - upper[i] * Math.sqrt(5) - lower[i]);
    expect(Math.max(...sum.map(Math.abs))).toBeLessThan(1e-5);
    expect(tree.increment(3, 4)).toEqual(lower.map((value) => -value));
  });

  it('shares nothing between ways that do not overlap', () => {
    const tree = createBrownianTree(options);
    const [upper, lower] = [tree.increment(9, 4), tree.increment(4, 3)];
    const correlation = upper.reduce((sum, value, i) => sum + value * lower[i], 0) / upper.length;
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(4096));
  });

  it('stands still outside of its sigmas and over no way at all', () => {
    const tree = createBrownianTree({ ...options, count: 8 });
    expect(tree.increment(2, 2)).toEqual(new Float32Array(8));
    expect(tree.increment(20, 15)).toEqual(new Float32Array(8));
    const ratio = Math.sqrt(14.6 - 5) / Math.sqrt(20 - 5);
    tree.increment(20, 5).forEach((value, i) => expect(value).toBeCloseTo(tree.increment(14.6, 5)[i] * ratio, 5));
  });

  it('refuses a seed that is no whole number', () => {
    expect(() => createBrownianTree({ ...options, seed: 0.5 })).toThrow(AppError);
  });
});

describe('roundMicro', () => {
  it("is Python's round(x, 6)", () => {
    const wrong = fixture.rounding.filter(([value, rounded]) => roundMicro(value) !== rounded);
    expect(wrong).toEqual([]);
    expect(fixture.rounding.length).toBeGreaterThan(500);
  });
});
