/** A picture that breaks at any call and goes on ends in the bytes of an unbroken one: for every sampler. */
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import type { GenerationRequest } from '../core/recipe/request';
import { SAMPLERS, type SamplerId } from '../core/samplers';
import { WORKFLOW_VERSION, type Workflow } from '../core/workflow';
import { node, wire } from '../core/workflow/make-node';
import type { EngineEvent } from './api';
import { CallRecord, Replay } from './run/call-record';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY, type Fake } from './testing/fake-ports';
import { seededRandom } from './testing/seeded-random';

const quiet = (): void => undefined;

function requestOf(sampler: SamplerId): GenerationRequest {
  return {
    model: 'fake',
    prompt: 'abc [d:e:0.5]', // another prompt from the middle on: the count of calls must go on
    negativePrompt: 'z',
    sampler,
    schedule: 'automatic',
    noise: 'cpu',
    steps: 6,
    cfgScale: 3,
    seed: 11,
    width: 64,
    height: 64,
  };
}

/** Every call of it is written at once. */
function eagerFake(): Fake {
  const fake = createFake();
  let time = 0;
  fake.ports.now = () => (time += 5000);
  return fake;
}

describe.each(Object.keys(SAMPLERS) as SamplerId[])('a picture by %s', (sampler) => {
  const request = requestOf(sampler);
  const random = seededRandom(sampler.length * 7919);
  let unbroken: Uint8ClampedArray;
  let calls = 0;

  beforeAll(async () => {
    const fake = createFake();
    unbroken = (await new Engine(fake.ports).generate(request, FAKE_ENTRY, quiet)).pixels.data;
    calls = fake.unetCalls.length;
  });

  it('goes on after losses of the device', async () => {
    const fake = createFake();
    const at = new Set([0, 1, 2].map(() => Math.floor(random() * calls)));
    let made = 0;
    fake.onUnetCall = () => {
      if (at.delete(made)) {
        fake.loseDevice();
        return new Promise<void>(quiet);
      }
      made++;
    };
    const events: EngineEvent[] = [];
    const picture = await new Engine(fake.ports).generate(request, FAKE_ENTRY, (event) => void events.push(event));
    expect(picture.pixels.data).toEqual(unbroken);
    expect(made, 'each call is made once').toBe(calls);
    const steps = events.flatMap((event) => (event.type === 'step' ? [event.step] : []));
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });

  it('goes on in a new worker after the old one was killed', async () => {
    const fake = eagerFake();
    const at = 1 + Math.floor(random() * (calls - 1));
    let reached: () => void = quiet;
    const isThere = new Promise<void>((resolve) => (reached = resolve));
    fake.onUnetCall = (index) => {
      if (index < at) return;
      reached();
      return new Promise<void>(quiet); // killed: never heard of again
    };
    void new Engine(fake.ports).generate(request, FAKE_ENTRY, quiet);
    await isThere;
    const next = eagerFake();
    for (const [key, kept] of fake.kept) next.kept.set(key, structuredClone(kept));
    const picture = await new Engine(next.ports).generate(request, FAKE_ENTRY, quiet);
    expect(picture.pixels.data).toEqual(unbroken);
    expect(next.unetCalls.length).toBe(calls - at);
    await fake.ports.breathe();
    expect(next.kept.size, 'what is finished is forgotten').toBe(0);
  });

  it('takes up nothing of another request', async () => {
    const fake = eagerFake();
    const engine = new Engine(fake.ports);
    fake.onUnetCall = (index) => {
      if (index === 2) engine.cancel();
    };
    await expect(engine.generate(request, FAKE_ENTRY, quiet)).rejects.toMatchObject({ code: 'cancelled' });
    fake.unetCalls.length = 0;
    fake.onUnetCall = quiet;
    await engine.generate({ ...request, cfgScale: 4 }, FAKE_ENTRY, quiet);
    expect(fake.unetCalls.length).toBeGreaterThanOrEqual(sampler === 'dpm_adaptive' ? 3 : calls);
  });
});

