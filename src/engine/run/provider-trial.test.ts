/** GPU and CPU are compared once for a small model, by their own clocks here. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { DeviceReport, ProviderTrial } from '../api';
import { Engine } from '../engine';
import type { TrialStore } from '../ports';
import { createFake, FAKE_ENTRY, type Fake } from '../testing/fake-ports';
import { cpuWins } from './provider-trial';

const BASE = { baseUrl: '' };
const big: ModelEntry = { ...FAKE_ENTRY, id: 'big', downloadBytes: 2e9 };

let fake: Fake;
let kept: Map<string, ProviderTrial>;
/** Milliseconds of any call. */
let takes: Record<DeviceReport['provider'], number>;
let opened: string[];
let told: DeviceReport[];
let problem: AppError | undefined;

beforeEach(() => {
  fake = createFake();
  kept = new Map();
  takes = { webgpu: 80, wasm: 45 };
  [opened, told] = [[], []];
  problem = undefined;
  let clock = 0;
  const { createRuntime } = fake.ports;
  fake.ports.now = () => clock;
  fake.ports.createRuntime = async (choice) => {
    const runtime = await createRuntime(choice);
    const provider = choice === 'wasm' ? 'wasm' : 'webgpu';
    opened.push(provider);
    return {
      ...runtime,
      device: { provider, adapter: provider === 'wasm' ? 'CPU, 2 threads' : 'Acme 9' },
      createSession: async (graph) => {
        if (problem && provider === 'wasm') throw problem;
        const session = await runtime.createSession(graph);
        const run: typeof session.run = async (...asked) => {
          clock += takes[provider];
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
