import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('offers to end what has been silent for a minute, or does not follow a cancel for three seconds', () => {
  let lastSignAt = $state(performance.now());
  let cancelAskedAt = $state<number>();
  const watchdog = new Watchdog({ lastSignAt: () => lastSignAt, cancelAskedAt: () => cancelAskedAt });
  const end = watchdog.run();
  const after = (seconds: number) => {
    vi.advanceTimersByTime(seconds * 1000);
    flushSync();
    return [watchdog.isSilent, watchdog.offersStop];
  };
  expect(after(59)).toEqual([false, false]);
  expect(after(1)).toEqual([true, true]);
  expect(watchdog.silentSeconds).toBe(60);
  lastSignAt = performance.now();
  expect(after(1)).toEqual([false, false]);
  cancelAskedAt = performance.now();
  expect(after(2)).toEqual([false, false]);
  expect(after(1)).toEqual([false, true]);
  end();
  expect(vi.getTimerCount()).toBe(0);
});
