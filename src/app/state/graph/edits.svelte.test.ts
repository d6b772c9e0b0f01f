/** What is done to a graph by hand, and the way back. */
import { describe, expect, it, vi } from 'vitest';
import { nested, textToImage, workflow } from '../../../core/comfyui/workflows/testing/graphs';
import { isSameJson, openComfyJson, writeClip, type Json } from '../../../core/comfyui/workflows';
import { onCopy, onPaste } from './clipboard';
import { GraphEditor } from './editor.svelte';
import * as edits from './edits';
import { choices, endings, goings, inputEnd, outputEnd } from './ends';
import { emptyGraph } from './form-graph';
import { onGraphKey } from './graph-keys';
import { workflowText } from './save-graph';

const edit = (json: Json): GraphEditor => new GraphEditor(openComfyJson(json).document, 'pear.json');
const ids = (editor: GraphEditor) => editor.graph.nodes.map(({ id }) => id);
const boxOf = (editor: GraphEditor, id: string) => {
  const box = editor.shape.boxes.find((one) => one.id === id);
  if (!box) throw new Error(id);
  return box;
};
const key = (name: string, more: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key: name, ...more });

describe('adding', () => {
  it('puts a node where it is wanted, chosen, with the file that is here', () => {
    const editor = emptyGraph();
    edits.addNode(editor, 'CheckpointLoaderSimple', { at: { x: 10, y: 20 } }, () => 'orchard');
    expect(editor.graph.nodes).toMatchObject([{ id: 1, pos: [10, 50], widgets: ['orchard'] }]);
    expect([editor.chosen, editor.focus]).toEqual([new Set(['1']), { id: '1' }]);
    edits.addNode(editor, 'Nobody');
    expect(ids(editor)).toEqual([1]);
    editor.undo();
    expect(editor.isChanged).toBe(false);
  });

  it('joins it to the link that asked for it, either way, to fields too', () => {
    const editor = edit(textToImage());
    edits.addNode(editor, 'VAEDecode', { from: { node: 3, slot: 0 }, type: 'LATENT' });
    expect(editor.graph.links.at(-1)).toMatchObject({ from: 3, to: 100, toSlot: 0, type: 'LATENT' });
    edits.addNode(editor, 'VAELoader', { to: { node: 100, slot: 1 }, type: 'VAE' });
    expect(editor.graph.links.at(-1)).toMatchObject({ from: 101, fromSlot: 0, to: 100, toSlot: 1 });
    edits.addNode(editor, 'PrimitiveInt', { to: { node: 3, slot: 'steps' }, type: 'INT' });
    expect(editor.analysis?.prompt['3']?.inputs['steps']).toEqual(['102', 0]);
    for (let i = 0; i < 3; i++) editor.undo();
    expect(isSameJson(openComfyJson(JSON.parse(workflowText(editor.document)) as Json).document.raw, textToImage())).toBe(true); // prettier-ignore
  });

  it('works inside subgraphs, and with subgraphs', () => {
    const editor = edit(nested());
    editor.enter('1');
    edits.addNode(editor, 'CLIPTextEncode', { from: { node: -10, slot: 0 }, type: 'CLIP' });
    expect(editor.document.subgraphs[0]?.links.at(-1)).toMatchObject({ from: -10, to: 201, type: 'CLIP' });
    editor.leaveTo(0);
    edits.addNode(editor, 'abc');
    expect(editor.graph.nodes.at(-1)).toMatchObject({ id: 202, type: 'abc' });
    expect(editor.analysis?.prompt).toHaveProperty('202:150');
  });
});

