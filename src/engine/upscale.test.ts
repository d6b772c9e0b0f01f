/** Pictures made larger, from the workflow to the pixels, with fakes. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UpscalerEntry } from '../core/catalog';
import { BUILT_IN_UPSCALER } from '../core/catalog/built-in-upscaler';
import { AppError } from '../core/errors';
import { bytesSource } from '../core/formats';
import { importCheckpoint } from '../core/packs';
import { memoryPacks } from '../core/packs/testing/memory-packs';
import type { GenerationRequest } from '../core/recipe/request';
import { workflowOf, type Workflow, type WorkflowNode } from '../core/workflow';
import type { DeviceReport, EngineEvent } from './api';
import { Engine } from './engine';
import { upscaleImage } from './operations/upscale-image';
import { createFake, FAKE_ENTRY, FAKE_PACK, type Fake } from './testing/fake-ports';

const ENTRY: UpscalerEntry = { ...BUILT_IN_UPSCALER, id: 'mine', name: 'Mine', source: { kind: 'imported' } };

const packs = memoryPacks();
beforeAll(async () => {
  const path = new URL('../core/networks/fixtures/upscaler-compact/weights.pth', import.meta.url);
  const source = bytesSource('mine.pth', new Uint8Array(await readFile(fileURLToPath(path))));
  const onProgress = (): void => undefined;
  const [id, draft] = ['mine', packs.create('mine')];
  await importCheckpoint({ sources: [source], id, name: 'Mine', plan: 'float16', isUpscaler: true, draft, onProgress });
});

const request = (side: number): GenerationRequest => ({
  model: 'fake',
  prompt: 'abc',
  negativePrompt: '',
  sampler: 'euler',
  schedule: 'karras',
  noise: 'cpu',
  steps: 2,
  cfgScale: 1,
  seed: 3,
  width: side,
  height: side,
});

/** A picture of that side, made larger `times` times over. */
function larger(side: number, times = 1): Workflow {
  const { nodes, version } = workflowOf(request(side));
  const decode = 'decode';
  const more = Array.from({ length: times }, (_, i): WorkflowNode => ({
    id: `larger ${i}`,
    operation: 'upscale_image',
    settings: { upscaler: 'mine' },
    inputs: { image: { node: i === 0 ? decode : `larger ${i - 1}`, output: 'image' } },
  }));
  const keep: WorkflowNode = {
    id: 'keep',
    operation: 'keep',
    settings: {},
    inputs: { image: { node: `larger ${times - 1}`, output: 'image' } },
  };
  return { version, nodes: [...nodes.slice(0, -1), ...more, keep] };
}

let fake: Fake;
let engine: Engine;
let events: EngineEvent[];
/** Upscaled patches, by their sides. */
let patches: number;

function open(device: Partial<DeviceReport> = {}): void {
  fake = createFake();
  events = [];
  patches = 0;
  fake.ports.packs.open = async (id) => packs.open(id);
  fake.after = (moment) => void (moment === 'upscale' && patches++);
  const { createRuntime } = fake.ports;
  fake.ports.createRuntime = async (choice) => {
    const runtime = await createRuntime(choice);
    return { ...runtime, device: { ...runtime.device, ...device } };
  };
  engine = new Engine(fake.ports);
}
beforeEach(() => open());

const run = (workflow: Workflow, upscalers = [ENTRY]) =>
  engine.run(workflow, { models: [FAKE_ENTRY], upscalers }, (event) => events.push(event));

const said = (): string[] => events.flatMap((event) => (event.type === 'notice' ? event.message : []));
const tiles = (): number[] => events.flatMap((event) => (event.type === 'tile' ? event.tile : []));

