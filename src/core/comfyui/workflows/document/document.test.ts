import { describe, expect, it } from 'vitest';
import { isSameJson, readDocument, readJson, writeDocument, writeJson, type ComfyDocument } from '.';
import { input, node, output, textToImage, workflow, type Fields } from '../testing/graphs';

/** Structures that occur, and damage that does. */
const FILES: Record<string, Fields> = {
  'a file of today': textToImage(),
  'places as objects': workflow([node(1, 'Note', { pos: { 0: 5, 1: -6.5 }, size: { 0: 100, 1: 80, 2: 0 } })]),
  'text ids': workflow([node('a', 'Note'), node('b:1', 'Reroute')], [[1, 'a', 0, 'b:1', 0, '*']]),
  'values as object': workflow([
    node(1, 'VHS_VideoCombine', { widgets_values: { frame_rate: 8, videopreview: { a: 1 } } }),
  ]),
  'values with names too': workflow([node(1, 'KSampler', { widgets_values: [1], widgets_values_named: { seed: 1 } })]),
  'links to nothing': workflow([node(1, 'Note')], [[1, 7, 0, 1, 0, 'IMAGE']]),
  'null links, nodes and groups': workflow([node(1, 'Note')], [], {
    links: [null, [1, 1, 0, 1, 0, 'IMAGE'], [2], 'x'],
    nodes: [null, 7, node(1, 'Note'), { type: 'x' }],
    groups: [null, { title: 'g', bounding: [1, 2, 3, 4] }, { title: 'no bounding' }],
  }),
  'types as numbers and lists': workflow([
    node(1, 'X', { inputs: [input('a', 'b', null, { type: -1 }), input('c', 'd', null, { type: ['x', 'y'] })] }),
  ]),
  'sockets that are none': workflow([node(1, 'X', { inputs: [null, 5], outputs: [null] })]),
  'unknown keys': workflow([node(1, 'X', { mine: { deep: [1] } })], [], { models: [{ name: 'a' }], seed_widgets: {} }),
  'no lists but nodes': { nodes: [] },
  'lists that are objects': { nodes: [], links: {}, groups: 'x', extra: 5 },
  subgraphs: workflow([node(1, 'abc', { outputs: [output('o', 'IMAGE', [])] })], [], {
    definitions: {
      subgraphs: [
        null,
        {
          id: 'abc',
          name: 'Sub',
          version: 1,
          inputNode: { id: -10, bounding: [0, 0, 1, 1] },
          inputs: [{ id: 'i', name: 'x', type: 'INT', linkIds: [1] }],
          outputs: [],
          nodes: [node(2, 'Note')],
          links: [{ id: 1, origin_id: -10, origin_slot: 0, target_id: 2, target_slot: 0, type: 'INT', parentId: 3 }],
          groups: [],
          state: { lastNodeId: 2 },
        },
      ],
      others: [1],
    },
  }),
};

const clone = (document: ComfyDocument): ComfyDocument => structuredClone(document);

describe.each(Object.entries(FILES))('%s', (_, json) => {
  it('is saved as it was opened, keys in their order', () => {
    const text = JSON.stringify(json);
    expect(JSON.stringify(writeDocument(clone(readDocument(readJson(text)))))).toBe(text);
  });
});

