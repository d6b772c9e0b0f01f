/** Parts of graphs copied, put in elsewhere, and taken over the clipboard. */
import { describe, expect, it } from 'vitest';
import { openComfyJson } from '../convert';
import { writeDocument, type ComfyDocument, type ComfyGraph, type Json } from '../document';
import { nested, node, promptOf, textToImage, workflow, type Fields } from '../testing/graphs';
import { copyPart, insertPart, readClip, writeClip } from '.';

const open = (json: Json): ComfyDocument => openComfyJson(json).document;
const withRoot = (document: ComfyDocument, root: ComfyGraph): ComfyDocument => ({ ...document, root });
const written = (document: ComfyDocument): Fields => writeDocument(document);
const nodeIn = (json: Fields, id: number): Fields | undefined =>
  (json['nodes'] as Fields[]).find((one) => one['id'] === id);
const TEXT = open(textToImage());
const NESTED = open(nested());

describe('copying', () => {
  const put = (document: ComfyDocument, json: ReturnType<typeof copyPart>, inside?: string) =>
    insertPart(document, document.root, json, { by: [20, 20], newId: () => 'new', ...(inside && { inside }) });

  it('keeps the links within, under new numbers', () => {
    const copied = copyPart(TEXT, TEXT.root, { nodes: new Set(['6', '3']) });
    const { graph, ids } = put(TEXT, copied);
    expect(ids).toEqual(['100', '101']);
    const json = written(withRoot(TEXT, graph));
    expect(nodeIn(json, 101)).toMatchObject({
      type: 'KSampler',
      pos: [30, 40],
      inputs: [{ link: null }, { link: 100 }, { link: null }, { link: null }],
      outputs: [{ links: [] }],
    });
    expect((json['links'] as Json[]).slice(9)).toEqual([[100, 100, 0, 101, 1, 'CONDITIONING']]);
    expect([json['last_node_id'], json['last_link_id']]).toEqual([101, 100]);
    const { '100': text, '101': sampler, ...rest } = promptOf(json);
    expect(rest).toEqual(promptOf(textToImage()));
    expect(text.inputs).toEqual({ text: 'a pear' });
    expect(sampler.inputs['positive']).toEqual(['100', 0]);
  });

  it('goes over the clipboard as ComfyUI has it, and comes back the same', () => {
    const copied = copyPart(TEXT, TEXT.root, { nodes: new Set(['4', '6', '3']) });
    const clip = writeClip(copied);
    const text = JSON.parse(clip.text) as Fields;
    expect(text['links']).toEqual([
      { id: 1, origin_id: 4, origin_slot: 0, target_id: 3, target_slot: 0, type: 'MODEL' },
      { id: 3, origin_id: 4, origin_slot: 1, target_id: 6, target_slot: 0, type: 'CLIP' },
      { id: 4, origin_id: 6, origin_slot: 0, target_id: 3, target_slot: 1, type: 'CONDITIONING' },
    ]);
    expect(JSON.stringify(text['nodes'])).not.toMatch(/"link":\d|"links":\[\d/);
    const expected = written(withRoot(TEXT, put(TEXT, copied).graph));
    for (const one of [{ html: clip.html }, { text: clip.text }]) {
      const read = readClip(one);
      expect(read && written(withRoot(TEXT, put(TEXT, read).graph))).toEqual(expected);
    }
  });

  it('reads letters of every script out of base64', () => {
    const document = open(workflow([node(1, 'Note', { widgets_values: ['梨 é 🍐'] })]));
    const { html } = writeClip(copyPart(document, document.root, { nodes: new Set(['1']) }));
    expect(readClip({ html })?.nodes[0]?.widgets).toEqual(['梨 é 🍐']);
  });

  it('reads what early editors copied, with links by place', () => {
    const [text, sampler] = [6, 3].map((id) => (textToImage()['nodes'] as Fields[]).find((one) => one['id'] === id));
    const early = {
      nodes: [text, sampler],
      links: [
        [0, 0, 1, 1, 6],
        [null, 1, 0, 0, 4],
      ],
    } as unknown as Json;
    const read = readClip({ text: JSON.stringify(early) });
    expect(read?.links).toMatchObject([{ from: 1, to: 2, fromSlot: 0, toSlot: 1, type: 'CONDITIONING' }]);
    expect(read?.nodes[1]?.inputs.map(({ link }) => link)).toEqual([null, 1, null, null]);
  });

  it('reads workflows and prompts that are pasted as text, and no other words', () => {
    expect(readClip({ text: JSON.stringify(textToImage()) })?.nodes).toHaveLength(7);
    expect(readClip({ text: JSON.stringify(promptOf(textToImage())) })?.links).toHaveLength(9);
    for (const text of ['a pear', '{"a": 1}', '[1, 2', '{"nodes": [], "links": []}', '{"nodes": [{}]}'])
      expect(readClip({ text })).toBeUndefined();
    expect(readClip({ html: '<span data-metadata="!!!!"></span>' })).toBeUndefined();
    expect(readClip({ html: '<span data-metadata="AAAA="></span>' })).toBeUndefined();
  });

  it('takes subgraphs along, and gives another of the same id one of its own', () => {
    const copied = copyPart(NESTED, NESTED.root, { nodes: new Set(['1']) });
    const empty = open(workflow([]));
    expect(put(empty, copied).subgraphs.map(({ id }) => id)).toEqual(['abc']);
    expect(put(NESTED, copied).subgraphs).toEqual(NESTED.subgraphs);
    const other = { ...NESTED, subgraphs: [{ ...NESTED.subgraphs[0], name: 'Other' }] };
    const { subgraphs, graph } = put(other, copied);
    expect(subgraphs.map(({ id, name }) => [id, name])).toEqual([
      ['abc', 'Other'],
      ['new', 'Half'],
    ]);
    expect(graph.nodes.at(-1)?.type).toBe('new');
    expect(() => put(NESTED, copied, 'abc')).toThrow('A subgraph cannot hold itself.');
  });
});
