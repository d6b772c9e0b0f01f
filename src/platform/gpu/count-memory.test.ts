import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { countMemory } from './count-memory';
import { findGpu } from './device';
import { stubGpu } from './testing/fake-gpu';

afterEach(() => void vi.unstubAllGlobals());

async function openCounted() {
  const [opened] = [stubGpu({})];
  const found = await findGpu();
  if (typeof found === 'string') throw new Error(found);
  const device = await found.adapter.requestDevice();
  return { device, memory: countMemory(device), fake: opened[0] };
}

const usage = 0;

describe('countMemory', () => {
  it('counts what is alive, and the most since the last reset', async () => {
    const { device, memory, fake } = await openCounted();
    const a = device.createBuffer({ size: 100, usage });
    const b = device.createBuffer({ size: 50, usage });
    expect(memory.read()).toEqual({ aliveBytes: 150, peakBytes: 150 });
    a.destroy();
    a.destroy(); // the second does nothing
    expect(memory.read()).toEqual({ aliveBytes: 50, peakBytes: 150 });
    expect(fake.buffers.size).toBe(1);
    memory.reset();
    expect(memory.read()).toEqual({ aliveBytes: 50, peakBytes: 50 });
    b.destroy();
    const last = device.createBuffer({ size: 20, usage });
    expect(memory.read()).toEqual({ aliveBytes: 20, peakBytes: 50 });
    device.destroy();
    expect(memory.read().aliveBytes).toBe(0);
    last.destroy(); // gone with the device already
    expect(memory.read().aliveBytes).toBe(0);
  });

  it('agrees with a list of what is alive, whatever is made and destroyed', async () => {
    const { device, memory } = await openCounted();
    const alive: { buffer: GPUBuffer; size: number }[] = [];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 1000 })), (steps) => {
        for (const step of steps)
          if (step > 0) alive.push({ size: step, buffer: device.createBuffer({ size: step, usage }) });
          else alive.splice(-step, 1).forEach(({ buffer }) => buffer.destroy());
        const bytes = alive.reduce((sum, { size }) => sum + size, 0);
        const { aliveBytes, peakBytes } = memory.read();
        return aliveBytes === bytes && peakBytes >= bytes;
      }),
    );
  });
});
