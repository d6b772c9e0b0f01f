import { describe, expect, it } from 'vitest';
import { skipsNegative, type SkipOptions } from './index';

/** The calls of ten that skip; sigma falls from 10 to 1. */
function skipped(options: SkipOptions, calls = 10): number[] {
  const indices = Array.from({ length: 10 }, (_, i) => i);
  return indices.filter((call) => skipsNegative({ call, calls, sigma: 10 - call, options }));
}

describe('skipsNegative', () => {
  it('never does without options', () => {
    expect(skipped({})).toEqual([]);
    expect(skipped({ skipEarlyCfg: 0, ngms: 0, ngmsAllSteps: true })).toEqual([]);
  });

  it('skips the early share, its end included', () => {
    expect(skipped({ skipEarlyCfg: 0.3 })).toEqual([0, 1, 2, 3]);
    expect(skipped({ skipEarlyCfg: 0.05 })).toEqual([0]);
    expect(skipped({ skipEarlyCfg: 1 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('counts the early share of all calls that a second-order sampler makes', () => {
    expect(skipped({ skipEarlyCfg: 0.2 }, 20)).toEqual([0, 1, 2, 3, 4]);
  });

  it('skips every second call below the minimum sigma', () => {
    expect(skipped({ ngms: 6 })).toEqual([5, 7, 9]);
  });

  it('skips every call below it where asked', () => {
    expect(skipped({ ngms: 6, ngmsAllSteps: true })).toEqual([5, 6, 7, 8, 9]);
  });

  it('does both', () => {
    expect(skipped({ skipEarlyCfg: 0.1, ngms: 3 })).toEqual([0, 1, 9]);
  });
});
