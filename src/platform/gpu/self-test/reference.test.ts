/** The self-test's own arithmetic, in closed forms; cases.test.ts holds it to ONNX Runtime on the CPU. */
import { describe, expect, it } from 'vitest';
import { attention, conv, erf, geglu, groupNormSilu, layerNorm, linear, silu, upsample2x } from './reference';

const near = (values: ArrayLike<number>) => [...Array.from(values)].map((value) => expect.closeTo(value, 12) as number);

describe('the reference', () => {
  it('multiplies', () => {
    expect([...linear([1, 2, 3, 4], [1, 0, 0, 1, 1, 1], [0, 0, 10])]).toEqual([1, 2, 13, 3, 4, 17]);
  });

  it('convolves: a kernel of ones counts the neighbours inside the image', () => {
    const ones = new Float64Array(9).fill(1);
    const dims = { channels: 1, height: 3, width: 3, size: 3, pad: 1 };
    expect([...conv(ones, ones, [0.5], { ...dims, stride: 1 })]).toEqual([4, 6, 4, 6, 9, 6, 4, 6, 4].map((n) => n + 0.5)); // prettier-ignore
    expect([...conv(ones, ones, [0], { ...dims, stride: 2 })]).toEqual([4, 4, 4, 4]);
  });

  it('normalises', () => {
    expect(near([-1, 1])).toEqual([...layerNorm([3, 7], [1, 1], [0, 0], 0)]);
    const image = [1, 3, 1, 3]; // two channels of two pixels, one group
    const dims = { channels: 2, height: 1, width: 2, groups: 1, epsilon: 0 };
    expect([...groupNormSilu(image, [1, 2], [0, 1], dims)]).toEqual(near([-1, 1, -1, 3].map(silu)));
  });

  it('repeats pixels', () => {
    expect([...upsample2x([1, 2, 3, 4], { height: 2, width: 2 })]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]); // prettier-ignore
  });

  it('mixes: equal keys give the mean, a causal first token itself', () => {
    const dims = { heads: 1, width: 2, queries: 2, keys: 2 };
    const [q, k, v] = [[1, 0, 5, 5], [1, 1, 1, 1], [2, 0, 4, 8]]; // prettier-ignore
    expect([...attention(q, k, v, dims)]).toEqual(near([3, 4, 3, 4]));
    expect([...attention(q, k, v, { ...dims, causal: true })]).toEqual(near([2, 0, 3, 4]));
  });

  it('gates: gelu(1) is Φ(1)', () => {
    expect(erf(Math.SQRT1_2)).toBeCloseTo(0.6826894921370859, 14); // 68.27 % within one standard deviation
    expect(erf(-3)).toBeCloseTo(-0.9999779095030014, 13);
    expect(erf(5)).toBe(1);
    expect(geglu([1], [2, 1], [0, 0])[0]).toBeCloseTo(2 * 0.8413447460685429, 14);
  });
});
