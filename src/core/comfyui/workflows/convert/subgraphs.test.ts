import { describe, expect, it } from 'vitest';
import type { Json } from '../document';
import { input, node, output, promptOf, widgetInput, workflow, type Fields } from '../testing/graphs';

type Ends = [id: number, from: number, fromSlot: number, to: number, toSlot: number];

const link = (...[id, origin_id, origin_slot, target_id, target_slot]: Ends): Fields => ({
  id,
  origin_id,
  origin_slot,
  target_id,
  target_slot,
  type: '*',
});

const subgraph = (id: string, fields: Fields): Fields => ({
  id,
  name: id,
  version: 1,
  inputNode: { id: -10 },
  outputNode: { id: -20 },
  inputs: [],
  outputs: [],
  nodes: [],
  links: [],
  groups: [],
  ...fields,
});

/** A text encoder whose CLIP and text come from outside. */
const ENCODE = subgraph('encode', {
  inputs: [
    { id: 'a', name: 'clip', type: 'CLIP', linkIds: [1] },
    { id: 'b', name: 'words', type: 'STRING', linkIds: [2] },
  ],
  outputs: [{ id: 'c', name: 'CONDITIONING', type: 'CONDITIONING', linkIds: [3] }],
  nodes: [
    node(1, 'CLIPTextEncode', {
      inputs: [input('clip', 'CLIP', 1), widgetInput('text', 'STRING', 2)],
      outputs: [output('CONDITIONING', 'CONDITIONING', [3])],
      widgets_values: ['inside'],
    }),
  ],
  links: [link(1, -10, 0, 1, 0), link(2, -10, 1, 1, 1), link(3, 1, 0, -20, 0)],
});

const LOADER = node(4, 'CheckpointLoaderSimple', { widgets_values: ['a.safetensors'] });

function around(instance: Fields, definitions: Json[] = [ENCODE]) {
  return promptOf(
    workflow(
      [
        LOADER,
        node(5, 'encode', {
          inputs: [input('clip', 'CLIP', 1)],
          outputs: [output('CONDITIONING', 'CONDITIONING', [2])],
          ...instance,
        }),
        node(6, 'ConditioningZeroOut', { inputs: [input('conditioning', 'CONDITIONING', 2)] }),
      ],
      [
        [1, 4, 1, 5, 0, 'CLIP'],
        [2, 5, 0, 6, 0, 'CONDITIONING'],
      ],
      { definitions: { subgraphs: definitions } },
    ),
  );
}

