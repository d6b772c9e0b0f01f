/** The sigmas of samplers that ignore the schedule type. */
import { describe, expect, it } from 'vitest';
import { createDiscreteSchedule, readNoiseScheduleConfig } from '../schedules';
import { timestepSigmas, uniPcSigmas, wholeRange } from './own-sigmas';
import { SD_SCHEDULE } from './testing/toy-model';

const ZERO_SNR = createDiscreteSchedule(
  readNoiseScheduleConfig({ beta_schedule: 'squaredcos_cap_v2', rescale_betas_zero_snr: true }),
);
const OWN = Object.entries({ timestepSigmas, uniPcSigmas, wholeRange });

function timestepsOf(sigmas: Float64Array): number[] {
  return [...sigmas].map((sigma) => SD_SCHEDULE.sigmas.indexOf(sigma));
}

describe('timestepSigmas', () => {
  it.each([
    [10, 10, [901, 801, 701], [101, 1]],
    [20, 20, [951, 901, 851], [51, 1]],
    [30, 31, [991, 958, 925], [34, 1]],
    [7, 8, [995, 853, 711], [143, 1]],
    [3, 4, [999, 667, 334], [334, 1]],
    [2, 2, [501, 1], [501, 1]],
  ])('has A1111’s timesteps for %i steps', (steps, count, first, last) => {
    const timesteps = timestepsOf(timestepSigmas(steps, SD_SCHEDULE));
    expect(timesteps.length).toBe(count);
    expect(timesteps.slice(0, first.length)).toEqual(first);
    expect(timesteps.slice(-2)).toEqual(last);
  });

  it('goes all the way in a single step', () => {
    expect(timestepsOf(timestepSigmas(1, SD_SCHEDULE))).toEqual([999, 1]);
  });
});

describe('uniPcSigmas', () => {
  it('has the sigmas of A1111’s times, a step for each of DDIM’s timesteps', () => {
    const sigmas = uniPcSigmas(10, SD_SCHEDULE);
    // Timesteps 999, 899.1, ... 0; at 899.1, ln ᾱ lies between its values at 899 and 900.
    expect(sigmas.length).toBe(11);
    expect([sigmas[0], sigmas[10]].map((sigma, i) => sigma / SD_SCHEDULE.sigmas[i === 0 ? 999 : 0])).toEqual([
      expect.closeTo(1, 9),
      expect.closeTo(1, 9),
    ]);
    const logAlpha = (sigma: number): number => -Math.log1p(sigma ** 2);
    const [low, high] = [899, 900].map((t) => logAlpha(SD_SCHEDULE.sigmas[t]));
    expect(logAlpha(sigmas[1])).toBeCloseTo(low + 0.1 * (high - low), 9);
    expect(uniPcSigmas(30, SD_SCHEDULE).length).toBe(32);
    expect(uniPcSigmas(1, SD_SCHEDULE).length).toBe(2);
  });

  it('tells the network A1111’s timesteps to a hundredth', () => {
    uniPcSigmas(50, SD_SCHEDULE).forEach((sigma, i) =>
      expect(Math.abs(SD_SCHEDULE.sigmaToT(sigma) - 999 * (1 - i / 50))).toBeLessThan(0.01),
    );
  });
});

describe('wholeRange', () => {
  it('is even in ln σ between the model’s ends', () => {
    const sigmas = wholeRange(4, SD_SCHEDULE);
    expect(sigmas.length).toBe(5);
    expect(sigmas[0]).toBeCloseTo(SD_SCHEDULE.sigmaMax, 9);
    expect(sigmas[4]).toBeCloseTo(SD_SCHEDULE.sigmaMin, 9);
    expect(sigmas[2]).toBeCloseTo(Math.sqrt(sigmas[0] * sigmas[4]), 9);
  });
});

describe.each(OWN)('%s', (_, sigmasOf) => {
  it('falls strictly and stays above 0, for any number of steps', () => {
    for (const model of [SD_SCHEDULE, ZERO_SNR])
      for (let steps = 1; steps <= 150; steps++) {
        const sigmas = sigmasOf(steps, model);
        expect(sigmas.length).toBeGreaterThan(1);
        expect(sigmas.every((sigma, i) => sigma > 0 && sigma < (sigmas[i - 1] ?? Infinity))).toBe(true);
      }
  });
});
