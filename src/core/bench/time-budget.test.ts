import { describe, expect, it } from 'vitest';
import { TimeBudget } from './time-budget';

const SDXL = { loadBytes: 5.1e9, flops: [13.5e12] };

describe('TimeBudget', () => {
  it('lets through what the pace seen so far leaves time for, and nothing else', () => {
    let ms = 0;
    const budget = new TimeBudget(60, () => ms);
    expect(budget.fits(SDXL)).toBe(false); // 25 s of loading and 225 s of calls at the pace that is taken for granted
    budget.noteLoad(1e9, 1);
    budget.noteCalls(1.6e12, 200, 2200);
    expect(budget.estimate(SDXL)).toBeCloseTo(5.1 + 2 + (5 * 13.5) / 8, 5);
    expect(budget.fits(SDXL)).toBe(true);
    ms = 50_000;
    expect(budget.secondsLeft).toBe(10);
    expect(budget.fits(SDXL)).toBe(false);
  });

  it('learns nothing from a load of next to nothing', () => {
    const budget = new TimeBudget(60, () => 0);
    const before = budget.estimate(SDXL);
    budget.noteLoad(1000, 3);
    expect(budget.estimate(SDXL)).toBe(before);
  });
});
