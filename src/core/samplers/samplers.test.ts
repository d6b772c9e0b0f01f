/** What every sampler of the table promises: iterated, so that a new one is tested on arrival. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { SCHEDULES } from '../schedules';
import { isSamplerId, type LatentRun, type RunnableSampler, type SamplerId, type SamplerOptions } from './index';
import { RUNNABLE as SAMPLERS } from './formulas';
import { ladder, IDEAL, toRun } from './testing/closed-form';
import { SD_SCHEDULE } from './testing/toy-model';

const ENTRIES = Object.entries(SAMPLERS) as [SamplerId, RunnableSampler][];

/** For each option a value that is nobody's default. */
const UNUSUAL: SamplerOptions = { eta: 0.4, sChurn: 8, sTmin: 3, sTmax: 7, sNoise: 0.9 };
const OPTION_IDS = Object.keys(UNUSUAL) as (keyof SamplerOptions)[];

/** Sigmas as the sampler gets them in a run of the app. */
function sigmasFor(entry: RunnableSampler, steps: number): Float64Array {
  return entry.ownSigmas?.(steps, SD_SCHEDULE) ?? ladder(steps);
}

/** A run with the model's schedule as the sampler sees it. */
function runOf(entry: RunnableSampler, sigmas: Float64Array, overrides: Partial<LatentRun> = {}): LatentRun {
  return toRun(sigmas, { model: entry.modelSchedule?.(SD_SCHEDULE) ?? SD_SCHEDULE, ...overrides });
}

/** A run that writes down what happens in it. */
function observed(entry: RunnableSampler, sigmas: Float64Array, overrides: Partial<LatentRun> = {}) {
  const events: string[] = [];
  const run = runOf(entry, sigmas, overrides);
  const { denoise, denoiseBoth, noise, brownian, onStep } = run;
  const noted: LatentRun = {
    ...run,
    denoise: (x, sigma) => {
      events.push('model');
      return denoise(x, sigma);
    },
    denoiseBoth: async (x, sigma) => {
      events.push('model');
      return (await denoiseBoth?.(x, sigma)) ?? { denoised: x, uncond: x };
    },
    noise: () => {
      events.push('draw');
      return noise();
    },
    brownian: (sigma, sigmaNext) => {
      events.push('way');
      return brownian?.(sigma, sigmaNext) ?? noise();
    },
    onStep: (step) => {
      events.push(`step ${step.index}`);
      return onStep(step);
    },
  };
  return { run: noted, events, count: (word: string) => events.filter((event) => event.startsWith(word)).length };
}