describe('readJson, writeJson', () => {
  it('keep whole numbers of 64 bits, NaN and infinities', () => {
    const text =
      '{"seed":18446744073709551615,"low":-9007199254740993,"a":[NaN,Infinity,-Infinity],"s":"NaN 18446744073709551615"}';
    expect(readJson(text)).toEqual({
      seed: 18446744073709551615n,
      low: -9007199254740993n,
      a: [NaN, Infinity, -Infinity],
      s: 'NaN 18446744073709551615',
    });
    expect(writeJson(readJson(text))).toBe(text);
  });

  it('keep long numbers that a double holds as numbers', () => {
    expect(readJson('[1125899906842624, 0.1234567890123456789, 1e400]')).toEqual([
      1125899906842624,
      0.12345678901234568,
      Infinity,
    ]);
  });

  it('are not led astray by texts that look like marks', () => {
    const value = { a: '\uE00012', b: 2n ** 63n, c: '\uE000' };
    expect(readJson(writeJson(value))).toEqual({ ...value });
  });

  it('refuse in one sentence', () => {
    expect(() => readJson('{"a": [1,')).toThrow('This JSON ends too early: the file is cut.');
    expect(() => readJson('prompt')).toThrow('This is no JSON.');
    expect(() => readJson('['.repeat(5000) + ']'.repeat(5000))).toThrow('This JSON nests deeper than 512 levels.');
  });
});

describe('isSameJson', () => {
  it('knows no order of keys, and tells values apart', () => {
    expect(isSameJson({ a: 1, b: [NaN] }, { b: [NaN], a: 1 })).toBe(true);
    expect(isSameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(isSameJson([1, 2], [2, 1])).toBe(false);
    expect(isSameJson(1n, 1)).toBe(false);
    expect(isSameJson([], {})).toBe(false);
  });
});

describe('writeDocument', () => {
  const opened = () => readDocument(textToImage({ sampler: { shape: 1, pos: { 0: 1, 1: 2 } } }));
  const edit = (change: (node: ComfyDocument['root']['nodes'][number]) => object): Fields => {
    const document = opened();
    const nodes = document.root.nodes.map((one) => (one.id === 3 ? { ...one, ...change(one) } : one));
    return writeDocument({ ...document, root: { ...document.root, nodes } });
  };
  const sampler = (json: Fields) => (json['nodes'] as Fields[]).find(({ id }) => id === 3);

  it('changes what was edited and nothing else', () => {
    const before = textToImage({ sampler: { shape: 1, pos: { 0: 1, 1: 2 } } });
    expect(sampler(edit(() => ({ mode: 4 })))).toEqual({ ...sampler(before), mode: 4 });
    expect(sampler(edit(() => ({ pos: [7, 8] })))).toEqual({ ...sampler(before), pos: [7, 8] });
    expect(sampler(edit(() => ({ isCollapsed: true, title: 'Mine' })))).toEqual({
      ...sampler(before),
      flags: { collapsed: true },
      title: 'Mine',
    });
  });

  it('counts on after what is new', () => {
    const document = opened();
    const links = [...document.root.links, { id: 120, from: 3, fromSlot: 0, to: 8, toSlot: 0, type: 'LATENT' }];
    const json = writeDocument({ ...document, root: { ...document.root, links } });
    expect([json['last_link_id'], json['last_node_id']]).toEqual([120, 99]);
    expect((json['links'] as unknown[]).at(-1)).toEqual([120, 3, 0, 8, 0, 'LATENT']);
  });

  it('writes a new document whole', () => {
    const { root } = opened();
    const bare = structuredClone(root.nodes[1]);
    delete bare.raw;
    const json = writeDocument({ root: { nodes: [bare], links: [], groups: [] }, subgraphs: [], extra: {} });
    expect(json).toMatchObject({ version: 0.4, last_node_id: 5, extra: {}, links: [], groups: [] });
    const [written] = json['nodes'] as Fields[];
    expect(written).toMatchObject({
      id: 5,
      type: 'EmptyLatentImage',
      pos: [10, 20],
      mode: 0,
      widgets_values: [512, 768, 1],
    });
    expect(readDocument(json).root.nodes[0]).toMatchObject(bare);
  });
});

describe('readDocument', () => {
  it('refuses what is no workflow, and too much', () => {
    expect(() => readDocument([])).toThrow('This is no workflow of ComfyUI: it has no list of nodes.');
    const many = Array.from({ length: 50_001 }, (_, i) => node(i, 'Note'));
    expect(() => readDocument({ nodes: many })).toThrow('This workflow has 50001 nodes; 50000 are allowed.');
  });
});
