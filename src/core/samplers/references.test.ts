/** Samplers call by call against k-diffusion, diffusers, and implementations from the formulas (fixtures/). */
import { describe, expect, it } from 'vitest';
import { createBrownianTree, NOISE_SOURCES } from '../noise';
import diffusers from './fixtures/diffusers.json';
import formulas from './fixtures/formulas.json';
import kDiffusion from './fixtures/k-diffusion.json';
import {
  isSamplerId,
  runSampler,
  type Latent,
  type LatentRun,
  type RunnableSampler,
  type SamplerOptions,
  type SamplerRun,
} from './index';
import { RUNNABLE as SAMPLERS } from './formulas';
import { SD_SCHEDULE, toyBoth, toyModel } from './testing/toy-model';

/** Relative to the largest value of the tensor. */
const REL = {
  /** Tolerance in float64, as the references were computed; what is left is their noise, which torch makes in float32. */
  float64: 1e-6,
  /** Tolerance in float32, as the app runs; measured 4.2e-7. */
  float32: 2e-6,
  /** DPM adaptive chooses its sigmas by small differences of float32 predictions; measured 2.2e-5 on the way, 2.9e-6 at the end. */
  adaptive: 5e-5,
};

interface Reference {
  sampler: string;
  /** Options in k-diffusion's words. */
  options: { s_churn?: number; s_tmin?: number; s_tmax?: number; s_noise?: number; eta?: number };
  shape: number[];
  seed: number;
  stride: number;
  sigmas: number[];
  /** Asked of the sampler itself, where it has sigmas of its own. */
  steps?: number;
  /** For each model call its sigma, then every `stride`-th element of its latent. */
  calls: number[][];
  /** Sigmas from and to which the Brownian noise was asked for. */
  ways?: number[][];
  /** The noise is the Brownian tree's of the seed. */
  tree?: boolean;
  result: number[];
}

const SOURCES = { 'k-diffusion': kDiffusion.runs, diffusers: diffusers.runs, formulas: formulas.runs };
const RUNS = Object.entries(SOURCES).flatMap(([source, runs]) =>
  (runs as Reference[]).map((run) => ({ source, run, words: describeRun(run) })),
);

function describeRun({ sampler, options, shape, sigmas, tree }: Reference): string {
  const given = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  const size = `${shape[2]}x${shape[3]}, ${sigmas.length} sigmas from ${sigmas[0].toFixed(1)}`;
  return [sampler, size, ...given, ...(tree ? ['on a Brownian tree'] : [])].join(', ');
}

function toOptions({ s_churn, s_tmin, s_tmax, s_noise, eta }: Reference['options']): Partial<SamplerOptions> {
  return { sChurn: s_churn, sTmin: s_tmin, sTmax: s_tmax, sNoise: s_noise, eta };
}

function entryOf(id: string): RunnableSampler {
  if (!isSamplerId(id)) throw new Error(`fixtures name the unknown sampler ${id}`);
  return SAMPLERS[id];
}

function relativeDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(actual[i] - value))) / scale;
}

describe.each(RUNS)('$source: $words', ({ run }) => {
  const entry = entryOf(run.sampler);

  it('has the same latent at every model call and at the end', async () => {
    const replayed = toReplay(run);
    const result = await entry.sample(replayed.run, toOptions(run.options));
    compare({ ...replayed, result }, REL.float64);
  });

  it('has nearly the same with a model that speaks float32', async () => {
    const replayed = toReplay(run);
    const result = await runSampler(entry, toFloat32(replayed.run), toOptions(run.options));
    compare({ ...replayed, result }, run.sampler === 'dpm_adaptive' ? REL.adaptive : REL.float32);
  });

  function compare(
    { seen, asked, result }: { seen: number[][]; asked: number[][]; result: ArrayLike<number> },
    rel: number,
  ) {
    const { calls, ways = [] } = run;
    expect(seen.length).toBe(calls.length);
    seen.forEach(([sigma, ...x], i) => {
      expect(Math.abs(sigma / calls[i][0] - 1)).toBeLessThan(rel);
      expect(relativeDifference(x, calls[i].slice(1))).toBeLessThan(rel);
    });
    expect(asked.length).toBe(ways.length);
    asked.forEach((way, i) => expect(relativeDifference(way, ways[i])).toBeLessThan(1e-9));
    expect(relativeDifference(result, run.result)).toBeLessThan(rel);
  }
});

