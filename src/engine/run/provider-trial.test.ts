/** GPU and CPU are compared once for a small model, by their own clocks here. */
import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../../core/catalog';
import { BUILT_IN_UPSCALER } from '../../core/catalog/built-in-upscaler';
import { bytesSource } from '../../core/formats';
import { AppError } from '../../core/errors';
import type { GenerationRequest } from '../../core/recipe/request';
import type { DeviceReport, ProviderTrial } from '../api';
import { Engine } from '../engine';
import type { TrialStore } from '../ports';
import { createFake, FAKE_ENTRY, type Fake } from '../testing/fake-ports';
import { OpenDevice } from './open-device';
import { cpuWins } from './provider-trial';
import { TaskQueue } from './task-queue';

const BASE = { baseUrl: '' };
const big: ModelEntry = { ...FAKE_ENTRY, id: 'big', downloadBytes: 2e9 };

let fake: Fake;
let kept: Map<string, ProviderTrial>;
/** Milliseconds of any call. */
let takes: Record<DeviceReport['provider'], number>;
/** And of one of the network that enlarges. */
let enlarges: Record<DeviceReport['provider'], number>;
let opened: string[];
let told: DeviceReport[];
let problem: AppError | undefined;
/** Takes the GPU away that was opened last. */
let lose: () => void;
/** Stands in for a call's answer, by which runtime is called. */
let onCall: (provider: DeviceReport['provider']) => Promise<void>;

beforeEach(() => {
  fake = createFake();
  kept = new Map();
  takes = { webgpu: 80, wasm: 45 };
  enlarges = { webgpu: 100, wasm: 200 };
  [opened, told] = [[], []];
  problem = undefined;
  onCall = () => Promise.resolve();
  let clock = 0;
  const { createRuntime } = fake.ports;
  fake.ports.now = () => clock;
  fake.ports.createRuntime = async (choice) => {
    const runtime = await createRuntime(choice);
    const provider = choice === 'wasm' ? 'wasm' : 'webgpu';
    opened.push(provider);
    const lost = new Promise<never>((_, reject) => {
      if (provider === 'webgpu') lose = () => reject(new AppError('device-lost', 'gone'));
    });
    lost.catch(() => undefined);
    return {
      ...runtime,
      lost,
      device: { provider, adapter: provider === 'wasm' ? 'CPU, 2 threads' : 'Acme 9' },
      createSession: async (graph) => {
        if (problem && provider === 'wasm') throw problem;
        const session = await runtime.createSession(graph);
        const run: typeof session.run = async (...asked) => {
          clock += ('image' in asked[0] ? enlarges : takes)[provider];
          await onCall(provider);
          return session.run(...asked);
        };
        return { ...session, run };
      },
    };
  };
  const trials: TrialStore = {
    read: (key) => Promise.resolve(kept.get(key)),
    write: (key, trial) => Promise.resolve(void kept.set(key, trial)),
    clear: () => Promise.resolve(kept.clear()),
  };
  Object.assign(fake.ports, { trials, onDevice: (device: DeviceReport) => void told.push(device) });
});

const deviceAfter = async (engine: Engine, entry = FAKE_ENTRY, provider: 'auto' | 'webgpu' = 'auto') => {
  await engine.open({ ...BASE, provider });
  await engine.load(entry, () => undefined);
  return engine.open({ ...BASE, provider });
};

describe('a small model', () => {
  it('is painted by the CPU where that is faster, and the page is told', async () => {
    const device = await deviceAfter(new Engine(fake.ports));
    const trial = { cpuMs: 45, gpuMs: 80, cpu: 'CPU, 2 threads', gpu: 'Acme 9' };
    expect(device).toEqual({ provider: 'wasm', adapter: 'CPU, 2 threads', trial });
    expect(told.at(-1)).toEqual(device);
  });

  it('is painted by the GPU where that is not clearly slower', async () => {
    takes = { webgpu: 48, wasm: 45 };
    const device = await deviceAfter(new Engine(fake.ports));
    expect(device).toMatchObject({ provider: 'webgpu', trial: { cpuMs: 45, gpuMs: 48 } });
    expect(cpuWins({ cpuMs: 45, gpuMs: 48 })).toBe(false);
  });

  it('is tried once for a GPU: the next visit knows', async () => {
    await deviceAfter(new Engine(fake.ports));
    opened = [];
    takes = { webgpu: 1, wasm: 1000 };
    expect(await deviceAfter(new Engine(fake.ports))).toMatchObject({ provider: 'wasm', trial: { cpuMs: 45 } });
    expect(opened).toEqual(['webgpu', 'wasm']); // the GPU whose name is asked for, then what paints
  });

  it('is tried again when the GPU is tested again', async () => {
    const engine = new Engine(fake.ports);
    await deviceAfter(engine);
    takes = { webgpu: 20, wasm: 45 };
    await engine.examine({ ...BASE, provider: 'auto' });
    expect(kept.size).toBe(0);
    expect(await deviceAfter(engine)).toMatchObject({ provider: 'webgpu', trial: { gpuMs: 20 } });
  });

  it('is painted by what a person has chosen, untried', async () => {
    const engine = new Engine(fake.ports);
    await deviceAfter(engine);
    const device = await deviceAfter(engine, FAKE_ENTRY, 'webgpu');
    expect(device).toEqual({ provider: 'webgpu', adapter: 'Acme 9' });
    const other = new Engine(fake.ports);
    kept.clear();
    await deviceAfter(other, FAKE_ENTRY, 'webgpu');
    expect(kept.size).toBe(0);
  });

  it('is painted by the GPU where the CPU cannot load it', async () => {
    problem = new AppError('out-of-memory', 'no room');
    expect(await deviceAfter(new Engine(fake.ports))).toEqual({ provider: 'webgpu', adapter: 'Acme 9' });
    expect(kept.size).toBe(0);
  });

  it('leaves nothing behind: neither sessions nor runtimes', async () => {
    const engine = new Engine(fake.ports);
    await deviceAfter(engine);
    expect(fake.alive).toEqual({ sessions: 3, runtimes: 1 });
  });
});

