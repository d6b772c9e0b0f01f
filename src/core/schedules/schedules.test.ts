/** Every schedule type against k-diffusion, and what samplers may rely on. */
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/sigmas.json';
import {
  createDiscreteSchedule,
  isScheduleId,
  readNoiseScheduleConfig,
  resolveSchedule,
  SCHEDULES,
  type ScheduleEntry,
  type ScheduleId,
} from './index';

/** k-diffusion holds timesteps and ln σ in float32. */
const SIGMA_REL = 1e-6;

const SD15 = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
const ENTRIES = Object.entries(SCHEDULES) as [ScheduleId, ScheduleEntry][];
const MODELS = fixture.cases.map((c) => [c.name, createDiscreteSchedule(readNoiseScheduleConfig(c.config))] as const);

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(SIGMA_REL * value));
}

describe.each(ENTRIES)('schedule %s', (id, { sigmas }) => {
  const golden = id === 'automatic' ? 'uniform' : id;

  it.each(fixture.cases.map((c, i) => [c.name, i] as const))('gives the sigmas of k-diffusion on %s', (_, i) => {
    const [, model] = MODELS[i];
    for (const reference of fixture.cases[i].schedules) expectClose(sigmas(reference.steps, model), reference[golden]);
  });

  it.each(MODELS)('falls strictly from sigmaMax to 0 for every number of steps on %s', (_, model) => {
    for (let steps = 1; steps <= 150; steps++) {
      const ladder = sigmas(steps, model);
      expect(ladder.length).toBe(steps + 1);
      expect(ladder[0] / model.sigmaMax).toBeCloseTo(1, 9);
      expect(ladder[steps]).toBe(0);
      expect(ladder.every((sigma, i) => i === 0 || sigma < ladder[i - 1])).toBe(true);
    }
  });
});

describe('SCHEDULES on the SD 1.5 betas', () => {
  const model = createDiscreteSchedule(readNoiseScheduleConfig(SD15));
  // Values that A1111 v1.10.1 prints for 10 steps.
  it.each([
    ['uniform', '14.6146 7.8399 4.6092 2.9183 1.9502 1.3449 0.9324 0.6250 0.3687 0.0292 0.0000'],
    ['karras', '14.6146 9.1029 5.4784 3.1686 1.7494 0.9141 0.4469 0.2014 0.0819 0.0292 0.0000'],
    ['sgm_uniform', '14.6146 8.3072 5.0924 3.3251 2.2797 1.6156 1.1629 0.8319 0.5712 0.3437 0.0000'],
  ] as const)('gives the sigmas that A1111 users know for %s', (id, expected) => {
    const printed = Array.from(SCHEDULES[id].sigmas(10, model), (sigma) => sigma.toFixed(4)).join(' ');
    expect(printed).toBe(expected);
  });
});

describe('resolveSchedule', () => {
  it('puts the default of the sampler in the place of Automatic', () => {
    expect(resolveSchedule('automatic', 'karras')).toBe('karras');
    expect(resolveSchedule('sgm_uniform', 'karras')).toBe('sgm_uniform');
  });
});

describe('isScheduleId', () => {
  it('knows the ids and nothing inherited', () => {
    expect(ENTRIES.every(([id]) => isScheduleId(id))).toBe(true);
    expect(['', 'Karras', 'toString', '__proto__'].some(isScheduleId)).toBe(false);
  });
});
