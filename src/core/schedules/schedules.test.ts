/** Every schedule type against its foreign reference, and what samplers may rely on. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import fixture from './fixtures/schedules.json';
import { SIGMAS } from './formulas';
import {
  buildSigmas,
  createDiscreteSchedule,
  isScheduleId,
  lcmSchedule,
  readNoiseScheduleConfig,
  resolveSchedule,
  SCHEDULES,
  type ResolvedScheduleId,
  type DiscreteOptions,
  type ScheduleEntry,
  type ScheduleId,
} from './index';

/** k-diffusion holds timesteps and ln σ in float32. */
const SIGMA_REL = 1e-6;
/** float32 timesteps up to 999 where ln σ changes by 0.006 a timestep. */
const TIMESTEP_ABS = 1e-4;
/** diffusers multiplies a thousand alphas in float32. */
const DIFFUSERS_REL = 1e-5;

const SD15 = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
const sd15 = modelOf(SD15);
const ENTRIES = (Object.entries(SCHEDULES) as [ScheduleId, ScheduleEntry][]).map(
  ([id, entry]) => [id, { ...entry, sigmas: SIGMAS[id] }] as const,
);
const STEPS = [...Array.from({ length: 40 }, (_, i) => i + 1), 50, 99, 150];

type Golden = Partial<Record<ResolvedScheduleId, number[]>>;

function modelOf(config: object, options: DiscreteOptions = {}) {
  return createDiscreteSchedule(readNoiseScheduleConfig(config), options);
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], relative = SIGMA_REL): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(relative * value));
}

/** A1111 takes the lowest level of its tables for a single step, and ComfyUI divides by zero; see there. */
function isDegenerate(id: ScheduleId, steps: number): boolean {
  return steps === 1 && (id === 'align_your_steps' || id === 'align_your_steps_gits');
}

describe.each(fixture.cases)('on $name', ({ config, options, table, runs }) => {
  const model = modelOf(config, options as DiscreteOptions);

  it('the table of sigmas is that of the program', () => {
    expectClose(
      table.index.map((t) => model.sigmas[t]),
      table.sigma,
    );
  });

  it('sigmas get the timesteps of the program', () => {
    const timesteps = table.karras.map(model.sigmaToT);
    table.timesteps.forEach((t, i) => expect(Math.abs(timesteps[i] - t)).toBeLessThanOrEqual(TIMESTEP_ABS));
  });

  it.each(ENTRIES)('%s has the sigmas of the reference', (id, { sigmas }) => {
    for (const run of runs) {
      const golden = (run.sigmas as Golden)[id === 'automatic' ? 'uniform' : id];
      if (golden === undefined) expect(id).toBe('lcm');
      else if (!isDegenerate(id, run.steps)) expectClose(sigmas(run.steps, model), golden);
    }
  });
});

describe('SCHEDULES with options', () => {
  it.each(fixture.overrides)('$schedule takes $options', ({ schedule, options, steps, sigmas }) => {
    const { family, ...others } = options as { family?: string };
    const given =
      family === undefined ? others : ({ ...others, optimisedFor: family === 'sdxl' ? 1024 : 512 } as const);
    expectClose(SIGMAS[schedule as ScheduleId](steps, sd15, given), sigmas);
  });

  it.each(ENTRIES)('%s changes with the options that it names, and with no others', (_, { options, sigmas }) => {
    const given = { sigmaMin: 0.2, sigmaMax: 9, rho: 4, betaAlpha: 0.9, betaBeta: 0.9, optimisedFor: 1024 } as const;
    const plain = sigmas(12, sd15);
    const changing = Object.entries(given).filter(([name, value]) => {
      const changed = sigmas(12, sd15, { [name]: value });
      return changed.some((sigma, i) => sigma !== plain[i]);
    });
    expect(changing.map(([name]) => name).toSorted()).toEqual([...options].toSorted());
  });

  it('take 0 as the default, as A1111 does', () => {
    const zeros = { sigmaMin: 0, sigmaMax: 0, rho: 0, betaAlpha: 0, betaBeta: 0 };
    for (const [, { sigmas }] of ENTRIES) expect(sigmas(9, sd15, zeros)).toEqual(sigmas(9, sd15));
  });

  it.each([{ sigmaMin: 3, sigmaMax: 2 }, { sigmaMin: 20 }, { sigmaMin: -1 }, { rho: NaN }, { sigmaMax: Infinity }])(
    'refuse %j with a sentence',
    (options) => expect(() => SIGMAS.karras(5, sd15, options)).toThrow(AppError),
  );
});