describe.each(ENTRIES)('sampler %s', (_, entry) => {
  const { sample, modelCalls, noiseKind } = entry;

  it.each([1, 2, 3, 10, 40])('calls the model and reports as promised for %i steps', async (steps) => {
    const sigmas = sigmasFor(entry, steps);
    const { run, events, count } = observed(entry, sigmas);
    const result = await sample(run);
    const intervals = sigmas.length - 1;
    const reports = entry.reports ? entry.reports(intervals) : intervals;
    expect(count('model')).toBe(modelCalls(intervals) ?? count('model'));
    expect(count('step')).toBe(reports ?? count('step'));
    const order = events.filter((event) => event.startsWith('step'));
    expect(order).toEqual(order.map((_, index) => `step ${index}`));
    expect(events.indexOf('step 0')).toBeGreaterThan(events.indexOf('model'));
    expect(result.every(Number.isFinite)).toBe(true);
  });

  it('takes noise of its kind only', async () => {
    const { run, count } = observed(entry, sigmasFor(entry, 40));
    await sample(run);
    expect([count('draw') > 0, count('way') > 0]).toEqual([noiseKind === 'draws', noiseKind === 'brownian']);
  });

  it('reports the latent of a model call and what came of it', async () => {
    const calls: { x: Float64Array; sigma: number; denoised: Float64Array }[] = [];
    const reports: typeof calls = [];
    const denoise: LatentRun['denoise'] = async (x, sigma) => {
      const denoised = await IDEAL(x, sigma);
      calls.push({ x, sigma, denoised });
      return denoised;
    };
    await sample(runOf(entry, sigmasFor(entry, 4), { denoise, onStep: (step) => void reports.push(step) }));
    expect(reports.length).toBeGreaterThan(0);
    for (const { x, sigma, denoised } of reports) {
      const call = calls.find((one) => one.x === x && one.sigma === sigma);
      // LCM scales the prediction by a factor near 1.
      call?.denoised.forEach((value, i) => expect(denoised[i]).toBeCloseTo(value, 4));
      expect(call).toBeDefined();
    }
  });

  it('arrives where a model that always sees the same picture points', async () => {
    const picture = (x: Float64Array): Float64Array => x.map((_, i) => Math.cos(i));
    const silence = (): Float64Array => new Float64Array(8);
    const sigmas = sigmasFor(entry, 12);
    const quiet = { denoise: async (x: Float64Array) => picture(x), noise: silence, brownian: silence };
    const run = runOf(entry, sigmas, quiet);
    const result = await sample(run);
    const last = sigmas[sigmas.length - 1];
    const scale = entry.variancePreserving ? Math.hypot(1, last) : 1;
    picture(run.x).forEach((value, i) => {
      // LCM leaves a trace of x, as its entry's schedule has it.
      const left = (Math.abs(run.x[i] - value) * last) / sigmas[0];
      expect(Math.abs(result[i] * scale - value)).toBeLessThan(left * (1 + 1e-9) + 1e-5);
    });
  });

  it('gives identical results for identical runs and leaves its inputs alone', async () => {
    const sigmas = sigmasFor(entry, 24);
    const run = runOf(entry, sigmas);
    const [x, before] = [run.x.slice(), sigmas.slice()];
    const first = await sample(run);
    expect([run.x, run.sigmas]).toEqual([x, before]);
    expect(await sample(runOf(entry, sigmas))).toEqual(first);
  });

  it('calls nothing any more when a report throws, after waiting for it', async () => {
    const { run, events } = observed(entry, sigmasFor(entry, 12), {
      onStep: async ({ index }) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (index === 2) throw new AppError('cancelled', 'Stopped.');
      },
    });
    await expect(sample(run)).rejects.toMatchObject({ code: 'cancelled' });
    expect(events.at(-1)).toBe('step 2');
  });

  it('passes on what the model throws', async () => {
    let calls = 0;
    const { run, events } = observed(entry, sigmasFor(entry, 12), {
      denoise: async (x, sigma) => {
        if (++calls === 3) throw new AppError('cancelled', 'Stopped.');
        return IDEAL(x, sigma);
      },
    });
    await expect(sample(run)).rejects.toMatchObject({ code: 'cancelled' });
    expect(events.at(-1)).toBe('model');
  });

  it('has the defaults that its entry names', async () => {
    const sigmas = sigmasFor(entry, 24);
    const given = await sample(runOf(entry, sigmas), { ...entry.options });
    expect(given).toEqual(await sample(runOf(entry, sigmas)));
    expect(await sample(runOf(entry, sigmas), { eta: undefined, sChurn: undefined })).toEqual(given);
  });

  it.each(OPTION_IDS)('honours %s exactly when its entry names it', async (id) => {
    const sigmas = sigmasFor(entry, 24);
    // The range and scale of churn matter only where there is churn.
    const common = id === 'eta' || id === 'sChurn' || entry.options.sChurn === undefined ? {} : { sChurn: 8 };
    const usual = await sample(runOf(entry, sigmas), common);
    const changed = await sample(runOf(entry, sigmas), { ...common, [id]: UNUSUAL[id] });
    if (id in entry.options) expect(changed).not.toEqual(usual);
    else expect(changed).toEqual(usual);
  });
});

describe('churn', () => {
  it('draws once a step, also at those that its range leaves out, and takes 0 for no upper limit', async () => {
    const some = observed(SAMPLERS.euler, ladder(10));
    await SAMPLERS.euler.sample(some.run, { sChurn: 2, sTmin: 2, sTmax: 6 });
    expect(some.count('draw')).toBe(10);
    const all = await SAMPLERS.euler.sample(toRun(ladder(10)), { sChurn: 2, sTmax: 0 });
    expect(all).toEqual(await SAMPLERS.euler.sample(toRun(ladder(10)), { sChurn: 2, sTmax: Infinity }));
  });
});

describe('samplers without what they need', () => {
  it.each(ENTRIES.filter(([, { noiseKind, needsUncond }]) => noiseKind === 'brownian' || needsUncond))(
    '%s says so',
    async (_, { sample }) => {
      const run = { ...toRun(ladder(4)), brownian: undefined, denoiseBoth: undefined };
      await expect(sample(run)).rejects.toMatchObject({ code: 'internal' });
    },
  );
});

