import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import type { GenerationRequest } from '../core/recipe/request';
import type { EngineEvent } from './api';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY, FAKE_PACK, toJson, type Fake } from './testing/fake-ports';

const request: GenerationRequest = {
  model: 'fake',
  prompt: 'abc',
  negativePrompt: 'z',
  sampler: 'euler_ancestral',
  schedule: 'karras',
  noise: 'cpu',
  steps: 4,
  cfgScale: 2,
  seed: 1,
  width: 64,
  height: 64,
};

let fake: Fake;
let engine: Engine;
let events: EngineEvent[];
const onEvent = (event: EngineEvent): void => void events.push(event);
const generate = (changes: Partial<GenerationRequest> = {}) =>
  engine.generate({ ...request, ...changes }, FAKE_ENTRY, onEvent);
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

beforeEach(() => {
  fake = createFake();
  engine = new Engine(fake.ports);
  events = [];
});

describe('Engine.generate', () => {
  it('tells the story in order: loading, encoding, denoising step by step, decoding', async () => {
    const picture = await generate();
    const story = events
      .filter((e) => e.type !== 'loaded' && !['call', 'node'].includes(e.type))
      .map((e) => (e.type === 'stage' ? e.stage : e.type === 'step' ? `step ${e.step}/${e.steps}` : e.type));
    expect(story.filter((line, i) => line !== story[i - 1])).toEqual([
      'loading',
      'device',
      'encoding',
      'denoising',
      'step 1/4',
      'step 2/4',
      'step 3/4',
      'step 4/4',
      'decoding',
    ]);
    expect(picture.pixels).toMatchObject({ width: 64, height: 64 });
    expect(picture.timings.modelCalls).toBe(4);
    const step = events.find((e) => e.type === 'step');
    expect(step?.type === 'step' && step.preview).toMatchObject({ width: 32, height: 32 });
  });

  it('makes identical bytes of identical requests, and others of another seed', async () => {
    const first = await generate();
    const second = await generate();
    const other = await generate({ seed: 2 });
    expect(second.pixels.data).toEqual(first.pixels.data);
    expect(other.pixels.data).not.toEqual(first.pixels.data);
  });

  it('runs positive and negative in one batch of two', async () => {
    await generate();
    expect(fake.unetCalls.map((call) => call['sample'].dims[0])).toEqual([2, 2, 2, 2]);
    const [positive, negative] = [
      fake.unetCalls[0]['encoder_hidden_states'].data[8],
      fake.unetCalls[0]['encoder_hidden_states'].data[80 + 8],
    ];
    expect([positive, negative]).toEqual(['a'.charCodeAt(0) % 17, 'z'.charCodeAt(0) % 17]);
  });

  it('skips the negative at CFG 1', async () => {
    const picture = await generate({ cfgScale: 1 });
    expect(fake.unetCalls.map((call) => call['sample'].dims[0])).toEqual([1, 1, 1, 1]);
    expect(picture.timings.modelCalls).toBe(4);
  });

  it('calls twice where positive and negative have different numbers of chunks', async () => {
    const picture = await generate({ prompt: 'a prompt of more than eight tokens' });
    expect(picture.timings.modelCalls).toBe(8);
    expect(fake.unetCalls.slice(0, 2).map((call) => call['encoder_hidden_states'].dims)).toEqual([
      [1, 50, 8],
      [1, 10, 8],
    ]);
  });

  it('tells what was loaded, once', async () => {
    const loaded = (): string[] => events.flatMap((e) => (e.type === 'loaded' ? [e.load.component] : []));
    const { timings } = await generate();
    expect(loaded()).toEqual(['text_encoder', 'unet', 'vae_decoder']);
    expect(timings.loads?.every(({ bytes, seconds }) => bytes > 0 && seconds >= 0)).toBe(true);
    expect(timings.model).toMatchObject({ residency: 'resident', plan: 'float32', activations: 'float32' });
    expect((await generate()).timings.loads).toEqual(timings.loads);
    expect(loaded()).toHaveLength(3);
  });

  it('paints every size with what was loaded for the first', async () => {
    await engine.load(FAKE_ENTRY, onEvent);
    for (const [width, height] of [
      [64, 64],
      [96, 80],
      [68, 100],
      [64, 64],
    ])
      expect((await generate({ width, height })).pixels).toMatchObject({ width, height });
    expect(events.flatMap((e) => (e.type === 'loaded' ? [e.load.component] : []))).toEqual([
      'text_encoder',
      'unet',
      'vae_decoder',
    ]);
    expect(fake.alive.sessions).toBe(3);
  });

  it('refuses a bad request with a sentence, before loading anything', async () => {
    const error = await failure(generate({ steps: 0, width: 63 }));
    expect(error).toMatchObject({ code: 'bad-request' });
    expect((error as AppError).message).toMatch(/Steps must be from 1 to 150, not 0\..*Width must be/);
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 0 });
  });

  it('refuses a second picture while one is made', async () => {
    const first = generate();
    expect(await failure(generate())).toMatchObject({ code: 'busy' });
    await first;
  });

  it('stops at the call that gives NaN, naming the noise level', async () => {
    fake.onUnetCall = (index) => {
      if (index === 2) fake.unetCalls[2]['sample'].data[5] = NaN;
    };
    const error = await failure(generate());
    expect(error).toMatchObject({ code: 'not-a-number' });
    expect(fake.unetCalls.length).toBe(3);
    expect((await generate()).timings.modelCalls, 'goes on at that call').toBe(2);
  });
});