describe('links', () => {
  it('are made and taken out by the sockets that are drawn', () => {
    const editor = edit(textToImage());
    const [from, to] = [outputEnd(boxOf(editor, '6'), 'o0'), inputEnd(boxOf(editor, '3'), 'i2')];
    expect([from, to]).toEqual([
      { node: 6, slot: 0 },
      { node: 3, slot: 2 },
    ]);
    if (from && to) edits.join(editor, from, to);
    expect(editor.analysis?.prompt['3']?.inputs['negative']).toEqual(['6', 0]);
    expect(inputEnd(boxOf(editor, '3'), 'w steps')).toEqual({ node: 3, slot: 'steps' });
    expect(edits.join(editor, { node: 4, slot: 0 }, { node: 8, slot: 1 })).toBe(
      'This gives MODEL, and that takes VAE.',
    );
    edits.removeLinks(editor, [1, 555]);
    expect(editor.graph.links.some(({ id }) => id === 1)).toBe(false);
    editor.undo();
    editor.undo();
    expect(editor.canUndo).toBe(false);
  });

  it('are a choice for each input, with numbers where two are called the same', () => {
    const editor = edit(textToImage());
    const { sockets, fields } = endings(editor, boxOf(editor, '3'));
    expect(sockets.map(({ label, value }) => [label, value])).toEqual([
      ['model', '4 0'],
      ['positive', '6 0'],
      ['negative', '7 0'],
      ['latent_image', '5 0'],
    ]);
    expect(fields.map(({ label }) => label)).toContain('cfg');
    const positive = sockets[1];
    expect(positive && choices(editor, positive.to).map(({ label }) => label)).toEqual([
      'CLIP Text Encode (Prompt) · CONDITIONING (node 6)',
      'CLIP Text Encode (Prompt) · CONDITIONING (node 7)',
    ]);
    expect(goings(editor, boxOf(editor, '5'))).toEqual([{ id: 2, label: 'LATENT → KSampler · latent_image', to: '3' }]);
  });
});

describe('what is chosen', () => {
  it('is framed, moves with its frame, is duplicated and removed', () => {
    const editor = edit(textToImage());
    editor.choose(['5', '6']);
    edits.frameChosen(editor);
    expect(edits.insideFrame(editor, 'group 0')).toHaveLength(7); // all lie on one another
    edits.renameFrame(editor, 'group 0', 'Words');
    edits.moveAll(editor, new Map([['group 0', [5, 6]]]));
    expect(editor.graph.groups).toMatchObject([{ title: 'Words', bounding: [5, 6, 230, 140] }]);
    editor.choose(['3', '6', 'group 0']);
    edits.duplicateChosen(editor);
    expect(editor.chosen).toEqual(new Set(['100', '101', 'group 1']));
    expect(editor.graph.links.at(-1)).toMatchObject({ from: 100, to: 101, toSlot: 1 });
    edits.removeChosen(editor);
    expect([ids(editor).length, editor.graph.groups.length, editor.chosen.size]).toEqual([7, 1, 0]);
  });

  it.each<[string, KeyboardEventInit, (editor: GraphEditor) => unknown, unknown]>([
    ['m', {}, ({ graph }) => graph.nodes[2]?.mode, 2],
    ['b', { ctrlKey: true }, ({ graph }) => graph.nodes[2]?.mode, 4],
    ['ç', { altKey: true, code: 'KeyC' }, ({ graph }) => graph.nodes[2]?.isCollapsed, true],
    ['g', { ctrlKey: true }, ({ graph }) => graph.groups.length, 1],
    ['d', { metaKey: true }, ({ graph }) => graph.nodes.length, 8],
    ['a', { ctrlKey: true }, ({ chosen }) => chosen.size, 7],
    ['Delete', {}, (editor) => ids(editor), [4, 5, 7, 3, 8, 9]],
    ['Escape', {}, ({ chosen }) => chosen.size, 0],
    ['a', {}, ({ adding }) => adding, {}],
  ])('%s %j does its work', (name, more, found, expected) => {
    const editor = edit(textToImage());
    editor.choose(['6']);
    expect(onGraphKey(key(name, more), editor)).toBe(true);
    expect(found(editor)).toEqual(expected);
  });

  it('leaves other keys, and those in fields, to others', () => {
    const editor = edit(textToImage());
    expect(onGraphKey(key('x'), editor)).toBe(false);
    expect(onGraphKey(key('Escape'), editor)).toBe(false);
    const field = document.body.appendChild(document.createElement('textarea'));
    const typed = key('Delete', { bubbles: true });
    const heard = vi.fn((event: KeyboardEvent) => onGraphKey(event, editor));
    document.body.addEventListener('keydown', heard, { once: true });
    field.dispatchEvent(typed);
    expect(heard.mock.results[0]?.value).toBe(false);
    field.remove();
  });
});

