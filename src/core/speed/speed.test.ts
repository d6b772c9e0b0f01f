import { describe, expect, it } from 'vitest';
import { runSampler, type RunnableSampler, type SamplerId } from '../samplers';
import { RUNNABLE as SAMPLERS } from '../samplers/formulas';
import { positionOf, runWithForecasts, type ForecastRun } from './run-with-forecasts';
import { SD_SCHEDULE } from '../samplers/testing/toy-model';
import { LEAST_STEPS, madeSteps, SPEEDS, type SpeedEntry } from './index';
import fixture from './fixtures/forecasts.json';

const IDS = Object.keys(SAMPLERS) as SamplerId[];
const STEPPING = IDS.filter((id) => id !== 'dpm_adaptive');
const { fast, faster, faster2, exact } = SPEEDS;

/** toy_model of tools/fixtures/sampling_runs.py */
const toyModel = (x: Float32Array, sigma: number): Float32Array =>
  x.map(
    (value, i) =>
      0.7 * Math.tanh(value / Math.hypot(1, sigma)) + 0.2 * Math.sin((3 * x[(i + 1) % x.length]) / (1 + sigma)),
  );

/** steep_model of tools/fixtures/sampling_forecasts.py: x0 pushes the mean of each channel back, further than it came. */
const steepModel = (x: Float32Array, sigma: number): Float32Array => {
  const mean = (i: number): number => x.subarray(i & ~3, (i & ~3) + 4).reduce((sum, value) => sum + value, 0) / 4;
  return toyModel(x, sigma).map((value, i) => 0.3 * value + 1.5 - (2 * mean(i)) / (1 + (sigma * sigma) / 4));
};

const START = Float32Array.from(fixture.start);

/** A run from 14.6 to 0, evenly by their logarithms, with noise of which no two draws share anything. */
function runOf(steps: number, model = toyModel): ForecastRun & { asked: number[] } {
  const sigmas = Float64Array.from({ length: steps + 1 }, (_, i) =>
    i === steps ? 0 : 14.6 * (0.03 / 14.6) ** (i / (steps - 1)),
  );
  let draws = 0;
  const noise = () => START.map((value, i) => Math.sin(1000 * value + 7 * ++draws + i));
  const asked: number[] = [];
  return {
    asked,
    ask({ x, sigma, call }) {
      asked.push(call);
      const denoised = model(x, sigma);
      return Promise.resolve({ denoised, uncond: denoised.map((value) => value / 2) });
    },
    keyAt: () => [],
    channels: 4,
    cfgScale: 4,
    x: START.map((value) => value * sigmas[0]),
    sigmas,
    model: SD_SCHEDULE,
    noise,
    brownian: noise,
    onStep: () => undefined,
  };
}

const plain = (entry: RunnableSampler, run: ForecastRun): Promise<Float32Array> => {
  const ask = (x: Float32Array, sigma: number) => run.ask({ x, sigma, wantsUncond: true, call: 0 });
  return runSampler(entry, { ...run, denoise: async (x, sigma) => (await ask(x, sigma)).denoised, denoiseBoth: ask });
};

const farthest = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe('madeSteps', () => {
  it.each([fast, faster, faster2])('makes at most its share, with the first and the last: $label', (speed) => {
    for (let steps = LEAST_STEPS; steps <= 150; steps++) {
      const made = [...(madeSteps(steps, speed) ?? [])];
      expect(made).toHaveLength(Math.floor(speed.share * steps));
      expect(made).toEqual(made.toSorted((a, b) => a - b));
      expect([made[0], made.at(-1)]).toEqual([0, steps - 1]);
    }
  });

  it('makes them where docs/benchmarks.md has measured them', () => {
    const of = (speed: SpeedEntry): number[] => [...(madeSteps(20, speed) ?? [])];
    expect(of(faster)).toEqual([0, 4, 8, 11, 15, 19]);
    expect(of(faster2)).toEqual([0, 3, 7, 11, 15, 19]);
  });

  it('makes all of exact runs and of short ones', () => {
    expect(madeSteps(20, exact)).toBeUndefined();
    for (let steps = 1; steps < LEAST_STEPS; steps++) expect(madeSteps(steps, faster)).toBeUndefined();
  });
});

