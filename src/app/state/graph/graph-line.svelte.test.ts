/** Workflows in line: made in their turn, kept, held, and delivered picture by picture. */
import { describe, expect, it, vi } from 'vitest';
import { readPictureText } from '../../../core/image/metadata';
import { AppError } from '../../../core/errors';
import { openComfyJson } from '../../../core/comfyui/workflows';
import { textToImage } from '../../../core/comfyui/workflows/testing/graphs';
import type { EventListener, GeneratedPicture, Pixels, WorkflowInputs } from '../../../engine/api';
import { bytesOfPng } from '../../testing/small-png';
import { CATALOG } from '../../testing/catalog';
import { makeBlobsReadable } from '../../testing/readable-blobs';
import { memoryGalleryStore } from '../../testing/gallery-store';
import { finish, last, queueUnderTest, request as form, settled } from '../../testing/queue';
import type { DeliverParts } from '../line/deliver-parts';
import type { Painted } from '../line/work';
import { Gallery } from '../gallery/gallery.svelte';
import { paintingAssets } from '../start/assets-of';
import { readStoredJobs, type StoredJob } from '../line/job';
import { compileGraph, keyOf } from './compile-graph';
import { deliverGraph } from './deliver-graph';
import { graphInputs, type GraphFiles } from './graph-inputs';
import type { GraphWork } from './graph-work';
import { runGraph } from './run-graph';

const [model] = CATALOG.models;
const shelf = {
  ...{ usable: [model], snapshot: { models: [] }, adapters: [], controls: [], upscalers: [], vaes: [], texts: [] },
  adapterFiles: () => Promise.resolve([]),
} as unknown as GraphFiles & Parameters<typeof compileGraph>[1]['library'];

function compiled(run = 'r1'): { request: GeneratedPicture['request']; graph: GraphWork } {
  const { work, request } = compileGraph(openComfyJson(textToImage()).document, {
    ...{ library: shelf, choices: { [keyOf('checkpoints', 'orchard.safetensors')]: model.id }, model: model.id },
    ...{ title: 'pear.json', run, random: Math.random, now: new Date() },
  });
  if (!work) throw new Error('it compiles');
  return { request, graph: { ...work, images: ['f00d'] } };
}

describe('the line', () => {
  it('gives the engine the workflow in its turn, keeps it between visits, and puts it back whole after a cancel', async () => {
    const { request, graph } = compiled();
    const { queue, turns } = queueUnderTest();
    queue.add(form(1));
    queue.add(request, { graph });
    expect(queue.startPictures, 'its pictures are not tidied away').toEqual(['f00d']);
    const kept = readStoredJobs(JSON.parse(JSON.stringify(queue.toStored().slice(1))));
    expect(kept).toEqual([{ request, graph, count: 1, done: 0 }]);
    await finish(turns);
    expect(last(turns).work).toMatchObject({ request, graph, model });
    queue.cancel();
    last(turns).reject(new AppError('cancelled', 'Cancelled.'));
    await settled();
    queue.undoCancel();
    expect(last(turns).work.graph).toEqual(graph);
    await finish(turns);
    const restored = queueUnderTest();
    restored.queue.restore(kept);
    expect([restored.turns.length, restored.queue.isHeld]).toEqual([0, true]);
    restored.queue.resume();
    expect(last(restored.turns).work.graph).toEqual(graph);
  });

  it('holds one that failed, to be made again', async () => {
    const { request, graph } = compiled();
    const { queue, turns } = queueUnderTest();
    queue.add(request, { graph });
    last(turns).reject(new AppError('out-of-memory', '"KSampler" (node 3): Full.'));
    await settled();
    expect(queue.failure?.job.graph).toEqual(graph);
    queue.resume();
    expect(last(turns).work.graph).toEqual(graph);
  });
});

describe('runGraph', () => {
  const pixels: Pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  const work = () => ({ ...compiled(), model });
  const engine = (run: (onEvent: EventListener) => Promise<unknown>) => ({
    run: vi.fn((_: unknown, __: WorkflowInputs, onEvent: EventListener) => run(onEvent) as never),
  });

  it('gives all pictures, and a model also where none is named', async () => {
    const one = engine(() => Promise.resolve({ images: [pixels, pixels], device: {}, timings: {} }));
    const made = await runGraph(one, work(), {}, () => undefined);
    expect([made.pixels, made.others]).toEqual([pixels, [pixels]]);
    expect(one.run.mock.calls[0]?.[1].models).toEqual([model]);
  });

  it('names the node that an error is of, and only of errors', async () => {
    const failing = (code: 'out-of-memory' | 'cancelled', state: 'running' | 'done') =>
      runGraph(
        engine((onEvent) => {
          onEvent({ type: 'node', node: '6 positive', state: 'running' });
          onEvent({ type: 'node', node: '6 positive', state });
          return Promise.reject(new AppError(code, 'Full.'));
        }),
        work(),
        {},
        () => undefined,
      );
    await expect(failing('out-of-memory', 'running')).rejects.toMatchObject({
      code: 'out-of-memory',
      message: '"CLIP Text Encode (Prompt)" (node 6): Full.',
    });
    await expect(failing('out-of-memory', 'done')).rejects.toMatchObject({ message: 'Full.' });
    await expect(failing('cancelled', 'running')).rejects.toMatchObject({ code: 'cancelled', message: 'Full.' });
  });
});