/** A run as the reference ran, which notes what is asked of it. */
function toReplay({ sampler, shape, seed, stride, sigmas, tree: onTree = false }: Reference) {
  const { variancePreserving, modelSchedule } = entryOf(sampler);
  const count = shape.reduce((product, size) => product * size, 1);
  const source = NOISE_SOURCES.cpu.create(seed);
  const draw = (): Latent => Float64Array.from(source.next(count));
  const startScale = variancePreserving ? Math.hypot(1, sigmas[0]) : sigmas[0];
  const [sigmaMin, sigmaMax] = [sigmas[sigmas.length - 2], sigmas[0]];
  const tree = createBrownianTree({ kind: 'cpu', seed, sigmaMin, sigmaMax, count });
  const seen: number[][] = [];
  const asked: number[][] = [];
  const note = (x: Latent, sigma: number): void => void seen.push([sigma, ...x.filter((_, i) => i % stride === 0)]);
  const run: LatentRun = {
    denoise: (x, sigma) => {
      note(x, sigma);
      return toyModel(x, sigma);
    },
    denoiseBoth: (x, sigma) => {
      note(x, sigma);
      return toyBoth(x, sigma);
    },
    x: draw().map((value) => value * startScale),
    sigmas: Float64Array.from(sigmas),
    model: modelSchedule?.(SD_SCHEDULE) ?? SD_SCHEDULE,
    noise: draw,
    brownian: (sigma, sigmaNext) => {
      if (onTree) return Float64Array.from(tree.increment(sigma, sigmaNext));
      asked.push([sigma, sigmaNext]);
      return draw();
    },
    onStep: () => {},
  };
  return { run, seen, asked };
}

function toFloat32(run: LatentRun): SamplerRun {
  const narrow = (values: Latent | undefined): Float32Array => Float32Array.from(values ?? []);
  const { denoise, denoiseBoth, noise, brownian } = run;
  return {
    ...run,
    x: narrow(run.x),
    denoise: async (x, sigma) => narrow(await denoise(Float64Array.from(x), sigma)),
    denoiseBoth: async (x, sigma) => {
      const both = await denoiseBoth?.(Float64Array.from(x), sigma);
      return { denoised: narrow(both?.denoised), uncond: narrow(both?.uncond) };
    },
    noise: () => narrow(noise()),
    brownian: (sigma, sigmaNext) => narrow(brownian?.(sigma, sigmaNext)),
    onStep: () => {},
  };
}

describe('sigmas that samplers make themselves', () => {
  it.each(RUNS.filter(({ run }) => run.steps !== undefined))('$words are the reference’s', ({ run }) => {
    const sigmas = entryOf(run.sampler).ownSigmas?.(run.steps ?? 0, SD_SCHEDULE) ?? [];
    expect(sigmas.length).toBe(run.sigmas.length);
    // The schedule's float32 ᾱ moves the lowest sigma by 1.3e-5 of its value, as A1111's does.
    run.sigmas.forEach((sigma, i) => expect(Math.abs(sigmas[i] / sigma - 1)).toBeLessThan(2e-5));
  });
});

describe('fixtures', () => {
  it('cover every sampler of the table, on a square and on another shape', () => {
    for (const shape of ['8x8', '6x10']) {
      const covered = RUNS.filter(({ words }) => words.includes(shape)).map(({ run }) => run.sampler);
      expect(new Set(covered)).toEqual(new Set(Object.keys(SAMPLERS)));
    }
  });
});