describe('positionOf', () => {
  it('is the step, and between two what its logarithm says', () => {
    const sigmas = Float64Array.of(8, 2, 1, 0);
    const sigmaOf = (position: number): number => positionOf(position, sigmas);
    expect([8, 4, 2, Math.SQRT2, 1, 0.5, 0, 9].map(sigmaOf)).toEqual([0, 0.5, 1, expect.closeTo(1.5), 2, 2.5, 3, 0]);
  });
});

describe('runWithForecasts', () => {
  it.each(fixture.runs)(
    'ends where the reference does: $sampler, $speed, $model',
    async ({ sampler, speed, model, made, end }) => {
      const run = {
        ...runOf(20, model === 'steep' ? steepModel : toyModel),
        sigmas: Float64Array.from(fixture.sigmas),
      };
      run.x = START.map((value) => value * run.sigmas[0]);
      const asked: number[] = [];
      const counted: ForecastRun = { ...run, ask: (question) => (asked.push(question.call), run.ask(question)) };
      const entry: RunnableSampler = SAMPLERS[sampler as SamplerId];
      const result = await runWithForecasts(entry, counted, { speed: SPEEDS[speed as 'fast'] });
      expect(asked).toEqual(made);
      expect(farthest(result.latent, Float32Array.from(end))).toBeLessThan(2e-5);
    },
  );

  it.each(IDS)('asks everything and ends in the same bytes where nothing is forecast: %s', async (id) => {
    const entry: RunnableSampler = SAMPLERS[id];
    const [run, other] = [runOf(14), runOf(14)];
    const { latent, calls, made } = await runWithForecasts(entry, run, { speed: exact });
    expect(latent).toEqual(await plain(entry, other));
    expect(run.asked).toEqual([...Array(calls).keys()]);
    expect(made).toBe(calls);
  });

  // What is forecast, and drawn, is then what an exact run has: whatever a sampler remembers, it may not show.
  it.each(STEPPING)('ends as an exact run where x0 is a straight line: %s', async (id) => {
    const entry: RunnableSampler = SAMPLERS[id];
    const line = (run: ForecastRun) => (x: Float32Array, sigma: number) =>
      x.map((_, i) => START[i] * (1 + positionOf(sigma, run.sigmas)));
    const [run, other] = [runOf(24), runOf(24)];
    const [ask, askOther] = [line(run), line(other)];
    const both = (denoised: Float32Array) => Promise.resolve({ denoised, uncond: denoised.map((v) => v / 2) });
    run.ask = ({ x, sigma, call }) => (run.asked.push(call), both(ask(x, sigma)));
    other.ask = ({ x, sigma }) => both(askOther(x, sigma));
    // DPM fast goes ahead and comes back: x's means fall where x0's rise, which looks like a push.
    for (const speed of id === 'dpm_fast' ? [fast, faster] : [fast, faster, faster2]) {
      run.asked.length = 0;
      const { latent, calls, made } = await runWithForecasts(entry, { ...run, ...fresh(24) }, { speed });
      expect(run.asked.length).toBe(made);
      expect(made / calls).toBeLessThanOrEqual(speed.share + 0.08);
      expect(farthest(latent, await plain(entry, { ...other, ...fresh(24) }))).toBeLessThan(1e-4);
    }
  });

  it.each(['euler', 'euler_ancestral', 'heun'] as const)(
    'is nearer than as many steps with all calls: %s',
    async (id) => {
      const entry: RunnableSampler = SAMPLERS[id];
      const whole = await plain(entry, runOf(20));
      for (const speed of [fast, faster, faster2]) {
        const { latent } = await runWithForecasts(entry, runOf(20), { speed });
        const fewer = await plain(entry, runOf(Math.floor(speed.share * 20)));
        expect(farthest(latent, whole)).toBeLessThan(farthest(fewer, whole));
      }
    },
  );

  it.each(['euler_cfg_pp', 'dpmpp_2m_cfg_pp'] as const)(
    'leaves the answers of samplers that take both where they were: %s',
    async (id) => {
      // without channels nothing gives way
      const ends = [4, 0].map(async (channels) => {
        const run = { ...runOf(20, steepModel), channels };
        return (await runWithForecasts(SAMPLERS[id], run, { speed: faster2 })).latent;
      });
      expect(await ends[0]).toEqual(await ends[1]);
    },
  );

  it('holds back an answer that overshoots: nearer to the exact end than without', async () => {
    const whole = await plain(SAMPLERS.dpmpp_2m, runOf(20, steepModel));
    const distance = async (speed: SpeedEntry): Promise<number> => {
      const { latent, made } = await runWithForecasts(SAMPLERS.dpmpp_2m, runOf(20, steepModel), { speed });
      expect(made).toBe(6);
      return farthest(latent, whole);
    };
    expect(await distance(faster2)).toBeLessThan(0.25 * (await distance(faster)));
  });

  it.each([
    [29, false],
    [30, true],
  ])('is the first version in long runs: %i steps', async (steps, isSame) => {
    const ends = [faster, faster2].map((speed) =>
      runWithForecasts(SAMPLERS.dpmpp_2m, runOf(steps, steepModel), { speed }).then(({ latent }) => latent.join()),
    );
    const [first, now] = await Promise.all(ends);
    expect(first === now).toBe(isSame);
  });

  it('asks where a prompt changes, and forecasts nothing across', async () => {
    const run = runOf(20);
    const values: number[] = [];
    const result = await runWithForecasts(
      SAMPLERS.euler,
      {
        ...run,
        keyAt: (call) => [call < 6 ? 'a' : 'b'],
        ask: ({ x, call }) => {
          run.asked.push(call);
          const denoised = x.map(() => (call < 6 ? 1 : 5));
          return Promise.resolve({ denoised, uncond: denoised });
        },
        onStep: ({ denoised, isAgain }) => void (isAgain || values.push(denoised[0])),
      },
      { speed: faster },
    );
    expect(run.asked).toContain(6);
    expect(values).toEqual([...Array<number>(6).fill(1), ...Array<number>(14).fill(5)]);
    expect(result.made).toBe(run.asked.length);
  });

  it('asks where a forecast is no number', async () => {
    const run = runOf(20);
    const huge: ForecastRun = {
      ...run,
      // their difference is beyond float32
      ask: ({ x, call }) => {
        run.asked.push(call);
        const denoised = x.map(() => (run.asked.length % 2 === 0 ? 3e38 : -3e38));
        return Promise.resolve({ denoised, uncond: denoised });
      },
    };
    await runWithForecasts(SAMPLERS.euler, huge, { speed: fast });
    expect(run.asked.length).toBeGreaterThan(11);
  });

  it('tells each step once as new, and all that is thrown', async () => {
    const told: number[] = [];
    const onStep = ({ index, isAgain }: { index: number; isAgain?: boolean }) => void (isAgain || told.push(index));
    await runWithForecasts(SAMPLERS.dpmpp_2m, { ...runOf(20), onStep }, { speed: faster });
    expect(told).toEqual([...Array(20).keys()]);
    const lost = new Error('lost');
    const broken = { ...runOf(20), ask: () => Promise.reject(lost) };
    await expect(runWithForecasts(SAMPLERS.euler, broken, { speed: fast })).rejects.toBe(lost);
  });

  it('leaves DPM adaptive its own steps', async () => {
    const { calls, made } = await runWithForecasts(SAMPLERS.dpm_adaptive, runOf(20), { speed: faster });
    expect(made).toBe(calls);
  });
});

/** Noise from the first draw on. */
function fresh(steps: number): Pick<ForecastRun, 'noise' | 'brownian'> {
  const { noise, brownian } = runOf(steps);
  return { noise, ...(brownian && { brownian }) };
}
