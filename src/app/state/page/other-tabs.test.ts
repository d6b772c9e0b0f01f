import { expect, it, vi } from 'vitest';
import { openTab } from './other-tabs';

/** Locks of one browser, shared ones alone. */
function createLocks() {
  const held: { name: string }[] = [{ name: 'another' }];
  return {
    request: (name: string, _options: unknown, work: () => Promise<unknown>) => {
      held.push({ name });
      return work();
    },
    query: () => Promise.resolve({ held: [...held] }),
  } as unknown as LockManager;
}

it('is alone until a second tab is opened', async () => {
  const locks = createLocks();
  expect([await openTab(locks), await openTab(locks)]).toEqual([true, false]);
});

it('is alone where the browser has no locks, or refuses them', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const refusing = { ...createLocks(), request: () => Promise.reject(new Error('SecurityError')) };
  expect([await openTab(undefined), await openTab(refusing as unknown as LockManager)]).toEqual([true, true]);
});