describe('Engine.cancel', () => {
  it('answers before the next model call and leaves the engine ready', async () => {
    fake.onUnetCall = (index) => {
      if (index === 1) engine.cancel();
    };
    expect(await failure(generate())).toMatchObject({ code: 'cancelled' });
    const calls = fake.unetCalls.length;
    expect(calls).toBe(2);
    fake.onUnetCall = () => undefined;
    expect((await generate({ seed: 9 })).timings.modelCalls).toBe(4);
    expect(fake.alive.sessions).toBe(3);
  });

  it('waits for the call under way, which is known when the same is asked for again', async () => {
    const unbroken = await generate();
    let end: () => void = () => undefined;
    fake.onUnetCall = (index) => (index === 6 ? new Promise((resolve) => (end = resolve)) : undefined);
    let isOver = false;
    const cancelled = failure(generate({ seed: 3 })).finally(() => (isOver = true));
    while (fake.unetCalls.length < 7) await fake.ports.breathe();
    engine.cancel();
    for (let i = 0; i < 5; i++) await fake.ports.breathe();
    expect(isOver).toBe(false);
    end();
    expect(await cancelled).toMatchObject({ code: 'cancelled' });
    expect((await generate({ seed: 3 })).timings.modelCalls).toBe(1);
    expect((await generate()).pixels.data).toEqual(unbroken.pixels.data);
  });

  it('does not wait for a model that is still loading', async () => {
    let finish: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const { createRuntime } = fake.ports;
    fake.ports.createRuntime = async (choice) => {
      await slow;
      return createRuntime(choice);
    };
    const loading = engine.load(FAKE_ENTRY, onEvent);
    const picture = failure(generate());
    engine.cancel();
    expect(await picture).toMatchObject({ code: 'cancelled' });
    finish();
    await loading;
    expect((await generate()).timings.modelCalls).toBe(4);
  });

  it('is harmless when nothing runs', () => expect(() => engine.cancel()).not.toThrow());
});

/** As many bytes as the component has, but not the same. */
function wrongBytes(id: 'text_encoder'): Uint8Array {
  return new Uint8Array(FAKE_PACK.components[id]?.shards[0].byteLength ?? 0).fill(1);
}

describe('Engine with damaged files', () => {
  const changed = (component: object): Uint8Array =>
    toJson({ ...FAKE_PACK, components: { ...FAKE_PACK.components, ...component } });

  it.each<[string, Uint8Array | AppError, RegExp]>([
    ['unet-0.bin', new Uint8Array(20), /unet-0\.bin: has 20 bytes instead of \d+/],
    ['vae_decoder-0.bin', new Uint8Array(0), /vae_decoder-0\.bin: has 0 bytes/],
    ['text_encoder-0.bin', wrongBytes('text_encoder'), /text_encoder-0\.bin: is not what its SHA-256 says/],
    ['pack.json', new TextEncoder().encode('<!doctype html>'), /pack\.json: is not JSON/],
    ['pack.json', toJson({ ...FAKE_PACK, version: 3 }), /Fake: pack\.json must have version 1 or 2, not 3/],
    [
      'pack.json',
      changed({ unet: { ...FAKE_PACK.components.unet, config: { block_out_channels: [4] } } }),
      /unet\/config\.json: "down_block_types" is missing/,
    ],
    ['pack.json', changed({ text_encoder: undefined }), /this model has no text_encoder/],
    ['text_encoder-0.bin', new AppError('missing-file', 'text_encoder-0.bin: no such file'), /text_encoder/],
  ])('%s damaged: names it, keeps nothing loaded, works once it is mended', async (path, content, message) => {
    fake.replaced.set(path, content);
    const error = await failure(generate());
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).message).toMatch(message);
    expect(fake.alive.sessions).toBe(0);
    fake.replaced.clear();
    expect((await generate()).timings.modelCalls).toBe(4);
  });
});

