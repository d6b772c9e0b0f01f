/** Texts of graphs, as contexts by hand. */
import { describe, expect, it } from 'vitest';
import { guidanceOf } from './conditioning';
import type { Context } from './encode';
import { weighed } from './plain-conditioning';

const context = (...data: number[]): Context => ({ data: Float32Array.from(data), tokens: data.length / 2, width: 2 });

describe('weighed', () => {
  it('makes parts of one prompt, each with all of its tokens again until they have as many', () => {
    const prompt = weighed([
      { context: context(1, 2, 3, 4), weight: 3 },
      { context: context(5, 6, 7, 8, 9, 10), weight: -2 },
    ]);
    expect(prompt.tokens).toBe(6);
    const { positive } = guidanceOf(prompt, undefined)(0);
    expect(positive.map(({ weight }) => weight)).toEqual([3, -2]);
    expect(positive.map(({ context: { data } }) => [...data])).toEqual([
      [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4],
      [5, 6, 7, 8, 9, 10, 5, 6, 7, 8, 9, 10],
    ]);
  });
});