describe('a hint that is looked at after a long picture was cancelled', () => {
  const request = requestOf('euler');
  const side = 64;
  const picture = { width: side, height: side, data: new Uint8ClampedArray(4 * side ** 2).fill(128) };
  const look = (module: string): Workflow => ({
    version: WORKFLOW_VERSION,
    nodes: [
      node('picture', 'load_image', { image: 'p' }),
      node('hint', 'make_hint', { module, resolution: side }, { image: wire('picture', 'image') }),
      node('keep', 'keep', {}, { image: wire('hint', 'image') }),
    ],
  });

  it('leaves the record of its calls and its encoded prompts', async () => {
    const fake = eagerFake();
    let encoded = 0;
    fake.before = (moment) => void (moment === 'encode' && encoded++);
    const engine = new Engine(fake.ports);
    fake.onUnetCall = (index) => {
      if (index === 3) engine.cancel();
    };
    await expect(engine.generate(request, FAKE_ENTRY, quiet)).rejects.toMatchObject({ code: 'cancelled' });
    const texts = encoded;
    fake.onUnetCall = quiet;
    for (const module of ['canny', 'invert']) {
      const shown = await engine.run(look(module), { models: [FAKE_ENTRY], images: { p: picture } }, quiet);
      expect(shown.images).toHaveLength(1);
    }
    await engine.generate(request, FAKE_ENTRY, quiet);
    expect(encoded, 'no text is read again').toBe(texts);
    const { length: whole } = await unbrokenCalls(request);
    expect(fake.unetCalls.length, 'what was computed is not computed again').toBeLessThanOrEqual(whole + 1);
  });

  async function unbrokenCalls(wanted: GenerationRequest) {
    const fake = createFake();
    await new Engine(fake.ports).generate(wanted, FAKE_ENTRY, quiet);
    return fake.unetCalls;
  }
});

describe('Replay', () => {
  const x = Float32Array.of(1, 2, 3);
  const answer = (value: number) => () =>
    Promise.resolve({ denoised: Float32Array.of(value), uncond: Float32Array.of(-value) });
  const never = (): Promise<never> => Promise.reject(new Error('asked again'));

  async function recordOf(values: readonly number[], wantsUncond = false): Promise<CallRecord> {
    const record = new CallRecord();
    const replay = new Replay(record, () => false);
    for (const value of values) {
      await replay.call({ x, sigma: value, wantsUncond }, answer(value));
      replay.settle();
    }
    return record;
  }

  it('answers what is known and asks for the rest, by the number of the call', async () => {
    const replay = new Replay(await recordOf([3, 2]), () => false);
    expect((await replay.call({ x, sigma: 3, wantsUncond: false }, never)).denoised[0]).toBe(3);
    expect(replay.isRecalling).toBe(true);
    await replay.call({ x, sigma: 2, wantsUncond: false }, never);
    const asked: number[] = [];
    await replay.call({ x, sigma: 1, wantsUncond: false }, (call) => {
      asked.push(call);
      return answer(1)();
    });
    expect([asked, replay.isRecalling]).toEqual([[2], false]);
  });

  it.each([
    ['latent', { x: Float32Array.of(1, 2, 3.0000002), sigma: 3, wantsUncond: false }],
    ['noise level', { x, sigma: 2.5, wantsUncond: false }],
    ['answer', { x, sigma: 3, wantsUncond: true }],
  ])('takes nothing from there on where another %s is meant', async (_, question) => {
    const record = await recordOf([3, 2]);
    const replay = new Replay(record, () => false);
    expect((await replay.call(question, answer(7))).denoised[0]).toBe(7);
    expect(record.calls).toHaveLength(0);
    replay.settle();
    expect(record.calls).toHaveLength(1);
  });

  it('takes down no answer of a device that was gone', async () => {
    const record = new CallRecord();
    let isOver = false;
    const replay = new Replay(record, () => isOver);
    await replay.call({ x, sigma: 3, wantsUncond: false }, answer(0));
    isOver = true;
    replay.settle();
    expect(record.calls).toHaveLength(0);
    await expect(replay.call({ x, sigma: 2, wantsUncond: false }, never)).rejects.toBeInstanceOf(AppError);
  });

  it('is bounded: what does not fit is painted again', () => {
    const record = new CallRecord();
    const denoised = new Float32Array(2 ** 20); // 4 MiB
    for (let i = 0; i < 20; i++) record.add({ sigma: 1, inputSum: 0, denoised });
    expect(record.calls).toHaveLength(16);
    record.cut(10);
    record.add({ sigma: 1, inputSum: 0, denoised });
    expect(record.calls).toHaveLength(11);
  });
});

describe('a storage that does not answer', () => {
  it('does not hold up a picture', async () => {
    const fake = eagerFake();
    fake.ports.rest = () => Promise.resolve();
    fake.ports.calls = {
      read: () => new Promise(quiet),
      write: () => Promise.reject(new AppError('quota', 'full')),
      remove: () => Promise.reject(new AppError('internal', 'no')),
    };
    const picture = await new Engine(fake.ports).generate(requestOf('euler'), FAKE_ENTRY, quiet);
    expect(picture.timings.modelCalls).toBe(fake.unetCalls.length);
  });
});
