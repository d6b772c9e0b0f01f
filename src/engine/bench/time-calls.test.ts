import { describe, expect, it } from 'vitest';
import { timeCalls } from './time-calls';

/** A call that takes each of these milliseconds in turn, then the last for ever. */
function clock(...durations: number[]) {
  let ms = 0;
  let calls = 0;
  const call = (): Promise<void> => {
    ms += durations[Math.min(calls++, durations.length - 1)];
    return Promise.resolve();
  };
  return { call, now: () => ms, count: () => calls };
}

describe('timeCalls', () => {
  it('keeps the call that compiles apart, and takes the median of the others', async () => {
    const { call, now } = clock(3000, 500, 100, 900, 110, 105, 95);
    expect(await timeCalls(call, { now, maxRuns: 5, enoughMs: 1e6 })).toEqual({ firstMs: 3000, ms: 105, runs: 5 });
  });

  it('ends when enough time has passed', async () => {
    const { call, now } = clock(10, 10, 400);
    expect(await timeCalls(call, { now, enoughMs: 1500 })).toEqual({ firstMs: 10, ms: 400, runs: 4 });
  });

  it('calls twice only what takes long', async () => {
    const { call, now, count } = clock(60_000, 50_000);
    expect(await timeCalls(call, { now })).toEqual({ firstMs: 60_000, ms: 50_000, runs: 1 });
    expect(count()).toBe(2);
  });
});