describe('Engine when memory is short', () => {
  it('loads the parts in turn, says so, and leaves nothing loaded', async () => {
    fake.mostSessions = 2;
    const picture = await generate();
    expect(events.filter((e) => e.type === 'notice').map(({ message }) => message)).toEqual([
      'There was not enough memory for the whole model at once, so that its parts are now loaded in turn.',
    ]);
    expect(picture.timings.model).toMatchObject({ residency: 'in_turn' });
    expect(picture.timings.loads?.map(({ component }) => component)).toEqual(['text_encoder', 'unet', 'vae_decoder']);
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 1 });
    fake.onUnetCall = () => engine.cancel();
    expect(await failure(generate({ seed: 5 }))).toMatchObject({ code: 'cancelled' });
    fake.onUnetCall = () => undefined;
    await engine.load(FAKE_ENTRY, onEvent); // after what the cancel left behind
    expect(fake.alive.sessions).toBe(0);
  });

  it('does not try in turn what has no room however it is loaded', async () => {
    const { unet } = FAKE_PACK.components;
    const byteLength = 256 * 2 ** 20;
    const huge = Array.from({ length: 24 }, (_, i) => ({
      shard: { file: `huge-${i}.bin`, byteLength, sha256: '0'.repeat(64) },
      weight: { form: 'float32', shape: [byteLength / 4], data: { shard: 1 + i, offset: 0, byteLength } },
    }));
    const weights = { ...unet?.weights, ...Object.fromEntries(huge.map(({ weight }, i) => [`huge_${i}`, weight])) };
    const shards = [...(unet?.shards ?? []), ...huge.map(({ shard }) => shard)];
    const components = { ...FAKE_PACK.components, unet: { ...unet, shards, weights } };
    fake.replaced.set('pack.json', toJson({ ...FAKE_PACK, components }));
    const error = await failure(engine.load(FAKE_ENTRY, onEvent));
    expect(error).toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/U-Net takes 6\.0 GB/) as string,
    });
    expect(events.filter((e) => e.type === 'notice')).toEqual([]);
  });

  it('develops in tiles what does not fit as a whole, the same picture, and remembers', async () => {
    const large = { width: 128, height: 96, cfgScale: 1 }; // 64 × 48 cells
    const whole = await generate(large);
    expect(whole.timings.tiles).toBeUndefined();
    fake.mostCells = 40;
    events.length = 0;
    const tiled = await generate(large);
    expect(events.filter((e) => e.type === 'notice').map(({ message }) => message)).toEqual([
      'There was not enough memory for the whole model at once, so that its parts are now loaded in turn.',
      'There was not enough memory for the whole picture at once, so that it was developed in tiles.',
    ]);
    expect(tiled.timings.tiles).toBe(6); // of 32 cells: 48 were too many
    const differences = tiled.pixels.data.map((level, i) => Math.abs(level - whole.pixels.data[i]));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
    events.length = 0;
    await generate({ ...large, seed: 5 });
    expect(events.filter((e) => e.type === 'notice')).toEqual([]);
    expect(events.filter((e) => e.type === 'tile').map(({ tile, tiles }) => [tile, tiles])).toEqual(
      [1, 2, 3, 4, 5, 6].map((tile) => [tile, 6]),
    );
  });

  it('gives up where the smallest tile is too large', async () => {
    fake.mostCells = 31;
    expect(await failure(generate({ width: 128, height: 96 }))).toMatchObject({ code: 'out-of-memory' });
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 0 });
  });

  it('ends between two tiles when it is cancelled, and takes no later loss for a tile that was too large', async () => {
    const large = { ...request, width: 128, height: 96 };
    fake.mostCells = 40;
    const { tiles } = (await engine.generate(large, FAKE_ENTRY, () => undefined)).timings;
    expect(tiles).toBeGreaterThan(1);
    const cancel = (event: EngineEvent): void => void (event.type === 'tile' && event.tile === 2 && engine.cancel());
    const cancelled = await failure(engine.generate({ ...large, seed: 2 }, FAKE_ENTRY, cancel));
    expect(cancelled).toMatchObject({ code: 'cancelled' });
    fake.onUnetCall = () => {
      fake.onUnetCall = () => undefined;
      fake.loseDevice();
      return new Promise<void>(() => undefined);
    };
    const picture = await engine.generate({ ...large, seed: 3 }, FAKE_ENTRY, onEvent);
    expect(picture.timings.tiles).toBe(tiles);
    expect(events.flatMap((e) => (e.type === 'notice' ? [e.message] : []))).toEqual([
      'The GPU went away and was opened again; the picture went on from where it was.',
    ]);
  });

  it('gives up where one part alone is too large', async () => {
    fake.mostSessions = 0;
    expect(await failure(generate())).toMatchObject({ code: 'out-of-memory' });
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 0 });
  });
});

