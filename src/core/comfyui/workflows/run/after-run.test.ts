/** Seeds after a run, as ComfyUI's editor changes them. */
import { describe, expect, it } from 'vitest';
import { instanceValues, openComfyJson, toPrompt, widgetValues } from '../convert';
import type { Json } from '../document';
import { input, node, output, textToImage, widgetInput, workflow, type Fields } from '../testing/graphs';
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

  it('leaves alone what another node gives', () => {
    const primitive = node(10, 'PrimitiveInt', { outputs: [output('INT', 'INT', [20])], widgets_values: [5, 'fixed'] });
    const json = textToImage({
      sampler: {
        inputs: [widgetInput('seed', 'INT', 20)],
        widgets_values: [7, 'increment', 20, 8, 'euler', 'normal', 1],
      },
      nodes: [primitive],
      links: [[20, 10, 0, 3, 0, 'INT']],
    });
    const { document } = openComfyJson(json);
    expect(afterRun(document, Math.random)).toBe(document);
  });
});

/** A sampler in a subgraph, which may be in another, with the seed and the steps of the outermost instance. */
function promoted(instance: Fields, { isNested = false, mode = 'increment' } = {}) {
  const inner = (id: string, one: Fields) => ({
    ...{ id, name: id, version: 1, inputNode: { id: -10 }, outputNode: { id: -20 }, outputs: [], groups: [] },
    inputs: [
      { id: 'a', name: 'seed', type: 'INT', linkIds: [1] },
      { id: 'b', name: 'steps', type: 'INT', linkIds: [2] },
    ],
    nodes: [{ ...one, inputs: [widgetInput('seed', 'INT', 1), widgetInput('steps', 'INT', 2)] }],
    links: [
      { id: 1, origin_id: -10, origin_slot: 0, target_id: 1, target_slot: 0, type: 'INT' },
      { id: 2, origin_id: -10, origin_slot: 1, target_id: 1, target_slot: 1, type: 'INT' },
    ],
  });
  const sampler = node(1, 'KSampler', { widgets_values: [1, mode, 20, 8, 'euler', 'normal', 1] });
  const subgraphs = isNested
    ? [inner('outer', node(1, 'middle', { widgets_values: [2, 21] })), inner('middle', sampler)]
    : [inner('outer', sampler)];
  const inputs = [widgetInput('seed', 'INT', null), widgetInput('steps', 'INT', null)];
  const nodes = [node(5, 'outer', { inputs, ...instance })];
  return openComfyJson(workflow(nodes, [], { definitions: { subgraphs } as unknown as Json })).document;
}

describe('afterRun of seeds that a subgraph shows outside', () => {
  const seedOf = (document: ReturnType<typeof promoted>, path: string) => toPrompt(document)[path].inputs['seed'];

  it.each<[string, Fields]>([
    ['by order', { widgets_values: [77, 30] }],
    ['by name', { widgets_values: [77, 30], widgets_values_named: { seed: 77, steps: 30 } }],
    [
      'by proxies',
      {
        widgets_values: [30, 77],
        properties: {
          proxyWidgets: [
            ['-1', 'steps'],
            ['-1', 'seed'],
          ],
        },
      },
    ],
  ])('changes the instance’s own, %s', (_, instance) => {
    const before = promoted(instance);
    const after = afterRun(before, Math.random);
    expect([seedOf(before, '5:1'), seedOf(after, '5:1')]).toEqual([77, 78]);
    expect(toPrompt(after)['5:1'].inputs['steps']).toBe(30);
  });

  it('changes it through two, once', () => {
    const after = afterRun(promoted({ widgets_values: [77, 30] }, { isNested: true }), Math.random);
    expect(seedOf(after, '5:1:1')).toBe(78);
    const [outer] = after.root.nodes;
    expect([...instanceValues(outer, after.subgraphs[0])]).toEqual([
      ['seed', 78],
      ['steps', 30],
    ]);
  });

  it('leaves it as it is where it is fixed or joined, and draws it by order', () => {
    const fixed = promoted({ widgets_values: [77, 30] }, { mode: 'fixed' });
    expect(afterRun(fixed, Math.random)).toBe(fixed);
    expect(
      seedOf(
        afterRun(fixed, () => 0.25, 'randomize'),
        '5:1',
      ),
    ).toBe(2 ** 48);
    const joined = promoted({
      widgets_values: [77, 30],
      inputs: [input('seed', 'INT', 4), widgetInput('steps', 'INT', null)],
    });
    expect(afterRun(joined, Math.random).root).toBe(joined.root);
  });

  it('changes what is inside where the instance has none', () => {
    const inside = promoted({ widgets_values: [], properties: { proxyWidgets: [['1', 'seed']] } });
    expect(seedOf(afterRun(inside, Math.random), '5:1')).toBe(2);
  });
});