describe('a subgraph', () => {
  it('gives what the output lists last, where two nodes are joined to it', () => {
    const zero = node(2, 'ConditioningZeroOut', {
      inputs: [input('conditioning', 'CONDITIONING', 4)],
      outputs: [output('CONDITIONING', 'CONDITIONING', [5])],
    });
    const twice = (linkIds: number[]): Fields => ({
      ...ENCODE,
      outputs: [{ id: 'c', name: 'CONDITIONING', type: 'CONDITIONING', linkIds }],
      nodes: [...(ENCODE['nodes'] as Json[]), zero],
      links: [...(ENCODE['links'] as Json[]), link(4, 1, 0, 2, 0), link(5, 2, 0, -20, 0)],
    });
    const given = (linkIds: number[]) => around({}, [twice(linkIds)])['6'].inputs['conditioning'];
    expect([given([5, 3]), given([3, 5]), given([])]).toEqual([
      ['5:1', 0],
      ['5:2', 0],
      ['5:2', 0],
    ]);
  });

  it('is unfolded, joined to what is around it', () => {
    expect(around({})).toEqual({
      '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
      '5:1': { class_type: 'CLIPTextEncode', inputs: { text: 'inside', clip: ['4', 1] } },
      '6': { class_type: 'ConditioningZeroOut', inputs: { conditioning: ['5:1', 0] } },
    });
  });

  it.each<[string, Fields, string]>([
    ['by name', { widgets_values_named: { words: 'named' }, widgets_values: ['listed'] }, 'named'],
    ['by the order of inputs that lead to a widget', { widgets_values: ['listed'] }, 'listed'],
    ['of a list of another length not at all', { widgets_values: ['listed', 5] }, 'inside'],
    ['by proxies', { widgets_values: ['proxied'], properties: { proxyWidgets: [['-1', 'words']] } }, 'proxied'],
    ['of an empty proxy inside', { widgets_values: [null], properties: { proxyWidgets: [['-1', 'words']] } }, 'inside'],
    [
      'of proxies of inner nodes inside',
      { widgets_values: [], properties: { proxyWidgets: [['1', 'text']] } },
      'inside',
    ],
  ])('has values %s', (_, instance, text) => {
    expect(around(instance)['5:1'].inputs['text']).toBe(text);
  });

  it('is absent where it is muted, and passed where it is bypassed', () => {
    expect(around({ mode: 2 })).toEqual({
      '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
      '6': { class_type: 'ConditioningZeroOut', inputs: {} },
    });
    const passes = { mode: 4, inputs: [input('clip', 'CLIP,CONDITIONING', 1)] };
    expect(around(passes)['6'].inputs).toEqual({ conditioning: ['4', 1] });
    expect(Object.keys(around(passes))).toEqual(['4', '6']);
  });

  it('is unknown without its definition', () => {
    expect(around({}, [])['5']).toEqual({ class_type: 'encode', inputs: { clip: ['4', 1] } });
  });

  it('nests: ids are paths, values go all the way in', () => {
    const outer = subgraph('outer', {
      inputs: [
        { name: 'clip', type: 'CLIP' },
        { name: 'prompt', type: 'STRING' },
      ],
      outputs: [{ name: 'CONDITIONING', type: 'CONDITIONING' }],
      nodes: [
        node(7, 'encode', {
          inputs: [input('clip', 'CLIP', 1), widgetInput('words', 'STRING', 2)],
          outputs: [output('CONDITIONING', 'CONDITIONING', [3])],
          widgets_values: ['middle'],
        }),
      ],
      links: [link(1, -10, 0, 7, 0), link(2, -10, 1, 7, 1), link(3, 7, 0, -20, 0)],
    });
    const nested = (more: Fields) => around({ type: 'outer', ...more }, [outer, ENCODE]);
    expect(nested({ widgets_values: ['outside'] })['5:7:1'].inputs).toEqual({ text: 'outside', clip: ['4', 1] });
    expect(nested({ widgets_values: [] })['5:7:1'].inputs['text']).toBe('middle');
    expect(nested({})['6'].inputs).toEqual({ conditioning: ['5:7:1', 0] });
  });

  it('gives a socket the value of the widget that the same input leads to', () => {
    const both = subgraph('encode', {
      ...ENCODE,
      nodes: [...(ENCODE['nodes'] as Json[]), node(2, 'PreviewAny', { inputs: [input('source', '*', 4)] })],
      links: [...(ENCODE['links'] as Json[]), link(4, -10, 1, 2, 0)],
    });
    expect(around({}, [both])['5:2'].inputs).toEqual({ source: 'inside' });
    expect(around({ widgets_values: ['own'] }, [both])['5:2'].inputs).toEqual({ source: 'own' });
  });

  it('hands on what comes in and goes straight out', () => {
    const pass = subgraph('encode', { ...ENCODE, nodes: [], links: [link(1, -10, 0, -20, 0)] });
    expect(around({}, [pass])['6'].inputs).toEqual({ conditioning: ['4', 1] });
  });

  it('that contains itself is one sentence', () => {
    const ring = subgraph('encode', { nodes: [node(1, 'encode')] });
    expect(() => around({}, [ring])).toThrow('The subgraph "encode" contains itself.');
  });

  it('that unfolds without end is one sentence', () => {
    const levels = Array.from({ length: 8 }, (_, i) =>
      subgraph(i === 0 ? 'encode' : `level ${i}`, {
        nodes: Array.from({ length: 10 }, (__, k) => node(k, `level ${i + 1}`)),
      }),
    );
    expect(() => around({}, levels)).toThrow('With its subgraphs unfolded this workflow has more than 50000 nodes.');
  });
});
