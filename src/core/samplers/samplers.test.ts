/** What every sampler of the table promises: iterated, so that a new one is tested on arrival. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { NOISES } from '../noise';
import { isScheduleId } from '../schedules';
import { isSamplerId, SAMPLERS, type Denoise, type SamplerEntry, type SamplerId, type SamplerRun } from './index';

/** Data are N(0, DATA_VARIANCE): the ideal denoiser is linear and the ODE has a closed form. */
const DATA_VARIANCE = 0.5;
const IDEAL: Denoise = async (x, sigma) => x.map((value) => (value * DATA_VARIANCE) / (DATA_VARIANCE + sigma ** 2));

const ENTRIES = Object.entries(SAMPLERS) as [SamplerId, SamplerEntry][];
const PLAIN = ENTRIES.filter(([, entry]) => !entry.usesNoise);
const STOCHASTIC = ENTRIES.filter(([, entry]) => entry.usesNoise);

/** Even in ln σ from `first` to `last`, without the 0: steps + 1 values. */
function geometric(first: number, last: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps + 1 }, (_, i) => first * (last / first) ** (i / steps));
}

/** Even steps from 10 to the 0 that ends every real run. */
function ladder(steps: number): Float64Array {
  return Float64Array.from({ length: steps + 1 }, (_, i) => 10 * (1 - i / steps));
}

function toRun(sigmas: Float64Array, overrides: Partial<SamplerRun> = {}, count = 8): SamplerRun {
  const source = NOISES.cpu.create(11);
  const x = source.next(count).map((value) => value * sigmas[0]);
  return { denoise: IDEAL, x, sigmas, noise: () => source.next(count), onStep: () => {}, ...overrides };
}

describe.each(ENTRIES)('sampler %s', (_, { sample, modelCalls, usesNoise }) => {
  it.each([1, 2, 3, 10])('calls the model and reports as promised for %i steps', async (steps) => {
    const seen: string[] = [];
    let draws = 0;
    const run = toRun(ladder(steps));
    const result = await sample({
      ...run,
      denoise: (x, sigma) => {
        seen.push('model');
        return run.denoise(x, sigma);
      },
      noise: () => {
        draws++;
        return run.noise();
      },
      onStep: ({ index }) => void seen.push(`step ${index}`),
    });
    expect(seen.filter((word) => word === 'model').length).toBe(modelCalls(steps));
    expect(seen.filter((word) => word !== 'model')).toEqual(Array.from({ length: steps }, (_, i) => `step ${i}`));
    expect(seen.at(-1)).toBe(`step ${steps - 1}`);
    expect(draws > 0).toBe(usesNoise && steps > 1);
    expect(result.every(Number.isFinite)).toBe(true);
  });

  it('reports the prediction and the latent of each model call', async () => {
    const calls: { x: Float32Array; sigma: number; denoised: Float32Array }[] = [];
    const run = toRun(ladder(4));
    await sample({
      ...run,
      denoise: async (x, sigma) => {
        const denoised = await run.denoise(x, sigma);
        calls.push({ x, sigma, denoised });
        return denoised;
      },
      onStep: ({ x, sigma, denoised }) => expect(calls).toContainEqual({ x, sigma, denoised }),
    });
    expect.assertions(4);
  });

  it('ends at the last prediction', async () => {
    let last: Float32Array | undefined;
    const result = await sample(toRun(ladder(5), { onStep: ({ denoised }) => void (last = denoised) }));
    expect(result).toEqual(last);
  });

  it('gives identical results for identical runs and leaves its inputs alone', async () => {
    const run = toRun(ladder(6));
    const [x, sigmas] = [run.x.slice(), run.sigmas.slice()];
    const first = await sample(run);
    expect([run.x, run.sigmas]).toEqual([x, sigmas]);
    expect(await sample(toRun(ladder(6)))).toEqual(first);
  });

  it('stops before the next model call when a report throws, after waiting for it', async () => {
    let calls = 0;
    const run = toRun(ladder(6), {
      denoise: (x, sigma) => {
        calls++;
        return IDEAL(x, sigma);
      },
      onStep: async ({ index }) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (index === 2) throw new AppError('cancelled', 'Stopped.');
      },
    });
    await expect(sample(run)).rejects.toMatchObject({ code: 'cancelled' });
    expect(calls).toBe(modelCalls(3));
  });
});

describe.each(PLAIN)('sampler %s, deterministic', (_, { sample, order }) => {
  /** Largest relative error against √((s² + σ²)/(s² + σ0²)). */
  async function errorOf(steps: number): Promise<number> {
    const sigmas = geometric(10, 0.1, steps);
    const run = toRun(sigmas);
    const factor = Math.sqrt((DATA_VARIANCE + 0.1 ** 2) / (DATA_VARIANCE + 10 ** 2));
    const result = await sample(run);
    return Math.max(...run.x.map((start, i) => Math.abs(result[i] / (start * factor) - 1)));
  }

  it(`converges to the closed form with order ${order}`, async () => {
    const [coarse, fine] = [await errorOf(40), await errorOf(80)];
    const slope = Math.log2(coarse / fine);
    // Measured: Euler 0.99, DPM++ 2M 1.97. Losing the second-order term gives 1, a wrong sign less.
    expect(slope).toBeGreaterThan(order - 0.15);
    expect(slope).toBeLessThan(order + 0.3);
    expect(fine).toBeLessThan(0.03);
  });
});

describe.each(STOCHASTIC)('sampler %s, stochastic', (_, { sample }) => {
  it('gives results with the variance of the data', async () => {
    const sigmas = Float64Array.from([...geometric(10, 0.05, 150), 0]);
    const result = await sample(toRun(sigmas, {}, 8192));
    const variance = result.reduce((total, value) => total + value ** 2, 0) / result.length;
    // Measured for Euler a: 0.498. Sampling error is 1.6 %; noise 20 % too small would give about 0.33.
    expect(variance).toBeGreaterThan(0.47);
    expect(variance).toBeLessThan(0.53);
  });
});

describe('SAMPLERS', () => {
  it('has ids, aliases and labels that name one sampler each', () => {
    const names = ENTRIES.flatMap(([id, { label, aliases }]) => [id, label, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('names schedules that exist and never Automatic as defaults', () => {
    for (const [, { defaultSchedule }] of ENTRIES) {
      expect(isScheduleId(defaultSchedule)).toBe(true);
      expect(defaultSchedule).not.toBe('automatic');
    }
  });

  it('has the automatic schedules of A1111', () => {
    expect(SAMPLERS.dpmpp_2m.defaultSchedule).toBe('karras');
    expect([SAMPLERS.euler.defaultSchedule, SAMPLERS.euler_ancestral.defaultSchedule]).toEqual(['uniform', 'uniform']);
  });
});

describe('isSamplerId', () => {
  it('knows the ids and nothing inherited', () => {
    expect(ENTRIES.every(([id]) => isSamplerId(id))).toBe(true);
    expect(['', 'Euler', 'toString', '__proto__'].some(isSamplerId)).toBe(false);
  });
});