describe('a small model whose pictures are enlarged', () => {
  const enlarged: ModelEntry = { ...FAKE_ENTRY, enlarger: 'realesr-animevideov3-x4' };
  const folder = new URL('../../../public/models/upscaler/', import.meta.url);

  beforeEach(() => {
    const { createFiles } = fake.ports;
    const open = async (path: string) => bytesSource(path, new Uint8Array(await readFile(new URL(path, folder))));
    fake.ports.createFiles = (entry, baseUrl) => (entry === BUILT_IN_UPSCALER ? { open } : createFiles(entry, baseUrl));
  });

  it.each([
    [240, 'webgpu'], // 4 × 45 + 240 is not below nine tenths of 4 × 80 + 100
    [190, 'wasm'],
  ] as const)('is painted by what is faster with that: %i ms on the CPU', async (wasm, provider) => {
    enlarges = { webgpu: 100, wasm };
    const device = await deviceAfter(new Engine(fake.ports), enlarged);
    expect(device).toMatchObject({ provider, trial: { enlarging: { steps: 4, cpuMs: wasm, gpuMs: 100 } } });
  });

  it('times no enlarging where the GPU wins without', async () => {
    takes = { webgpu: 40, wasm: 45 };
    const { trial } = await deviceAfter(new Engine(fake.ports), enlarged);
    expect(trial).toEqual({ cpuMs: 45, gpuMs: 40, cpu: 'CPU, 2 threads', gpu: 'Acme 9' });
  });
});

describe('a trial that comes to no end', () => {
  const never = () => new Promise<void>(() => undefined);
  const request: GenerationRequest = {
    ...{ model: 'fake', prompt: 'a', negativePrompt: '', sampler: 'euler', schedule: 'karras', noise: 'cpu' },
    ...{ steps: 2, cfgScale: 2, seed: 1, width: 64, height: 64 },
  };
  const paint = async (engine: Engine): Promise<string> =>
    (await engine.generate(request, FAKE_ENTRY, () => undefined)).device.provider;

  it.each(['webgpu', 'wasm'] as const)('leaves the GPU where that is lost while the call of %s waits', async (at) => {
    const engine = new Engine(fake.ports);
    await engine.open({ ...BASE, provider: 'auto' });
    let isLost = false;
    onCall = (provider) => {
      if (isLost || provider !== at) return Promise.resolve();
      isLost = true;
      lose();
      return never();
    };
    expect(await paint(engine)).toBe('webgpu');
    expect(isLost).toBe(true);
    expect(kept.size).toBe(0);
    expect(await paint(engine)).toBe('webgpu'); // and does not try again in this visit
  });

  it('opens a GPU anew that gives no answer', async () => {
    const engine = new Engine(fake.ports);
    await engine.open({ ...BASE, provider: 'auto' });
    fake.ports.rest = () => new Promise((resolve) => setTimeout(resolve, 5));
    let isFirst = true;
    onCall = () => {
      const answer = isFirst ? never() : Promise.resolve();
      isFirst = false;
      return answer;
    };
    expect(await paint(engine)).toBe('webgpu');
    expect(opened).toEqual(['webgpu', 'webgpu']);
  });

  it('ends between two calls where the picture is cancelled, and is made with the next', async () => {
    const engine = new Engine(fake.ports);
    await engine.open({ ...BASE, provider: 'auto' });
    let calls = 0;
    onCall = async () => {
      calls += 1;
      if (calls === 2) engine.cancel();
      return Promise.resolve();
    };
    await expect(paint(engine)).rejects.toMatchObject({ code: 'cancelled' });
    await engine.open({ ...BASE, provider: 'auto' });
    expect([calls, kept.size]).toEqual([2, 0]);
    expect(opened).toEqual(['webgpu']);
    expect(fake.alive.sessions).toBe(0);
    expect(await paint(engine)).toBe('wasm');
    expect(kept.size).toBe(1);
  });
});

describe('a run without a model', () => {
  it('leaves the device that a small one has won', async () => {
    let closed = 0;
    const held = new OpenDevice(fake.ports, new TaskQueue(), async () => {
      closed += 1;
      await held.dispose();
    });
    await held.trustFor([FAKE_ENTRY], () => undefined);
    const before = closed;
    await held.trustFor([], () => undefined);
    expect(closed).toBe(before);
    expect((await held.ready()).device).toMatchObject({ provider: 'wasm', trial: { cpuMs: 45 } });
  });
});

describe('a big model', () => {
  it('is never tried on the CPU, and has the GPU after a small one that had not', async () => {
    const engine = new Engine(fake.ports);
    await deviceAfter(engine);
    opened = [];
    const calls = kept.size;
    expect(await deviceAfter(engine, big)).toEqual({ provider: 'webgpu', adapter: 'Acme 9' });
    expect(opened).toEqual(['webgpu']);
    expect(kept.size).toBe(calls);
    expect(await deviceAfter(engine)).toMatchObject({ provider: 'wasm' });
  });
});