describe('Engine when the device is lost', () => {
  const loseAt = (isLost: (index: number) => boolean): void => {
    fake.onUnetCall = (index) => {
      if (!isLost(index)) return;
      fake.loseDevice();
      return new Promise<void>(() => undefined); // a run after a loss may never answer
    };
  };

  it('goes on with the step where it broke on a new device, and says so', async () => {
    loseAt((index) => index === 2);
    const picture = await generate();
    expect(picture.timings.modelCalls, 'answered').toBe(4);
    expect(fake.unetCalls.length).toBe(5);
    expect(fake.alive).toEqual({ sessions: 3, runtimes: 1 });
    expect(events.flatMap((e) => (e.type === 'notice' ? [e.message] : []))).toEqual([
      'The GPU went away and was opened again; the picture went on from where it was.',
    ]);
    expect(events.flatMap((e) => (e.type === 'step' ? [e.step] : []))).toEqual([1, 2, 3, 4]);
    fake.onUnetCall = () => undefined;
    const other = createFake();
    const unbroken = await new Engine(other.ports).generate(request, FAKE_ENTRY, onEvent);
    expect(picture.pixels.data).toEqual(unbroken.pixels.data);
  });

  it('gives up where nothing is done between losses, frees everything, and paints again when asked', async () => {
    loseAt((index) => index >= 1);
    expect(await failure(generate())).toMatchObject({ code: 'device-lost', message: 'fake GPU: unplugged' });
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 0 });
    fake.onUnetCall = () => undefined;
    expect((await generate()).timings.modelCalls).toBe(3);
    expect(fake.alive).toEqual({ sessions: 3, runtimes: 1 });
  });

  it('does not go on in silence on the CPU', async () => {
    const { createRuntime } = fake.ports;
    let opened = 0;
    fake.ports.rest = () => Promise.resolve();
    fake.ports.createRuntime = async (choice) => {
      const runtime = await createRuntime(choice);
      return { ...runtime, device: { ...runtime.device, provider: opened++ === 0 ? 'webgpu' : 'wasm' } };
    };
    loseAt((index) => index === 1);
    expect(await failure(generate())).toMatchObject({
      code: 'device-lost',
      message: expect.stringMatching(/unplugged It did not come back/) as string,
    });
    expect([opened, fake.alive]).toEqual([4, { sessions: 0, runtimes: 0 }]);
  });
});

describe('Engine.open', () => {
  it('switches provider by closing what was open', async () => {
    await engine.open({ provider: 'auto', baseUrl: '' });
    await generate();
    await engine.open({ provider: 'wasm', baseUrl: '' });
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 1 });
  });
});

describe('Engine.countTokens', () => {
  it('counts in the model’s own vocabulary and chunks', async () => {
    expect(await engine.countTokens('abc', FAKE_ENTRY)).toEqual({ tokens: 3, limit: 8 });
    expect(await engine.countTokens('abcdefghij', FAKE_ENTRY)).toEqual({ tokens: 10, limit: 16 });
  });

  it('reads the prompt as a picture would', async () => {
    expect(await engine.countTokens('(a:1.2)[b|cd]', FAKE_ENTRY)).toEqual({ tokens: 3, limit: 8 });
    expect(await engine.countTokens('a#b', FAKE_ENTRY, { dialect: 'comfyui' })).toEqual({ tokens: 3, limit: 8 });
    expect(await engine.countTokens('(a)', FAKE_ENTRY, { emphasis: 'none', isNegative: true })).toEqual({
      tokens: 3,
      limit: 8,
    });
  });
});
