/** Seeds after a run, as ComfyUI's editor changes them. */
import { describe, expect, it } from 'vitest';
import { openComfyJson, widgetValues } from '../convert';
import type { Json } from '../document';
import { node, textToImage, workflow } from '../testing/graphs';
import { afterRun } from './after-run';

/** The seed after runs, from the one given. */
function seedAfter(seed: Json, mode: Json, random = 0.5, forced?: string): unknown {
  const json = textToImage({ sampler: { widgets_values: [seed, mode, 20, 8, 'euler', 'normal', 1] } });
  const { root } = afterRun(openComfyJson(json).document, () => random, forced);
  const sampler = root.nodes.find(({ type }) => type === 'KSampler');
  return sampler && widgetValues(sampler).get('seed');
}

describe('afterRun', () => {
  it.each([
    [7, 'fixed', 7],
    [7, 'increment', 8],
    [7, 'decrement', 6],
    [0, 'decrement', 0],
    [7, 'increment-wrap', 8],
    [2 ** 50, 'increment', 2 ** 50],
    [2 ** 50, 'increment-wrap', 0],
    [2n ** 63n, 'increment', 2 ** 50],
    [2n ** 63n, 'fixed', 2n ** 63n],
    [7, 'randomize', 2 ** 49],
    [7, true, 2 ** 49],
    [7, false, 7],
  ])('makes of %s, %s: %s', (seed, mode, expected) => {
    expect(seedAfter(seed, mode)).toBe(expected);
  });

  it('draws below its limit, and by order also what is fixed', () => {
    expect(seedAfter(7, 'randomize', 1 - 2 ** -53)).toBe(2 ** 50 - 1);
    expect(seedAfter(7, 'fixed', 0.25, 'randomize')).toBe(2 ** 48);
  });

  it('changes primitives too, and nothing where all is fixed', () => {
    const primitive = (mode: string) =>
      openComfyJson(workflow([node(1, 'PrimitiveNode', { widgets_values: [5, mode] })])).document;
    expect(afterRun(primitive('increment'), Math.random).root.nodes[0]?.widgets).toEqual([6, 'increment']);
    const fixed = primitive('fixed');
    expect(afterRun(fixed, Math.random)).toBe(fixed);
  });
});
