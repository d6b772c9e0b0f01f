import { describe, expect, it } from 'vitest';
import { runSampler, wholeStart, type RunnableSampler, type SamplerId } from '../samplers';
import { RUNNABLE as SAMPLERS } from '../samplers/formulas';
import { SD_SCHEDULE } from '../samplers/testing/toy-model';
import { createMasking, maskedContent, maskedDenoiser, MASK_MODES, type MaskMode } from './index';

const LATENT = Float32Array.of(0.8, -0.4, 0.2, 0.1);
const NOISE = Float32Array.of(0.5, -0.3, 0.1, 0.7);

/** The only cell of four channels, where the model answers 0.25 x / (0.25 + σ²). */
async function last(mode: MaskMode | 'none', level: number, id: SamplerId = 'euler', steps = 5): Promise<number[]> {
  const sampler: RunnableSampler = SAMPLERS[id];
  const plan = { schedule: 'karras', steps, model: SD_SCHEDULE, conventions: 'a1111' } as const;
  const { sigmas, noiseScale, latentScale } = wholeStart(sampler, plan);
  const predict = (x: Float32Array, sigma: number): Promise<Float32Array> =>
    Promise.resolve(x.map((value) => (0.25 * value) / (0.25 + sigma ** 2)));
  const denoiser = {
    denoise: predict,
    denoiseBoth: async (x: Float32Array, sigma: number) => {
      const denoised = await predict(x, sigma);
      return { denoised, uncond: denoised };
    },
  };
  const masked = { latent: LATENT, noise: NOISE, mask: Float32Array.of(level) };
  const isVariancePreserving = sampler.variancePreserving === true;
  const masking =
    mode === 'none' ? undefined : createMasking(mode, masked, { sigmas, schedule: SD_SCHEDULE, isVariancePreserving });
  const run = {
    ...(masking ? maskedDenoiser(denoiser, masking) : denoiser),
    x: LATENT.map((value, i) => value * latentScale + NOISE[i] * noiseScale),
    sigmas,
    model: SD_SCHEDULE,
    noise: () => NOISE,
    brownian: () => NOISE,
    onStep: () => undefined,
  };
  const end = await runSampler(sampler, run);
  return [...(masking?.end(end) ?? end)];
}

const near = (values: number[], wanted: ArrayLike<number>, digits = 5): void => {
  for (const [i, value] of Array.from(wanted).entries()) expect(values[i]).toBeCloseTo(value, digits);
};

describe('createMasking', () => {
  /** Worked out in Python from each program's formulas; five steps of Karras' sigmas; A1111's before its last blend. */
  it.each([
    ['a1111', 0.5, [0.714907, -0.361232, 0.176837, 0.137543]],
    ['soft', 0.5, [0.644884, -0.336983, 0.153951, 0.266009]],
    ['soft', 0.25, [0.712447]],
    ['comfyui', 0.5, [0.775781, -0.389979, 0.192901, 0.123601]],
    ['differential', 0.5, [0.357296, -0.194487, 0.081404, 0.24661]],
    ['a1111', 0.25, [0.787891]],
    ['comfyui', 0.25, [0.800561]],
    ['differential', 0.25, [0.760468]],
  ] as const)('has the numbers of %s for a cell that is masked by %d', async (mode, level, wanted) => {
    const blended = wanted.map((value, i) => value * level + LATENT[i] * (1 - level));
    near(await last(mode, level), mode === 'a1111' ? blended : wanted);
  });
});

describe.each(Object.keys(SAMPLERS) as SamplerId[])('with %s', (sampler) => {
  it.each(MASK_MODES)('%s changes nothing where all is masked', async (mode) => {
    const plain = await last('none', 1, sampler);
    expect(plain.every(Number.isFinite)).toBe(true);
    near(await last(mode, 1, sampler), plain, mode === 'soft' ? 3 : 5); // it scales by 1 − 10⁻⁵ at each call
  });

  it.each(MASK_MODES.filter((mode) => mode !== 'comfyui' && mode !== 'soft'))(
    '%s keeps the latent where nothing is',
    async (mode) => {
      near(await last(mode, 0, sampler), LATENT);
    },
  );

  it('a level more is never repainted less by differential diffusion', async () => {
    const far = async (level: number): Promise<number> =>
      Math.hypot(...(await last('differential', level, sampler, 8)).map((value, i) => value - LATENT[i]));
    expect(await far(0)).toBe(0);
    expect(await far(0.02)).toBeGreaterThan(0);
  });
});

describe('maskedContent', () => {
  const mask = Float32Array.of(1, 0);
  const [latent, noise] = [Float32Array.of(1, 2), Float32Array.of(8, 9)];
  it.each([
    ['original', [1, 2]],
    ['fill', [1, 2]],
    ['latent_noise', [8, 2]],
    ['latent_nothing', [0, 2]],
  ] as const)('%s', (content, wanted) => {
    expect([...maskedContent(content, { latent, noise, mask })]).toEqual(wanted);
  });
});
