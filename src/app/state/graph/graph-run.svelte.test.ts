/** The run of an open graph, without its page. */
import { describe, expect, it } from 'vitest';
import { openComfyJson, widgetValues } from '../../../core/comfyui/workflows';
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

function open() {
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
  const json = textToImage({ sampler: { widgets_values: [77, 'increment', 20, 8, 'euler', 'normal', 1] } });
  const editor = new GraphEditor(openComfyJson(json).document, 'pear.json');
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
});