describe('the clipboard', () => {
  /** jsdom has no clipboard events. */
  function clipboardEvent(data: Record<string, string>) {
    const clipboardData = {
      getData: (type: string) => data[type] ?? '',
      setData: (type: string, text: string) => (data[type] = text),
    };
    const event = { target: document.body, clipboardData, preventDefault: vi.fn(), stopPropagation: vi.fn() };
    return event as unknown as ClipboardEvent & { preventDefault: ReturnType<typeof vi.fn> };
  }

  it('cuts and pastes, in ComfyUI’s form', () => {
    const editor = edit(textToImage());
    editor.choose(['3', '6']);
    const data: Record<string, string> = {};
    onCopy(clipboardEvent(data), editor, { cuts: true });
    expect(ids(editor)).toEqual([4, 5, 7, 8, 9]);
    expect(data['text/html']).toContain('data-metadata="');
    onPaste(clipboardEvent(data), editor, () => undefined);
    expect(ids(editor)).toEqual([4, 5, 7, 8, 9, 100, 101]);
    expect(editor.graph.links.at(-1)).toMatchObject({ from: 100, to: 101 });
  });

  it('takes a workflow in, and leaves other words and empty choices alone', () => {
    const editor = edit(workflow([]));
    onPaste(clipboardEvent({ 'text/plain': JSON.stringify(textToImage()) }), editor, () => undefined);
    expect([ids(editor).length, editor.graph.links.length]).toEqual([7, 9]);
    const words = clipboardEvent({ 'text/plain': 'a pear' });
    onPaste(words, editor, () => undefined);
    expect(words.preventDefault).not.toHaveBeenCalled();
    editor.choose([]);
    const data: Record<string, string> = {};
    onCopy(clipboardEvent(data), editor);
    expect(data).toEqual({});
  });

  it('puts it where nothing is, and all of it in sight, in the graph and in the list', () => {
    for (const inSight of [() => ({ x: 100, y: 100 }), undefined]) {
      const editor = edit(textToImage());
      editor.inSight = inSight;
      const before = new Set(editor.shape.boxes.map(({ id }) => id));
      onPaste(clipboardEvent({ 'text/plain': JSON.stringify(textToImage()) }), editor, () => undefined);
      const [old, fresh] = [true, false].map((isOld) =>
        editor.shape.boxes.filter(({ id }) => before.has(id) === isOld),
      );
      expect([old.length, fresh.length]).toEqual([7, 7]);
      for (const a of old)
        for (const b of fresh) {
          const isApart =
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          expect(isApart, `${a.title} and ${b.title}`).toBe(true);
        }
      expect(editor.focus?.all).toEqual(fresh.map(({ id }) => id));
      editor.undo();
      expect(editor.shape.boxes.length).toBe(7);
    }
  });

  it('says why a subgraph cannot be pasted into itself', () => {
    const editor = edit(nested());
    editor.choose(['1']);
    const copied = edits.copyChosen(editor);
    editor.enter('1');
    const said: string[] = [];
    if (copied) onPaste(clipboardEvent({ 'text/plain': writeClip(copied).text }), editor, (words) => said.push(words));
    expect([said, ids(editor)]).toEqual([['A subgraph cannot hold itself.'], [150]]);
  });
});
