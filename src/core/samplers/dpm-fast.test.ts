/** How DPM fast spends its model calls. */
import { describe, expect, it } from 'vitest';
import { dpmFastOrders } from './dpm-fast-orders';
import { RUNNABLE as SAMPLERS } from './formulas';
import { toRun } from './testing/closed-form';
import { SD_SCHEDULE } from './testing/toy-model';

describe('dpmFastOrders', () => {
  it.each([
    [1, [1]],
    [2, [2]],
    [3, [2, 1]],
    [4, [3, 1]],
    [5, [3, 2]],
    [6, [3, 2, 1]],
    [10, [3, 3, 3, 1]],
    [12, [3, 3, 3, 2, 1]],
  ])('spends %i calls as %j', (calls, orders) => {
    expect(dpmFastOrders(calls)).toEqual(orders);
  });
});

describe('sampleDpmFast', () => {
  it('ends at the last sigma above 0, and at the model’s lowest where there is no other', async () => {
    const ends: number[] = [];
    for (const sigmas of [
      [10, 3, 0.2, 0],
      [10, 3, 0.2],
      [10, 0],
    ]) {
      // A model that sees only noise leaves x at noise times sigma.
      const run = toRun(Float64Array.from(sigmas), { denoise: async (x) => x.map(() => 0) });
      const [x] = await SAMPLERS.dpm_fast.sample(run, { eta: 0 });
      ends.push((x / run.x[0]) * 10);
    }
    expect(ends).toEqual([0.2, 0.2, SD_SCHEDULE.sigmaMin].map((sigma) => expect.closeTo(sigma, 9)));
  });
});