describe('upscale_image', () => {
  it('makes the picture of a workflow as much larger as its upscaler does', async () => {
    const { pixels } = await engine.generate(request(64), FAKE_ENTRY, () => undefined);
    const { images } = await run(larger(64));
    expect(images[0]).toMatchObject({ width: 256, height: 256 });
    for (const [x, y] of [
      [0, 0],
      [255, 255],
      [17, 200],
    ]) {
      const from = 4 * ((y >> 2) * 64 + (x >> 2));
      expect([...images[0].data.slice(4 * (y * 256 + x), 4 * (y * 256 + x) + 4)]).toEqual([
        ...pixels.data.slice(from, from + 4),
      ]);
    }
    expect(patches).toBe(1);
    expect(tiles()).toEqual([]);
    expect(fake.alive).toEqual({ sessions: 4, runtimes: 1 });
  });

  it('shows what it enlarges, unless that is large itself', async () => {
    await run(larger(64));
    const shown = events.filter((event) => event.type === 'painted');
    expect(shown.map(({ preview: { width, height } }) => [width, height])).toEqual([[64, 64]]);
    const at = (type: EngineEvent['type'], part?: Partial<EngineEvent>) =>
      events.findLastIndex(
        (event) =>
          event.type === type &&
          Object.entries(part ?? {}).every(([key, value]) => event[key as keyof EngineEvent] === value),
      );
    expect(at('painted')).toBeGreaterThan(at('step'));
    expect(at('painted')).toBeLessThan(at('node', { type: 'node', node: 'larger 0', state: 'done' }));
  });

  it('says where it is when it takes several patches', async () => {
    const { images } = await run(larger(128, 2));
    expect(images[0]).toMatchObject({ width: 2048, height: 2048 });
    expect(tiles()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(patches).toBe(10);
    const stages = events.flatMap((event) => (event.type === 'stage' ? event.stage : []));
    expect(stages.at(-1)).toBe('enlarging');
    expect(fake.alive.sessions).toBe(4); // one for all patches
  });

  it('ends between patches where it is cancelled', async () => {
    fake.before = (moment) => {
      if (moment === 'upscale' && patches === 3) engine.cancel();
    };
    await expect(run(larger(128, 2))).rejects.toMatchObject({ code: 'cancelled' });
    expect(patches).toBe(4);
  });

  it.each([
    ['values that are not numbers', NaN],
    ['one colour', 0.5],
  ])('begins again in full precision where half precision gives %s', async (_what, value) => {
    open({ halfPrecision: true });
    fake.after = (moment, output) => {
      if (moment === 'upscale' && patches++ === 0) output.fill(value);
    };
    const { images } = await run(larger(64));
    expect(said()).toEqual(['In half precision Mine gave no picture, so it was enlarged again in full precision.']);
    expect(patches).toBe(2);
    expect(new Set(images[0].data).size).toBeGreaterThan(2);
    await run(larger(64));
    expect(said()).toHaveLength(1); // known by now
    expect(fake.alive.sessions).toBe(4);
  });

  it('fails where full precision gives no numbers either', async () => {
    fake.after = (moment, output) => void (moment === 'upscale' && output.fill(NaN));
    await expect(run(larger(64))).rejects.toMatchObject({ code: 'not-a-number', message: /Mine gives values/ });
  });

  it('takes smaller patches where the usual do not fit', async () => {
    const sides: number[] = [];
    const { createRuntime } = fake.ports;
    fake.ports.createRuntime = async (choice) => {
      const runtime = await createRuntime(choice);
      return {
        ...runtime,
        createSession: async (graph) => {
          const session = await runtime.createSession(graph);
          return {
            ...session,
            run: (inputs) => {
              const { image } = inputs as Partial<typeof inputs>;
              if (image) sides.push(image.dims[3]);
              if (image && image.dims[3] > 150) throw new AppError('out-of-memory', 'fake: no room');
              return session.run(inputs);
            },
          };
        },
      };
    };
    const { images } = await run(larger(128, 2));
    expect(images[0].width).toBe(2048);
    expect([...new Set(sides)]).toEqual([128, 178, 111]);
  });

  it('goes on after a loss of the device without painting again', async () => {
    let isLost = false;
    fake.before = (moment) => {
      if (moment !== 'upscale' || isLost) return;
      isLost = true;
      fake.loseDevice();
      return new Promise<void>(() => undefined);
    };
    await run(larger(64));
    expect(fake.unetCalls).toHaveLength(2);
    expect(fake.alive).toMatchObject({ runtimes: 1 });
  });

  it('names what it cannot do', async () => {
    await expect(run(larger(64), [])).rejects.toMatchObject({
      code: 'missing-file',
      message: /upscaler "mine" is not here/,
    });
    fake.ports.packs.open = (id) => Promise.reject(new AppError('missing-file', `${id}: no such pack`));
    await expect(run(larger(64))).rejects.toMatchObject({ code: 'missing-file' });
    fake.ports.packs.open = () => Promise.resolve({ pack: FAKE_PACK, shard: () => Promise.reject(new Error('no')) });
    await expect(run(larger(64))).rejects.toMatchObject({ code: 'bad-file', message: 'Fake: this is no upscaler.' });
    const context = { upscalers: { get: () => Promise.resolve({ sizes: { scale: 4, multiple: 1 } }) } };
    const task = {
      key: '',
      settings: { upscaler: 'mine' },
      inputs: { image: { pixels: { width: 10_000, height: 1000 } } },
    };
    await expect(upscaleImage.run([task as never], context as never)).rejects.toMatchObject({
      code: 'bad-request',
      message:
        '10000 × 1000 made 4 times as large would be 40000 × 4000, which is too large; a picture of 4096 × 409 fits.',
    });
  });
});
