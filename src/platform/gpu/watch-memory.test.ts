import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../core/errors';
import { watchMemory } from './watch-memory';

class OutOfMemory {
  readonly message = 'buffer of 268435456 bytes';
}
class Validation {
  readonly message = 'invalid buffer';
}

beforeEach(() => void vi.stubGlobal('GPUOutOfMemoryError', OutOfMemory));
afterEach(() => void vi.unstubAllGlobals());

function openWatched() {
  let hear: (event: { error: object }) => void = () => undefined;
  const device = { addEventListener: (_type: string, listener: typeof hear) => void (hear = listener) };
  const memory = { read: () => ({ aliveBytes: 3.2e9, peakBytes: 4e9 }), reset: () => undefined };
  return {
    watch: watchMemory(device as unknown as GPUDevice, memory),
    say: (error: object) => void hear({ error }),
  };
}

const REFUSED = {
  code: 'out-of-memory',
  message: 'The GPU gave no more memory, at about 3.2 GB: buffer of 268435456 bytes',
};

describe('watchMemory', () => {
  it('ends a run that went on with a buffer that is none', async () => {
    const { watch, say } = openWatched();
    const run = watch(() => {
      say(new OutOfMemory());
      return Promise.resolve('zeros');
    });
    await expect(run).rejects.toMatchObject(REFUSED);
    expect(await watch(() => Promise.resolve('numbers'))).toBe('numbers');
  });

  it('tells the next run where the event of weights comes after they are loaded', async () => {
    const { watch, say } = openWatched();
    expect(await watch(() => Promise.resolve('made'))).toBe('made');
    say(new OutOfMemory());
    await expect(watch(() => Promise.resolve('zeros'))).rejects.toMatchObject(REFUSED);
    expect(await watch(() => Promise.resolve('numbers'))).toBe('numbers');
  });

  it('says so in place of what the runtime says of the same, also where the event comes a moment later', async () => {
    for (const ms of [0, 10]) {
      const { watch, say } = openWatched();
      const run = watch(() => {
        setTimeout(() => void say(new OutOfMemory()), ms);
        return Promise.reject(new AppError('internal', 'WebGPU validation failed.'));
      });
      await expect(run).rejects.toMatchObject(REFUSED);
    }
  });

  it('leaves other errors as they are', async () => {
    const { watch, say } = openWatched();
    const failure = new AppError('internal', 'WebGPU validation failed.');
    const run = watch(() => {
      say(new Validation());
      return Promise.reject(failure);
    });
    await expect(run).rejects.toBe(failure);
    const bad = new AppError('bad-file', 'unet.bin ends early');
    await expect(watch(() => Promise.reject(bad))).rejects.toBe(bad);
  });

  it('works where a device has no events', async () => {
    const device = {
      addEventListener: () => {
        throw new Error('not implemented');
      },
    };
    const memory = { read: () => ({ aliveBytes: 0, peakBytes: 0 }), reset: () => undefined };
    const watch = watchMemory(device as unknown as GPUDevice, memory);
    expect(await watch(() => Promise.resolve(1))).toBe(1);
  });

  it('works in browsers without the class', async () => {
    vi.stubGlobal('GPUOutOfMemoryError', undefined);
    const { watch, say } = openWatched();
    const run = watch(() => Promise.resolve(say({ message: 'what?' })));
    await expect(run).resolves.toBeUndefined();
  });
});
