import { describe, expect, it } from 'vitest';
import { openComfyJson, readJson, type Bag, type Json } from '../../../core/comfyui/workflows';
import { node, textToImage, workflow, type Fields } from '../../../core/comfyui/workflows/testing/graphs';
import { GraphEditor } from './editor.svelte';
import { moveAll } from './edits';
import { openGraph } from './open-graph';
import { workflowText } from './save-graph';

const edit = (json: Json): GraphEditor => new GraphEditor(openComfyJson(json).document, 'pear.json');
const valuesOf = (editor: GraphEditor, id: number): unknown =>
  editor.document.root.nodes.find((one) => one.id === id)?.widgets;

const NESTED = workflow([node(5, 'outer'), node(6, 'outer')], [], {
  definitions: {
    subgraphs: [
      {
        id: 'outer',
        name: 'Outer',
        inputs: [],
        outputs: [],
        nodes: [node(7, 'inner', { title: 'Mine' })],
        links: [],
        groups: [],
      },
      {
        ...{ id: 'inner', name: 'Inner', inputs: [], outputs: [], links: [], groups: [] },
        nodes: [node(9, 'EmptyLatentImage', { widgets_values: [512, 512, 1] })],
      },
    ],
  },
});

describe('GraphEditor', () => {
  it('changes a value, back and forth, and leaves the rest of the file as it was', () => {
    const editor = edit(textToImage());
    editor.setField('3', 'steps', 30);
    expect(valuesOf(editor, 3)).toEqual([77, 'randomize', 30, 8, 'euler', 'normal', 1]);
    const saved = readJson(workflowText(editor.document)) as Bag;
    const expected = textToImage({ sampler: { widgets_values: [77, 'randomize', 30, 8, 'euler', 'normal', 1] } });
    expect(saved).toEqual(expected);
    expect([editor.canUndo, editor.canRedo, editor.isChanged]).toEqual([true, false, true]);
    editor.undo();
    expect(valuesOf(editor, 3)).toEqual([77, 'randomize', 20, 8, 'euler', 'normal', 1]);
    expect([editor.canUndo, editor.canRedo, editor.isChanged]).toEqual([false, true, false]);
    editor.redo();
    expect(editor.analysis?.prompt['3']?.inputs['steps']).toBe(30);
  });

  it('forgets what was taken back when something else is done', () => {
    const editor = edit(textToImage());
    editor.setField('3', 'steps', 30);
    editor.undo();
    editor.setField('3', 'cfg', 5);
    expect(editor.canRedo).toBe(false);
  });

  it('moves boxes to where they are dropped, titles above the place', () => {
    const editor = edit(textToImage());
    moveAll(editor, new Map([['5', [100, 170]]]));
    expect(editor.document.root.nodes.find(({ id }) => id === 5)?.pos).toEqual([100, 200]);
    const before = editor.document;
    moveAll(
      editor,
      new Map([
        ['5', [100, 170]],
        ['-10', [0, 0]],
      ]),
    );
    expect(editor.document).toBe(before);
  });

  it('draws anew only what was changed', () => {
    const editor = edit(textToImage());
    const before = editor.shape.boxes;
    editor.setField('6', 'text', 'a plum');
    const after = editor.shape.boxes;
    expect(after.filter((box, i) => box !== before[i]).map(({ id }) => id)).toEqual(['6']);
  });

  it('goes into subgraphs and out of them, and changes what all instances share', () => {
    const editor = edit(NESTED);
    editor.enter('5');
    editor.enter('7');
    expect(editor.crumbs.map(({ title }) => title)).toEqual(['pear.json', 'Outer', 'Mine']);
    editor.setField('9', 'width', 640);
    expect(editor.analysis?.prompt['5:7:9']?.inputs['width']).toBe(640);
    expect(editor.analysis?.prompt['6:7:9']?.inputs['width']).toBe(640);
    editor.leaveTo(1);
    expect([editor.path, editor.focus]).toEqual([['5'], { id: '7' }]);
    editor.undo();
    // Where it was changed is shown.
    expect(editor.path).toEqual(['5', '7']);
    editor.reveal('6:7');
    expect([editor.path, editor.focus]).toEqual([['6'], { id: '7' }]);
  });

  it('says why a workflow cannot be unfolded', () => {
    const loop: Fields = { id: 'a', name: 'A', inputs: [], outputs: [], links: [], groups: [], nodes: [node(1, 'a')] };
    const editor = edit(workflow([node(1, 'a')], [], { definitions: { subgraphs: [loop] } }));
    expect(editor.analysis).toBeUndefined();
    expect(editor.problem).toBe('The subgraph "A" contains itself.');
    expect(editor.shape.boxes).toHaveLength(1);
  });
});

describe('openGraph', () => {
  /** jsdom's files cannot be read. */
  const file = (json: Json): Blob =>
    Object.assign(new Blob(), {
      arrayBuffer: () => Promise.resolve(new TextEncoder().encode(JSON.stringify(json)).buffer as ArrayBuffer),
    });

  it('opens a file, and refuses one without a workflow in a sentence', async () => {
    const editor = await openGraph(file(textToImage()), '');
    expect([editor.name, editor.list.length]).toEqual(['Workflow', 7]);
    await expect(openGraph(file({ a: 1 }), 'a.json')).rejects.toThrow('There is no workflow of ComfyUI in this file.');
  });
});
