import { describe, expect, it } from 'vitest';
import { fieldProblem } from '../../../core/recipe/problems';
import { assertExtent, fitExtent } from '../../../core/image/start-extent';
import { startSize } from './start-size';

const LIMITS = { min: 64, max: 2048, step: 8 };
const NATIVE = { width: 512, height: 512 };

describe('startSize', () => {
  it.each<[string, [number, number], [number, number]]>([
    ['a picture that the model likes, as it is', [512, 768], [512, 768]],
    ['odd sides, rounded', [601, 447], [600, 448]],
    ['a photo of twelve megapixels, in its shape', [4000, 3000], [592, 440]],
    ['a thumbnail, at least as large as can be', [30, 60], [64, 128]],
    ['a long strip', [4096, 100], [2048, 64]],
  ])('%s', (_what, [width, height], expected) => {
    const size = startSize({ width, height }, NATIVE, LIMITS);
    expect([size.width, size.height]).toEqual(expected);
  });

  it('is always one that the model paints', () => {
    for (let width = 8; width < 4096; width = Math.ceil(width * 1.37))
      for (let height = 8; height < 4096; height = Math.ceil(height * 1.61))
        for (const limits of [LIMITS, { min: 256, max: 1024, step: 64 }, { min: 100, max: 999, step: 8 }]) {
          const size = startSize({ width, height }, NATIVE, limits);
          expect([fieldProblem('width', size.width, limits), fieldProblem('height', size.height, limits)]).toEqual([
            undefined,
            undefined,
          ]);
        }
  });
});

describe('assertExtent', () => {
  it.each<[number, number, RegExp]>([
    [1, 1, /^a\.png has 1 × 1 pixels: at least 8 a side are needed\.$/],
    [20000, 1, /at least 8 a side/],
    [20000, 9, /too thin to start from\.$/],
    [20000, 20000, /at most 128 million/],
  ])('refuses %s × %s in one sentence', (width, height, sentence) => {
    expect(() => assertExtent('a.png', { width, height })).toThrow(sentence);
  });

  it('takes a photo of 100 megapixels, and keeps what is of use', () => {
    const photo = { width: 11648, height: 8736 };
    expect(() => assertExtent('a.jpg', photo)).not.toThrow();
    expect(fitExtent(photo)).toEqual({ width: 4096, height: 3072 });
  });
});