describe.each(fixture.diffusers)('diffusers agrees', ({ schedule, steps, sigmas }) => {
  it(`on ${schedule} with ${steps} steps`, () => {
    expectClose(SIGMAS[schedule as ScheduleId](steps, sd15), sigmas, DIFFUSERS_REL);
  });
});

describe.each(ENTRIES)('schedule %s', (id, { sigmas }) => {
  const models = [sd15, modelOf({ ...SD15, rescale_betas_zero_snr: true }), modelOf({ num_train_timesteps: 20 })];

  it('falls strictly to its end for every number of steps', () => {
    for (const model of models)
      for (const steps of STEPS) {
        const ladder = sigmas(steps, model);
        expect(ladder.every((sigma, i) => sigma >= 0 && (i === 0 || sigma < ladder[i - 1]))).toBe(true);
        expect(ladder.length).toBeGreaterThan(1);
        if (id !== 'kl_optimal') expect(ladder.at(-1)).toBe(0);
        else expect((ladder.at(-1) ?? NaN) / model.sigmaMin).toBeCloseTo(1, 9);
      }
  });

  it('makes as many steps as asked, but for those that say otherwise', () => {
    const counts = [4, 10, 20, 30, 150].map((steps) => sigmas(steps, sd15).length - 1);
    if (id === 'ddim') expect(counts).toEqual([4, 10, 20, 31, 167]);
    else if (id === 'sd_turbo') expect(counts).toEqual([4, 10, 10, 10, 10]);
    else if (id === 'beta_comfy') expect(counts).toEqual([4, 10, 20, 30, 149]);
    else expect(counts).toEqual([4, 10, 20, 30, 150]);
  });

  it('starts at the noise it was made for', () => {
    const first = sigmas(10, sd15)[0];
    if (id === 'ddim') expect(first).toBe(sd15.sigmas[901]);
    else if (id.startsWith('align_your_steps')) expect(first).toBeCloseTo(14.615, 3);
    else expect(first / sd15.sigmaMax).toBeCloseTo(1, 9);
  });
});

