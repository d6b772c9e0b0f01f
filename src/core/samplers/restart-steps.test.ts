/** Which steps Restart takes. */
import { describe, expect, it } from 'vitest';
import { RUNNABLE as SAMPLERS } from './formulas';
import { restartSteps } from './restart-steps';
import { ladder, toRun } from './testing/closed-form';

describe('restartSteps', () => {
  it.each([1, 5, 19])('are those of the sigmas below 20: %i', (count) => {
    const sigmas = ladder(count);
    expect(restartSteps(sigmas)).toEqual(
      Array.from({ length: count }, (_, i) => ({ sigma: sigmas[i], sigmaNext: sigmas[i + 1] })),
    );
  });

  it.each([
    [20, 1, 9],
    [35, 1, 9],
    [36, 2, 9],
    [60, 2, 15],
  ])('go back from 0.1 to 2, with %i steps %i times by %i', (count, times, length) => {
    const steps = restartSteps(ladder(count));
    const jumps = steps.flatMap(({ sigma }, i) => (i > 0 && sigma !== steps[i - 1].sigmaNext ? [i] : []));
    expect(steps.length).toBe(count);
    expect(jumps.length).toBe(times);
    for (const jump of jumps) {
      expect(steps[jump].sigma).toBeGreaterThan(1);
      expect(steps[jump].sigma).toBeLessThan(4);
      expect(steps[jump - 1].sigmaNext).toBeLessThan(0.2);
      expect(steps[jump + length - 1].sigmaNext).toBe(steps[jump - 1].sigmaNext);
    }
    expect(steps.every(({ sigma, sigmaNext }) => sigmaNext < sigma)).toBe(true);
    expect(steps.at(-1)?.sigmaNext).toBe(0);
  });

  it('go straight down where the sigmas begin below the way to walk again', () => {
    const low = Float64Array.from(ladder(24), (sigma) => sigma * 0.008);
    const steps = restartSteps(low);
    expect(steps.every(({ sigma }, i) => i === 0 || sigma === steps[i - 1].sigmaNext)).toBe(true);
  });
});

describe('sampleRestart', () => {
  it('is Heun below 20 steps', async () => {
    const sigmas = ladder(19);
    expect(await SAMPLERS.restart.sample(toRun(sigmas))).toEqual(await SAMPLERS.heun.sample(toRun(sigmas)));
  });

  it('draws once for each way walked again', async () => {
    for (const [count, times] of [
      [19, 0],
      [20, 1],
      [36, 2],
    ]) {
      let draws = 0;
      const noise = (): Float64Array => {
        draws++;
        return new Float64Array(8);
      };
      await SAMPLERS.restart.sample(toRun(ladder(count), { noise }));
      expect(draws).toBe(times);
    }
  });
});
