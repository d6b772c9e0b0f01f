/** What the engine makes of a device: it is examined again on demand, and its memory is counted for each picture. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../core/recipe/request';
import type { DeviceReport } from './api';
import { Engine } from './engine';
import type { RuntimeOptions } from './ports';
import { createFake, FAKE_ENTRY, type Fake } from './testing/fake-ports';

const request: GenerationRequest = {
  model: 'fake',
  prompt: 'abc',
  negativePrompt: '',
  sampler: 'euler',
  schedule: 'karras',
  noise: 'cpu',
  steps: 2,
  cfgScale: 2,
  seed: 1,
  width: 64,
  height: 64,
};
const setup = { provider: 'webgpu', baseUrl: '' } as const;

let fake: Fake;
let engine: Engine;
/** How each runtime was asked for. */
let asked: (RuntimeOptions | undefined)[];
/** How often what is kept for the next run was given back. */
let trims: number;

function withRuntime(device: Partial<DeviceReport>, memory?: { aliveBytes: number; peakBytes: number }): void {
  const { createRuntime } = fake.ports;
  fake.ports.createRuntime = async (choice, options) => {
    asked.push(options);
    const runtime = await createRuntime(choice);
    const reset = (): void => void (memory && (memory.peakBytes = memory.aliveBytes));
    const counter = memory && { read: () => memory, reset, trim: () => void trims++ };
    return { ...runtime, device: { ...runtime.device, ...device }, ...(counter && { memory: counter }) };
  };
}

beforeEach(() => {
  fake = createFake();
  engine = new Engine(fake.ports);
  asked = [];
  trims = 0;
});

describe('Engine.examine', () => {
  it('opens a fresh device, tested again, and paints on it', async () => {
    withRuntime({ adapter: 'Acme 9' });
    await engine.open(setup);
    await engine.generate(request, FAKE_ENTRY, () => undefined);
    expect(fake.alive).toEqual({ runtimes: 1, sessions: 3 });
    expect((await engine.examine(setup)).adapter).toBe('Acme 9');
    expect(asked).toEqual([{ needs: [] }, { examineAgain: true }]);
    expect(fake.alive).toEqual({ runtimes: 1, sessions: 0 });
    await engine.generate(request, FAKE_ENTRY, () => undefined);
    expect(asked).toHaveLength(2);
  });

  it('goes on without a device where none can be opened', async () => {
    const { createRuntime } = fake.ports;
    fake.ports.createRuntime = () => Promise.reject(new Error('no GPU'));
    await expect(engine.examine(setup)).rejects.toThrow('no GPU');
    fake.ports.createRuntime = createRuntime;
    expect((await engine.open(setup)).adapter).toBe('fake');
  });
});

describe('Engine.generate', () => {
  it('tells the most GPU memory that the picture took', async () => {
    const memory = { aliveBytes: 100, peakBytes: 9000 };
    withRuntime({}, memory);
    fake.onUnetCall = () => void (memory.peakBytes = 700);
    const { timings } = await engine.generate(request, FAKE_ENTRY, () => undefined);
    expect(timings.peakGpuBytes).toBe(700);
  });

  it('gives back after each picture, also one that failed, what was kept for the next run', async () => {
    withRuntime({}, { aliveBytes: 0, peakBytes: 0 });
    await engine.generate(request, FAKE_ENTRY, () => undefined);
    expect(trims).toBe(1);
    fake.onUnetCall = () => engine.cancel();
    await expect(engine.generate({ ...request, seed: 9 }, FAKE_ENTRY, () => undefined)).rejects.toThrow();
    expect(trims).toBe(2);
  });

  it('tells nothing of it without a GPU, and keeps no examination in a picture', async () => {
    withRuntime({ examination: { at: 1, seconds: 1, abilities: {} as never } });
    const { timings, device } = await engine.generate(request, FAKE_ENTRY, () => undefined);
    expect(timings).not.toHaveProperty('peakGpuBytes');
    expect(device).toEqual({ provider: 'wasm', adapter: 'fake' });
  });
});

describe('Engine.open', () => {
  it('holds models by the memory that the GPU is said to have, and loads them again where that is another', async () => {
    withRuntime({ provider: 'webgpu' });
    const residency = async (memoryBytes: number): Promise<unknown> => {
      expect((await engine.open({ ...setup, memoryBytes })).memoryBytes).toBe(memoryBytes);
      return (await engine.generate(request, FAKE_ENTRY, () => undefined)).timings.model?.residency;
    };
    expect(await residency(1)).toBe('in_turn');
    expect(await residency(24e9)).toBe('resident');
    expect((await engine.open(setup)).memoryBytes).toBeUndefined();
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 1 });
  });
});
