/** Samplers step by step against k-diffusion, and against the numbers published for A1111's settings. */
import { describe, expect, it } from 'vitest';
import { NOISES } from '../noise';
import { sampleEulerAncestral } from './euler-ancestral';
import { sampleEuler } from './euler';
import fixture from './fixtures/k-diffusion.json';
import { SAMPLERS, type Denoise, type SamplerId, type SamplerRun } from './index';

/** Latents are float32; errors of a step shrink with sigma. Relative to the largest value of the tensor. */
const SAMPLER_REL = 1e-5;

interface KDiffusionOptions {
  s_churn?: number;
  s_tmin?: number;
  s_tmax?: number;
  s_noise?: number;
  eta?: number;
}

/** The fixture's model: see tools/fixtures/sampling_samplers.py. */
const toyModel: Denoise = async (x, sigma) =>
  x.map((value, i) => {
    const following = x[(i + 1) % x.length];
    return 0.7 * Math.tanh(value / Math.sqrt(1 + sigma ** 2)) + 0.2 * Math.sin((3 * following) / (1 + sigma));
  });

function sample(id: SamplerId, run: SamplerRun, options: KDiffusionOptions): Promise<Float32Array> {
  const { s_churn: churn, s_tmin: churnMinSigma, s_tmax: churnMaxSigma, s_noise: noiseScale, eta } = options;
  if (Object.keys(options).length === 0) return SAMPLERS[id].sample(run);
  if (id === 'euler') return sampleEuler(run, { churn, churnMinSigma, churnMaxSigma, noiseScale });
  if (id === 'euler_ancestral') return sampleEulerAncestral(run, { eta, noiseScale });
  throw new Error(`${id} has no options`);
}

function relativeDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(actual[i] - value))) / scale;
}

const RUNS = fixture.runs.map((run) => {
  const options: KDiffusionOptions = run.options;
  const words = [...run.shape.slice(1), JSON.stringify(options), `from ${run.sigmas[0].toFixed(1)}`].join(' ');
  return { ...run, options, words };
});

describe.each(RUNS)(
  'k-diffusion, $sampler, $words',
  ({ sampler, options, shape, seed, stride, sigmas, steps, result }) => {
    it('has the same latent at every step and at the end', async () => {
      const count = shape.reduce((product, size) => product * size, 1);
      const source = NOISES.cpu.create(seed);
      const seen: { sigma: number; x: number[] }[] = [];
      const run: SamplerRun = {
        denoise: toyModel,
        x: source.next(count).map((value) => value * sigmas[0]),
        sigmas: Float64Array.from(sigmas),
        noise: () => source.next(count),
        onStep: ({ sigma, x }) => void seen.push({ sigma, x: [...x.filter((_, i) => i % stride === 0)] }),
      };
      const final = await sample(sampler as SamplerId, run, options);
      expect(seen.length).toBe(steps.length);
      seen.forEach((step, i) => {
        expect(step.sigma / steps[i].sigma).toBeCloseTo(1, 9);
        expect(relativeDifference(step.x, steps[i].x)).toBeLessThan(SAMPLER_REL);
      });
      expect(relativeDifference(final, result)).toBeLessThan(SAMPLER_REL);
    });
  },
);

describe('fixtures of k-diffusion', () => {
  it('cover every sampler of the table', () => {
    expect(new Set(RUNS.map(({ sampler }) => sampler))).toEqual(new Set(Object.keys(SAMPLERS)));
  });
});

describe('samplers with A1111 settings', () => {
  const karras10 = Array.from({ length: 10 }, (_, i) => {
    const [max, min] = [14.6146412293 ** (1 / 7), 0.0291671582 ** (1 / 7)];
    return (max + (i / 9) * (min - max)) ** 7;
  });

  // Karras-10 on D(x, σ) = 0.25 x/(0.25 + σ²), x = σ_max, all noise 0.5: k-diffusion at A1111's commit, in float64.
  it.each([
    ['euler', {}, 0.41426978],
    ['euler', { s_churn: 10 }, 0.55484383],
    ['euler_ancestral', {}, 0.45781135],
    ['dpmpp_2m', {}, 0.52546221],
  ] as const)('%s with %j ends at %f', async (id, options, expected) => {
    const run: SamplerRun = {
      denoise: async (x, sigma) => x.map((value) => (0.25 * value) / (0.25 + sigma ** 2)),
      x: Float32Array.of(14.6146412293),
      sigmas: Float64Array.of(...karras10, 0),
      noise: () => Float32Array.of(0.5),
      onStep: () => {},
    };
    const [actual] = await sample(id, run, options);
    expect(Math.abs(actual / expected - 1)).toBeLessThan(SAMPLER_REL);
  });
});