describe('SCHEDULES on the SD 1.5 betas', () => {
  // Values that A1111 v1.10.1 and ComfyUI print for 10 steps.
  it.each([
    ['uniform', '14.6146 7.8399 4.6092 2.9183 1.9502 1.3449 0.9324 0.6250 0.3687 0.0292 0.0000'],
    ['karras', '14.6146 9.1029 5.4784 3.1686 1.7494 0.9141 0.4469 0.2014 0.0819 0.0292 0.0000'],
    ['exponential', '14.6146 7.3249 3.6712 1.8400 0.9222 0.4622 0.2317 0.1161 0.0582 0.0292 0.0000'],
    ['sgm_uniform', '14.6146 8.3072 5.0924 3.3251 2.2797 1.6156 1.1629 0.8319 0.5712 0.3437 0.0000'],
    ['simple', '14.6146 8.3028 5.0878 3.3211 2.2765 1.6129 1.1606 0.8299 0.5693 0.3417 0.0000'],
    ['ddim', '8.3907 5.1344 3.3478 2.2929 1.6237 1.1682 0.8357 0.5741 0.3462 0.0413 0.0000'],
    ['kl_optimal', '14.6146 4.5650 2.6329 1.7864 1.2948 0.9616 0.7116 0.5094 0.3356 0.1783 0.0292'],
    ['kl_optimal_comfy', '14.6146 4.2324 2.3937 1.5971 1.1330 0.8152 0.5729 0.3725 0.1953 0.0292 0.0000'],
    ['beta', '14.6146 13.9278 12.4910 10.5976 8.4424 6.2014 4.0462 2.1528 0.7160 0.0292 0.0000'],
    ['beta_comfy', '14.6146 11.5428 7.3718 4.3728 2.6152 1.6183 1.0273 0.6549 0.3955 0.1991 0.0000'],
    ['align_your_steps', '14.6150 6.1135 3.5651 2.3939 1.6500 1.1358 0.7425 0.4450 0.1692 0.0290 0.0000'],
  ] as const)('give the sigmas that users know for %s', (id, expected) => {
    const printed = Array.from(SIGMAS[id](10, sd15), (sigma) => sigma.toFixed(4)).join(' ');
    expect(printed).toBe(expected);
  });

  it('give SDXL the other table of Align Your Steps', () => {
    const printed = Array.from(SIGMAS.align_your_steps(10, sd15, { optimisedFor: 1024 }), (s) => s.toFixed(4));
    expect(printed.join(' ')).toBe('14.6150 5.9634 3.3390 1.8550 1.1023 0.6750 0.4311 0.2606 0.1225 0.0290 0.0000');
  });

  it('give distilled models the sigmas that users know', () => {
    const printed = (id: ScheduleId, steps: number) =>
      Array.from(SIGMAS[id](steps, sd15), (sigma) => sigma.toFixed(4)).join(' ');
    expect(printed('lcm', 4)).toBe('14.6146 2.9911 0.9728 0.1345 0.0000');
    expect(printed('lcm', 8)).toBe('14.6146 6.7684 3.6010 2.1204 1.3231 0.8299 0.4765 0.1345 0.0000');
    expect(printed('sd_turbo', 4)).toBe('14.6146 8.3028 5.0878 3.3211 0.0000');
    expect(Array.from(SIGMAS.turbo(4, sd15)).map((s) => sd15.sigmas.indexOf(s))).toEqual([999, 749, 499, 249, -1]);
  });
});

describe('lcmSchedule', () => {
  it('knows 50 of 1000 timesteps', () => {
    const lcm = lcmSchedule(sd15);
    expect([lcm.sigmas.length, lcm.tMin, lcm.tMax, lcm.sigmaMin.toFixed(6)]).toEqual([50, 19, 999, '0.134451']);
    expect([14.6, 1, 0.01].map(lcm.sigmaToT)).toEqual([999, 359, 19]);
  });

  it('makes Uniform the schedule LCM', () => {
    expect(SIGMAS.uniform(6, lcmSchedule(sd15))).toEqual(SIGMAS.lcm(6, sd15));
  });

  it('makes do with fewer timesteps than an LCM has', () => {
    const lcm = lcmSchedule(modelOf({ num_train_timesteps: 20 }));
    expect([lcm.sigmas.length, lcm.tMin, lcm.tMax]).toEqual([20, 0, 19]);
  });
});

describe('buildSigmas', () => {
  it('builds one step more and leaves out the sigma before the last where a sampler asks for it', () => {
    const plan = { schedule: 'karras', steps: 5, model: sd15 } as const;
    const printed = Array.from(buildSigmas({ ...plan, discardPenultimate: true }), (sigma) => sigma.toFixed(4));
    expect(printed).toEqual(['14.6146', '6.0822', '2.2322', '0.6926', '0.1698', '0.0000']);
    expect(buildSigmas(plan)).toEqual(SIGMAS.karras(5, sd15));
  });

  it('leaves a start and an end for one step', () => {
    for (const [schedule] of ENTRIES)
      expect(buildSigmas({ schedule, steps: 1, model: sd15, discardPenultimate: true }).length).toBe(2);
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