describe('SAMPLERS', () => {
  const idsWhere = (wanted: (entry: RunnableSampler) => unknown): string[] =>
    ENTRIES.filter(([, entry]) => wanted(entry)).map(([id]) => id);

  it('has ids, aliases and labels that name one sampler each', () => {
    const names = ENTRIES.flatMap(([id, { label, aliases }]) => [id, label, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('names the samplers of A1111 and Forge in their order, then others', () => {
    expect(ENTRIES.map(([, { label }]) => label).join(', ')).toBe(
      'DPM++ 2M, DPM++ SDE, DPM++ 2M SDE, DPM++ 2M SDE Heun, DPM++ 2S a, DPM++ 3M SDE, Euler a, Euler, LMS, Heun, DPM2, ' +
        'DPM2 a, DPM fast, DPM adaptive, Restart, DDIM, DDIM CFG++, PLMS, UniPC, LCM, DDPM, HeunPP2, IPNDM, IPNDM_V, DEIS, TCD, ' +
        'Euler CFG++, Euler a CFG++, DPM++ 2M CFG++, DPM++ 2S a CFG++, Res Multistep, Res Multistep Ancestral, Res Multistep CFG++, ' +
        'Res Multistep Ancestral CFG++, Gradient Estimation, Gradient Estimation CFG++, ER SDE, SEEDS-2, SEEDS-3, ' +
        'Exp Heun 2 x0, Exp Heun 2 x0 SDE, SA-Solver, SA-Solver PECE, UniPC bh2',
    );
  });

  it('names schedules that exist and never Automatic as defaults', () => {
    for (const [, { defaultSchedule }] of ENTRIES) {
      expect(Object.keys(SCHEDULES)).toContain(defaultSchedule);
      expect(defaultSchedule).not.toBe('automatic');
    }
  });

  it('has the automatic schedules of A1111', () => {
    const karras = ['dpmpp_2m', 'dpmpp_sde', 'dpmpp_2s_ancestral', 'dpm_2', 'dpm_2_ancestral', 'restart'];
    const guided = ['dpmpp_2m_cfg_pp', 'dpmpp_2s_ancestral_cfg_pp'];
    expect(idsWhere(({ defaultSchedule }) => defaultSchedule === 'karras')).toEqual([...karras, ...guided]);
    const exponential = ['dpmpp_2m_sde', 'dpmpp_2m_sde_heun', 'dpmpp_3m_sde'];
    expect(idsWhere(({ defaultSchedule }) => defaultSchedule === 'exponential')).toEqual(exponential);
    expect(idsWhere(({ defaultSchedule }) => defaultSchedule === 'lcm')).toEqual(['lcm']);
  });

  it('has the flags of A1111', () => {
    const double = ['dpmpp_sde', 'dpmpp_2s_ancestral', 'heun', 'dpm_2', 'dpm_2_ancestral', 'restart'];
    expect(idsWhere(({ countsDouble }) => countsDouble)).toEqual([...double, 'dpmpp_2s_ancestral_cfg_pp']);
    const ensd = ['dpmpp_2s_ancestral', 'euler_ancestral', 'dpm_2_ancestral', 'dpm_fast', 'dpm_adaptive'];
    const guided = ['euler_ancestral_cfg_pp', 'dpmpp_2s_ancestral_cfg_pp'];
    expect(idsWhere(({ usesEnsd }) => usesEnsd)).toEqual([...ensd, ...guided]);
    const timesteps = ['ddim', 'ddim_cfg_pp', 'plms', 'uni_pc', 'uni_pc_bh2'];
    expect(idsWhere(({ variancePreserving }) => variancePreserving)).toEqual(timesteps);
    expect(idsWhere(({ ownSigmas }) => ownSigmas)).toEqual(['dpm_fast', 'dpm_adaptive', ...timesteps]);
    expect(idsWhere(({ comfyOptions }) => comfyOptions?.eta === 0)).toEqual(['dpm_fast', 'dpm_adaptive']);
  });
});

describe('isSamplerId', () => {
  it('knows the ids and nothing inherited', () => {
    expect(ENTRIES.every(([id]) => isSamplerId(id))).toBe(true);
    expect(['', 'Euler', 'toString', '__proto__'].some(isSamplerId)).toBe(false);
  });
});
