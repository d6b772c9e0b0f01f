/** What the engine does when nothing goes wrong, and how it is stopped. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type AppError } from '../core/errors';
import { FAKE_ENTRY } from './testing/fake-ports';
import { failure, setUpEngine } from './testing/set-up-engine';

let { fake, engine, events, onEvent, generate } = setUpEngine();

beforeEach(() => {
  ({ fake, engine, events, onEvent, generate } = setUpEngine());
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
