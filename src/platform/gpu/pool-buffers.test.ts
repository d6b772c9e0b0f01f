import { afterEach, describe, expect, it, vi } from 'vitest';
import { findGpu } from './device';
import { poolBuffers } from './pool-buffers';
import { stubGpu } from './testing/fake-gpu';

afterEach(() => void vi.unstubAllGlobals());

const STORAGE = 0x80;
const MB = 2 ** 20;

async function openPooled() {
  const opened = stubGpu({});
  const found = await findGpu();
  if (typeof found === 'string') throw new Error(found);
  const device = await found.adapter.requestDevice();
  const pool = poolBuffers(device);
  const make = (size: number, usage = STORAGE): GPUBuffer => device.createBuffer({ size, usage });
  const encode = (): void => void device.createCommandEncoder();
  const send = (count = 1): void => device.queue.submit(Array<GPUCommandBuffer>(count));
  return { pool, make, encode, send, alive: opened[0].buffers };
}

describe('poolBuffers', () => {
  it('gives a buffer on within a run as soon as it is destroyed, sent or not', async () => {
    const { pool, make, encode, alive } = await openPooled();
    await pool.whileRunning(() => {
      const a = make(100);
      encode();
      a.destroy();
      a.destroy(); // the second does nothing
      expect(make(80)).toBe(a);
      expect(make(80)).not.toBe(a);
      return Promise.resolve();
    });
    expect(alive.size).toBe(2);
  });

  it('sees what is sent also where a device makes another queue at each look', async () => {
    const [opened] = [stubGpu({})];
    const found = await findGpu();
    if (typeof found === 'string') throw new Error(found);
    const device = await found.adapter.requestDevice();
    Object.defineProperty(device, 'queue', { get: () => ({ submit: () => undefined }), configurable: true });
    poolBuffers(device);
    const buffer = device.createBuffer({ size: 16, usage: STORAGE });
    device.createCommandEncoder();
    buffer.destroy();
    expect(opened[0].buffers.size).toBe(1); // a command may wait for it
    device.queue.submit([{} as GPUCommandBuffer]);
    expect(opened[0].buffers.size).toBe(0);
  });

  it('gives none on that is still used, has another usage, or is seen by the CPU', async () => {
    const { pool, make } = await openPooled();
    await pool.whileRunning(() => {
      const made = [make(16), make(16, STORAGE | 8), make(16, 0x40), make(16, STORAGE | 1)];
      made.slice(1).forEach((buffer) => void buffer.destroy());
      expect(made).not.toContain(make(16));
      return Promise.resolve();
    });
  });

  it('gives none on that is larger than a binding for a value that needs one', async () => {
    const { pool, make } = await openPooled();
    await pool.whileRunning(() => {
      const two = make(200 * MB); // the least limit is 128 MiB a binding
      two.destroy();
      expect(make(100 * MB)).not.toBe(two);
      expect(make(130 * MB)).toBe(two);
      return Promise.resolve();
    });
  });

  it('keeps buffers from one run to the next, and gives back what is idle before a model is loaded', async () => {
    const { pool, make, alive } = await openPooled();
    const first = await pool.whileRunning(() => Promise.resolve(make(100)));
    await pool.whileRunning(() => Promise.resolve(first.destroy()));
    expect(await pool.whileRunning(() => Promise.resolve(make(100)))).toBe(first);
    await pool.whileRunning(() => Promise.resolve(first.destroy()));
    expect(alive.size).toBe(1);
    await pool.whileLoading(() => Promise.resolve());
    expect(alive.size).toBe(0);
  });

  it('gives nothing on while a model is loaded: what is uploaded then passes commands that wait', async () => {
    const { pool, make, encode, send, alive } = await openPooled();
    await pool.whileRunning(() =>
      pool.whileLoading(() => {
        const a = make(100);
        encode();
        a.destroy();
        expect(make(100)).not.toBe(a);
        expect(alive).toContain(a);
        send();
        expect(alive).not.toContain(a);
        return Promise.resolve();
      }),
    );
  });

  it('destroys nothing that a command waits for', async () => {
    const { pool, make, encode, send, alive } = await openPooled();
    const a = make(100);
    encode();
    encode();
    a.destroy();
    pool.trim();
    send(); // one of two
    expect(alive).toContain(a);
    send();
    expect(alive.size).toBe(0);
    make(100).destroy(); // nothing waits
    expect(alive.size).toBe(0);
  });

  it('gives nothing back within a run', async () => {
    const { pool, make, alive } = await openPooled();
    await pool.whileRunning(() => {
      make(100).destroy();
      pool.trim();
      expect(alive.size).toBe(1);
      return Promise.resolve();
    });
    pool.trim();
    expect(alive.size).toBe(0);
  });

  it('gives back what is long unused before a large buffer is made', async () => {
    const { pool, make, encode, send, alive } = await openPooled();
    await pool.whileRunning(() => {
      const [a, b] = [make(60 * MB), make(70 * MB)];
      encode();
      a.destroy();
      send();
      encode();
      b.destroy();
      make(300 * MB);
      expect(alive).not.toContain(a);
      expect(alive).toContain(b); // a command waits for it
      return Promise.resolve();
    });
  });
});
