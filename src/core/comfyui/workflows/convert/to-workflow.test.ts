import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newNode } from '../edit';
import { toPrompt, toWorkflow, type ApiPrompt } from '.';
import { readDocument, readJson, writeDocument, writeJson, type Json } from '../document';
import { NODES, nodeSpec, widgetSpecs } from '../nodes';
import { TEXT_TO_IMAGE } from '../testing/graphs';
import { layout } from './layout';

/** The prompt again, after it was saved as a file and opened. */
const again = (prompt: ApiPrompt): ApiPrompt =>
  toPrompt(readDocument(readJson(writeJson(writeDocument(toWorkflow(prompt))))));

const REAL = Object.keys(NODES).filter((type) => !NODES[type].isVirtual);

/** Names that are no input here: buttons and modes. */
const BESIDE =
  /^(upload|choose file to upload|control_after_generate.*|\$\$.*|fixed|increment|decrement|randomize|increment-wrap|videopreview)$/;

const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: false }).map((one) => (Object.is(one, -0) ? 0 : one)),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }).filter((one) => String(Number(one)) !== String(one)),
  fc.dictionary(fc.string(), fc.integer()),
  fc.array(fc.integer(), { maxLength: 3 }).map((list): Json => ({ __value__: list })),
) as fc.Arbitrary<Json>;

/** Nodes of known and unknown classes, with some of their inputs, some of another's, and links to each other, in rings too. */
const prompts: fc.Arbitrary<ApiPrompt> = fc
  .uniqueArray(fc.oneof(fc.nat().map(String), fc.string({ minLength: 1 }), fc.constant('5:12')), {
    minLength: 1,
    maxLength: 8,
  })
  .chain((ids) => {
    const link = fc.tuple(fc.constantFrom(...ids), fc.nat(4)) as fc.Arbitrary<Json>;
    const node = fc.oneof(fc.constantFrom(...REAL), fc.string()).chain((type) => {
      const spec = nodeSpec(type);
      const own = Object.keys(spec?.inputs ?? {});
      const name = fc.oneof(fc.string(), ...(own.length > 0 ? [fc.constantFrom(...own)] : []));
      const inputs = fc.dictionary(
        name.filter((one) => !BESIDE.test(one)),
        fc.oneof(value, link),
      );
      return fc.record({ class_type: fc.constant(spec?.isVirtual ? 'Mine' : type), inputs });
    });
    return fc.tuple(...ids.map(() => node)).map((nodes) => Object.fromEntries(ids.map((id, i) => [id, nodes[i]])));
  });

describe('toWorkflow', () => {
  it('gives a workflow that runs the same', () => {
    expect(again(TEXT_TO_IMAGE)).toEqual(TEXT_TO_IMAGE);
  });

  it('is undone by toPrompt, whatever the prompt', () => {
    fc.assert(
      fc.property(prompts, (prompt) => {
        expect(again(prompt)).toEqual(prompt);
      }),
      { numRuns: 100 },
    );
  });

  it.each(REAL)('writes values of %s by order as ComfyUI has them', (type) => {
    const spec = NODES[type];
    const inputs = Object.fromEntries(
      widgetSpecs(spec).map(([name, widget], i) => [name, widget.kind === 'int' ? i : `v${i}`] as const),
    );
    const document = toWorkflow({ '1': { class_type: type, inputs } });
    const [{ named, ...node }] = document.root.nodes;
    expect(named).toEqual(inputs);
    const bare = { ...document, root: { ...document.root, nodes: [node] } };
    expect(toPrompt(bare)['1'].inputs).toEqual(inputs);
  });

  it('keeps titles, and ids as numbers where they are', () => {
    const { root } = toWorkflow({
      '12': { class_type: 'X', inputs: {}, _meta: { title: 'Mine' } },
      '5:1': { class_type: 'Y', inputs: {} },
    });
    expect(root.nodes.map(({ id, title }) => [id, title])).toEqual([
      [12, 'Mine'],
      ['5:1', undefined],
    ]);
  });

  it('drops links to nodes that are not there', () => {
    const { root } = toWorkflow({ '1': { class_type: 'VAEDecode', inputs: { samples: ['9', 0] } } });
    expect([root.links, root.nodes[0].inputs.map(({ link }) => link)]).toEqual([[], [null, null]]);
  });

  it('joins sockets at both ends', () => {
    const { root } = toWorkflow(TEXT_TO_IMAGE);
    for (const { id, from, fromSlot, to, toSlot } of root.links) {
      expect(root.nodes.find((node) => node.id === from)?.outputs[fromSlot].links).toContain(id);
      expect(root.nodes.find((node) => node.id === to)?.inputs[toSlot].link).toBe(id);
    }
  });
});

describe('layout', () => {
  it('puts each node right of what it needs, none over another', () => {
    const { root } = toWorkflow(TEXT_TO_IMAGE);
    const at = new Map(root.nodes.map((node) => [node.id, node]));
    for (const { from, to } of root.links) {
      const [source, target] = [at.get(from), at.get(to)];
      expect((source?.pos[0] ?? 0) + (source?.size[0] ?? 0)).toBeLessThan(target?.pos[0] ?? 0);
    }
    for (const a of root.nodes)
      for (const b of root.nodes) {
        const apart = a.pos[0] + a.size[0] <= b.pos[0] || b.pos[0] + b.size[0] <= a.pos[0];
        const above = a.pos[1] + a.size[1] <= b.pos[1] || b.pos[1] + b.size[1] <= a.pos[1];
        if (a !== b) expect(apart || above).toBe(true);
      }
  });

  it('ends for rings, and for chains of 20,000 nodes', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => ({
      id: `${i}`,
      width: 1,
      height: 1,
      sources: [`${i - 1}`, '0'],
    }));
    expect(layout(chain).size).toBe(20_000);
    expect(
      layout([
        { id: 'a', width: 1, height: 1, sources: ['b'] },
        { id: 'b', width: 1, height: 1, sources: ['a', 'b'] },
      ]).size,
    ).toBe(2);
  });

  it('puts the text of a button after all values, where ComfyUI reads it', () => {
    const prompt = { '1': { class_type: 'LoadImageMask', inputs: { image: 'a.png', channel: 'red' } } };
    expect(toWorkflow(prompt).root.nodes[0]?.widgets).toEqual(['a.png', 'red', 'image']);
    expect(newNode('LoadImageMask', { id: 1, pos: [0, 0], fileOf: () => 'a.png' })?.widgets).toEqual([
      ...['a.png', 'alpha', 'image'],
    ]);
  });
});
