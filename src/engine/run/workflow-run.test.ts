/** Workflows through the engine: what is run again, what is not, where it goes on, what is let go. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors';
import { bytesSyncSource } from '../../core/formats';
import { shardsOf } from '../../core/packs';
import type { GenerationRequest } from '../../core/recipe/request';
import { workflowOf, type Workflow } from '../../core/workflow';
import type { EngineEvent } from '../api';
import { Engine } from '../engine';
import { Model } from '../models/model';
import type { OperationContext } from '../operations/implementation';
import { IMPLEMENTATIONS } from '../operations/table';
import { createFake, FAKE_ENTRY, FAKE_PACK, type Fake, type Moment } from '../testing/fake-ports';
import { createFakeSource } from '../testing/fake-source';
import { KeptOutcomes } from './kept-outcomes';
import { StageClock } from './stage-clock';
import { NO_CONTROLS } from '../testing/no-controls';
import { NO_UPSCALERS } from '../testing/no-upscalers';
import { WorkflowRun } from './workflow-run';

const request: GenerationRequest = {
  ...{
    model: 'fake',
    prompt: 'abc <lora:x:1>',
    negativePrompt: 'z',
    sampler: 'euler',
    schedule: 'karras',
    noise: 'cpu',
  },
  ...{ steps: 3, cfgScale: 2, seed: 1, width: 64, height: 64 },
};

let fake: Fake;
let engine: Engine;
let events: EngineEvent[];
let moments: Moment[];
beforeEach(() => {
  fake = createFake();
  engine = new Engine(fake.ports);
  events = [];
  moments = [];
  fake.before = (moment) => void moments.push(moment);
});

const run = (workflow: Workflow, models = [FAKE_ENTRY]) =>
  engine.run(workflow, { models }, (event) => void events.push(event));
const paint = (changes: Partial<GenerationRequest> = {}) => {
  events = [];
  moments = [];
  return run(workflowOf({ ...request, ...changes }));
};
const stages = (): string[] => events.flatMap((event) => (event.type === 'stage' ? [event.stage] : []));
const notices = (): string[] => events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));

describe('Engine.run', () => {
  it('makes the bytes of the recipe that the workflow was made of', async () => {
    const { images } = await paint();
    const { pixels } = await new Engine(createFake().ports).generate(request, FAKE_ENTRY, () => undefined);
    expect(images).toEqual([pixels]);
  });

  it('tells of each node that it runs, is done, or is known from before', async () => {
    const told = () => events.flatMap((event) => (event.type === 'node' ? [`${event.node} ${event.state}`] : []));
    const { nodes } = workflowOf(request);
    await paint();
    const first = told();
    for (const { id } of nodes)
      expect(
        first.filter((line) => line.startsWith(`${id} `)),
        id,
      ).toEqual([`${id} running`, `${id} done`]);
    await paint();
    const of = (operation: string) => {
      const ids = nodes.filter((node) => node.operation === operation).map(({ id }) => id);
      return told().filter((line) => ids.some((id) => line.startsWith(`${id} `)));
    };
    expect(new Set(of('encode_text').map((line) => line.split(' ').at(-1)))).toEqual(new Set(['kept']));
    expect(of('sample')).toHaveLength(2);
  });

  it('keeps latents for the next workflow where it is asked to, and gives the same bytes', async () => {
    const asked = { models: [FAKE_ENTRY], keepsLatents: true };
    const again = () => engine.run(workflowOf(request), asked, (event) => void events.push(event));
    const first = await again();
    moments = [];
    const second = await again();
    expect(moments).toEqual(['decode']);
    expect(second.images).toEqual(first.images);
    await paint();
    expect(moments, 'a recipe paints').toEqual(['step', 'step', 'step', 'decode']);
  });

  it('encodes nothing for the same prompts, and says again what was left out of them', async () => {
    await paint();
    expect(stages()).toContain('encoding');
    const { images } = await paint({ seed: 2 });
    expect(stages()).toEqual(['denoising', 'decoding']);
    expect(moments).toEqual(['step', 'step', 'step', 'decode']);
    expect(notices()).toEqual([expect.stringMatching(/no LoRA "x"/)]);
    const alone = await new Engine(createFake().ports).generate({ ...request, seed: 2 }, FAKE_ENTRY, () => undefined);
    expect(images).toEqual([alone.pixels]);
  });

  it('encodes the prompt that is another alone, and keeps what the last workflow read', async () => {
    await paint();
    await paint({ prompt: 'def' });
    expect(moments.filter((moment) => moment === 'encode')).toHaveLength(1);
    const seen: number[] = [];
    const { run: encode } = IMPLEMENTATIONS.encode_text;
    Object.assign(IMPLEMENTATIONS.encode_text, {
      run: (...args: Parameters<typeof encode>) => {
        seen.push(args[0].length);
        return encode(...args);
      },
    });
    await paint({ prompt: 'def' });
    await paint(); // was let go with the workflow between
    Object.assign(IMPLEMENTATIONS.encode_text, { run: encode });
    expect(seen).toEqual([1]);
  });

  it('loads nothing for another CFG scale', async () => {
    await paint();
    await paint({ cfgScale: 5 });
    expect(moments).not.toContain('load');
  });

  it('goes on from the operation that failed', async () => {
    let isFull = true;
    fake.before = (moment) => {
      moments.push(moment);
      if (moment !== 'decode' || !isFull) return;
      isFull = false;
      throw new AppError('out-of-memory', 'no room');
    };
    const { images, timings } = await paint();
    expect(moments.filter((moment) => moment === 'step')).toHaveLength(3);
    expect(moments.filter((moment) => moment === 'encode')).toHaveLength(2);
    expect(timings.modelCalls).toBe(3);
    expect(
      notices().filter((message) => /LoRA/.test(message)),
      'said once',
    ).toHaveLength(1);
    expect(images).toEqual(
      (await new Engine(createFake().ports).run(workflowOf(request), { models: [FAKE_ENTRY] }, () => undefined)).images,
    );
  });

  it('breathes once a model call: each time takes milliseconds', async () => {
    let breaths = 0;
    const { breathe } = fake.ports;
    fake.ports.breathe = () => {
      breaths++;
      return breathe();
    };
    await paint({ steps: 3 });
    const few = breaths;
    breaths = 0;
    await paint({ steps: 23 });
    expect(breaths - few).toBeLessThanOrEqual(20);
    expect(breaths).toBeGreaterThanOrEqual(23);
  });

  it('keeps several images of one workflow, in their order', async () => {
    const { nodes } = workflowOf(request);
    const twice: Workflow = {
      version: 1,
      nodes: nodes.flatMap((node) => {
        if (!['sample', 'decode', 'keep'].includes(node.id)) return [node];
        const inputs = Object.entries(node.inputs).map(([name, wire]) => [
          name,
          ['sample', 'decode'].includes(wire.node) ? { ...wire, node: `${wire.node} 2` } : wire,
        ]);
        const second = { ...node, id: `${node.id} 2`, inputs: Object.fromEntries(inputs) as typeof node.inputs };
        return [node, { ...second, settings: { ...node.settings, ...(node.id === 'sample' && { seed: 2 }) } }];
      }),
    };
    const { images } = await run(twice);
    const first = await paint();
    const second = await paint({ seed: 2 });
    expect(images).toEqual([...first.images, ...second.images]);
  });

  it('refuses a workflow that is none, one without its model, and a second at the same time', async () => {
    await expect(run({ version: 1, nodes: [] })).rejects.toThrow(/keeps nothing/);
    await expect(run(workflowOf({ ...request, model: 'other' }))).rejects.toThrow(/names a model "other"/);
    const sized = workflowOf({ ...request, width: 32 });
    await expect(run(sized)).rejects.toThrow('Width must be from 64 to 128, not 32.');
    const first = paint();
    await expect(run(workflowOf(request))).rejects.toMatchObject({ code: 'busy' });
    await first;
  });

  it('notices that the files behind a model are others', async () => {
    let revision = 'first';
    const entry = { ...FAKE_ENTRY, source: { kind: 'imported' as const } };
    const zeros = (file: string) =>
      bytesSyncSource(file, new Uint8Array(shardsOf(FAKE_PACK).find((shard) => shard.file === file)?.byteLength ?? 0));
    const packs = {
      open: () => Promise.resolve({ pack: FAKE_PACK, shard: (file: string) => Promise.resolve(zeros(file)) }),
      revision: () => Promise.resolve(revision),
    };
    engine = new Engine({ ...fake.ports, packs });
    const again = () => {
      moments = [];
      return engine.generate(request, entry, () => undefined);
    };
    await again();
    expect(moments).toContain('load');
    await again();
    expect(moments).not.toContain('load');
    revision = 'imported again';
    await again();
    expect(moments.filter((moment) => moment === 'load')).toHaveLength(3);
    expect(moments).toContain('encode');
  });
});

describe('WorkflowRun', () => {
  it('keeps nothing of what is made of a tile', async () => {
    const pixels = { width: 96, height: 64, data: new Uint8ClampedArray(4 * 96 * 64).fill(255) };
    const redrawn = { initImage: 'tiled', redraw: 'linear', redrawTileWidth: 64, redrawUpscaler: 'none' } as const;
    const { nodes } = workflowOf({ ...request, ...redrawn, redrawScale: 1 });
    const some = nodes.filter(
      ({ id, operation }) => operation === 'load_image' || /^(larger|tile 1 (mask|fit))$/.test(id),
    );
    expect(some.map(({ operation }) => operation)).toEqual(['load_image', 'enlarge_to', 'tile_mask', 'fit_masked']);
    const added: string[] = [];
    const kept = new KeptOutcomes();
    kept.set = (key) => void added.push(key);
    const states: EngineEvent[] = [];
    const onEvent = (event: EngineEvent) => void states.push(event);
    const context: Partial<OperationContext> = {
      ...{ onEvent, image: () => pixels, pause: () => Promise.resolve(), check: () => undefined },
      ...{ upscalers: NO_UPSCALERS, clock: new StageClock(() => 0, onEvent) },
    };
    await new WorkflowRun({ version: 1, nodes: some }, kept).walk(context as OperationContext);
    expect(states.filter((event) => event.type === 'node' && event.state === 'done')).toHaveLength(4);
    expect(states.filter(({ type }) => type === 'painted')).toHaveLength(1);
    expect(IMPLEMENTATIONS.fit_masked.isKept).toBe(true);
    expect(added).toEqual([]);
  });

  it('lets go of what no operation to come reads', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const tokenizer = { encode: () => [], startId: 1, endId: 2, padId: 2, commaId: undefined, contextLength: 6 };
    const { source } = createFakeSource({
      traits: { texts: [{ component: 'text_encoder', tokenizer, width: 1 }] },
      run: (component): Record<string, Float32Array> => {
        if (component === 'text_encoder') return { last_hidden_state: new Float32Array(6) };
        return component === 'vae_decoder'
          ? { sample: new Float32Array(3 * 64 * 64) }
          : { out_sample: new Float32Array(8 * 32 * 32).fill(0.1) };
      },
    });
    const model = new Model({ entry: FAKE_ENTRY, source, device: { provider: 'wasm', adapter: '' }, now: () => 0 });
    const kept = new KeptOutcomes();
    const walking = new WorkflowRun(workflowOf(request), kept);
    const { run: decode } = IMPLEMENTATIONS.decode_latent;
    let latent: WeakRef<object> | undefined;
    Object.assign(IMPLEMENTATIONS.decode_latent, {
      run: (...args: Parameters<typeof decode>) => {
        latent = new WeakRef(args[0][0].inputs.latent);
        return decode(...args);
      },
    });
    await walking.walk({
      models: {
        refer: (id) => Promise.resolve({ id, revision: '', adapters: [] }),
        adapterRevision: () => '',
        partRevision: () => Promise.resolve(''),
        get: () => Promise.resolve(model),
      },
      upscalers: NO_UPSCALERS,
      controls: NO_CONTROLS,
      embeddings: [],
      image: () => ({ width: 1, height: 1, data: new Uint8ClampedArray(4) }),
      onEvent: () => undefined,
      clock: new StageClock(
        () => 0,
        () => undefined,
      ),
      ports: { now: () => 0, breathe: () => Promise.resolve() },
      isOver: () => false,
      check: () => undefined,
      pause: () => Promise.resolve(),
      keep: () => undefined,
    });
    Object.assign(IMPLEMENTATIONS.decode_latent, { run: decode });
    await new Promise((resolve) => setTimeout(resolve));
    collect();
    expect(latent).toBeDefined();
    expect(latent?.deref()).toBeUndefined();
    await walking.walk({} as never); // all is done: nothing is asked of the world
  });
});