describe('graphInputs', () => {
  it('has what the workflow names, and says what has gone meanwhile', async () => {
    const { graph } = compiled();
    const pictures = { pixels: (hash: string) => Promise.resolve(hash === 'f00d' ? ({} as Pixels) : undefined) };
    const inputs = await graphInputs(graph, pictures, shelf);
    expect([inputs.models, Object.keys(inputs.images ?? {})]).toEqual([[model], ['f00d']]);
    await expect(graphInputs({ ...graph, images: ['gone'] }, pictures, shelf)).rejects.toMatchObject({
      code: 'missing-picture',
    });
    await expect(graphInputs(graph, pictures, { ...shelf, usable: [] })).rejects.toMatchObject({
      code: 'missing-file',
    });
  });
});

makeBlobsReadable();

describe('deliverGraph', () => {
  const picture = (side: number): Pixels => ({
    width: side,
    height: side,
    data: new Uint8ClampedArray(side * side * 4),
  });

  async function deliver(graph: GraphWork, request: GeneratedPicture['request']) {
    const store = memoryGalleryStore();
    const gallery = new Gallery({
      ...store,
      add: async (one, beside) => {
        const id = await store.add(one);
        beside?.(id);
        return id;
      },
    });
    const texts: string[] = [];
    const lines: StoredJob[][] = [];
    const keptIds: number[] = [];
    const parts = {
      ...{ gallery, version: 'gesso-test', library: { modelFacts: () => ({ model: 'orchard' }) } },
      finish: (made: GeneratedPicture, { infotext, ...rest }: { infotext?: string }) => {
        texts.push(infotext ?? 'as the recipe');
        const { width, height } = made.pixels;
        const facts = {
          madeAt: 1,
          width,
          height,
          request: made.request,
          ...rest,
          ...(infotext !== undefined && { infotext }),
        };
        return Promise.resolve({ facts, file: new Blob([bytesOfPng()]), thumbnail: new Blob() });
      },
      queueStore: () => ({ read: () => ({}), write: () => undefined, entry: (value: object) => ['line', value] }),
      onKept: (kept: number) => void keptIds.push(kept),
    } as unknown as DeliverParts;
    const made = { pixels: picture(2), others: [picture(4)], request, device: {}, timings: {} } as unknown as Painted;
    const settle = vi.fn();
    const turn = { work: { request, model, graph }, notices: ['a'], settle };
    const lineAfter = (id: number) => {
      lines.push([]);
      return id > 0 ? [] : [];
    };
    const id = await deliverGraph(parts, graph, made, { ...turn, lineAfter });
    return { gallery, texts, lines, id, settle, keptIds };
  }

  it('keeps each output with its node and its chunks; the line moves on with the last', async () => {
    const { request, graph } = compiled();
    const { gallery, lines, id, settle, texts, keptIds } = await deliver(
      { ...graph, outputs: ['9', '22'], isRecipe: false },
      request,
    );
    expect(gallery.pictures.map(({ id: one, width, graph: of }) => [one, width, of?.node, of?.run])).toEqual([
      [id, 4, '22', 'r1'],
      [id - 1, 2, '9', 'r1'],
    ]);
    expect(keptIds).toEqual([id - 1, id]);
    expect([lines.length, settle.mock.calls.length]).toEqual([1, 1]);
    expect(texts, 'no infotext: it is more than a recipe').toEqual(['', '']);
    expect(gallery.pictures[0]).not.toHaveProperty('infotext');
    expect(paintingAssets(gallery.pictures[0] as never)).toEqual(['f00d']);
    const file = await gallery.file(id);
    const { comfyPrompt, comfyWorkflow } = readPictureText(new Uint8Array((await file?.arrayBuffer()) ?? []));
    expect([comfyPrompt, comfyWorkflow]).toEqual([graph.texts['prompt'], graph.texts['workflow']]);
  });

  it('writes the recipe too where the graph is one', async () => {
    const { request, graph } = compiled();
    expect((await deliver(graph, request)).texts).toEqual(['as the recipe', 'as the recipe']);
  });
});
