/** The run of an open graph, without its page. */
import { describe, expect, it } from 'vitest';
import { openComfyJson, toWorkflow, widgetValues } from '../../../core/comfyui/workflows';
import { textToImage } from '../../../core/comfyui/workflows/testing/graphs';
import { AppError } from '../../../core/errors';
import { CATALOG } from '../../testing/catalog';
import { last, queueUnderTest, settled } from '../../testing/queue';
import type { AddOptions } from '../line/work';
import type { GenerationRequest } from '../../../core/recipe/request';
import { GraphEditor } from './editor.svelte';
import { runOf } from './graph-run.svelte';
import { aboutFile } from './matching';

const [model] = CATALOG.models;
const STEPS = [77, 'increment', 20, 8, 'euler', 'normal', 1];

function open(document = openComfyJson(textToImage({ sampler: { widgets_values: STEPS } })).document) {
  const { queue, turns } = queueUnderTest();
  const parts = {
    library: {
      usable: [model],
      snapshot: { models: [] },
      adapters: [],
      controls: [],
      upscalers: [],
      vaes: [],
      texts: [],
    },
    gallery: { pictures: [], follow: () => undefined },
    ...{ queue, settings: { model }, startPictures: {}, held: new Set<string>(), said: undefined },
    enqueue: (request: GenerationRequest, options: AddOptions) => queue.add(request, options),
  } as unknown as Parameters<typeof runOf>[1];
  const editor = new GraphEditor(document, 'pear.json');
  return { run: runOf(editor, parts), editor, queue, turns, parts };
}
const seedOf = ({ document }: GraphEditor) => {
  const sampler = document.root.nodes.find(({ id }) => id === 3);
  return sampler && widgetValues(sampler).get('seed');
};

describe('GraphRun', () => {
  it('asks for what is missing, then runs, tells how far each node is, and names the one that failed', async () => {
    const { run, editor, queue, turns, parts } = open();
    expect(run.missingCount).toBe(1);
    expect(await run.run()).toBe(false);
    expect(run.problemOf('4')).toContain('orchard.safetensors');
    const [file] = run.openFiles;
    if (!file) throw new Error('one is asked for');
    expect(aboutFile(file.match)).toBe('not in your library');
    run.choose(file, model.id);
    expect(run.files.map(({ match }) => aboutFile(match))).toEqual([`${model.name} stands in for it, built in`]);
    expect([run.missingCount, run.problems]).toEqual([0, []]);

    expect(await run.run()).toBe(true);
    expect([run.isRunning, seedOf(editor), editor.isChanged]).toEqual([true, 78, false]);
    expect(last(turns).work.graph?.texts['prompt']).toContain('"seed":77');
    last(turns).onEvent({ type: 'node', node: '6 positive', state: 'kept' });
    last(turns).onEvent({ type: 'node', node: '3', state: 'running' });
    run.hear(queue.progress, queue.current?.graph);
    expect(['6', '3', '9'].map((id) => run.stateOf(id))).toEqual(['kept', 'running', undefined]);

    // As it is in line already.
    editor.setField('3', 'seed', 77);
    expect(await run.run()).toBe(false);
    expect(parts.said).toMatch(/Nothing has changed/);

    const graph = last(turns).work.graph;
    last(turns).reject(new AppError('out-of-memory', 'Full.'));
    await settled();
    run.hear(queue.progress, queue.current?.graph);
    if (graph) run.fail(graph, 'Full.');
    expect([run.problemOf('3'), run.stateOf('3'), run.stateOf('6')]).toEqual(['Full.', undefined, 'kept']);
    expect(await run.run(), 'what failed may be tried again').toBe(true);
  });

  it('finds the pictures of the form before it runs', async () => {
    const hash = 'a'.repeat(64);
    const { run, parts } = open(
      toWorkflow({
        '1': { class_type: 'LoadImage', inputs: { image: `${hash}.png` } },
        '2': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
      }),
    );
    Object.assign(parts.startPictures, {
      pixels: () => Promise.resolve({ width: 1, height: 1, data: new Uint8ClampedArray(4) }),
    });
    expect(run.missingCount).toBe(1);
    await run.findPictures();
    expect(run.missingCount).toBe(0);
  });
});
