import { afterEach, describe, expect, it, vi } from 'vitest';
import { measureRoom } from './quota';

afterEach(() => void vi.unstubAllGlobals());

describe('measureRoom', () => {
  it('asks the browser', async () => {
    const storage = {
      estimate: () => Promise.resolve({ usage: 5, quota: 60 }),
      persisted: () => Promise.resolve(true),
    };
    vi.stubGlobal('navigator', { storage });
    expect(await measureRoom()).toEqual({ usedBytes: 5, quotaBytes: 60, isPersistent: true });
  });

  it.each([
    ['nothing of it', undefined],
    ['neither estimate nor persisted', {}],
  ])('promises nothing where the browser has %s', async (_what, storage) => {
    vi.stubGlobal('navigator', { storage });
    expect(await measureRoom()).toEqual({ isPersistent: false });
  });
});
