/** What a float32 model sees of a run. */
import { describe, expect, it } from 'vitest';
import { NOISE_SOURCES } from '../noise';
import { runSampler, type SamplerRun, type SamplerStep } from './index';
import { RUNNABLE as SAMPLERS } from './formulas';
import { ladder } from './testing/closed-form';
import { SD_SCHEDULE } from './testing/toy-model';

function createRun(overrides: Partial<SamplerRun> = {}): SamplerRun {
  const source = NOISE_SOURCES.cpu.create(3);
  return {
    denoise: async (x) => x.map((value) => Math.tanh(value)),
    denoiseBoth: async (x) => ({ denoised: x.map((value) => Math.tanh(value)), uncond: x.map(() => 0) }),
    x: source.next(16).map((value) => value * 10),
    sigmas: ladder(6),
    model: SD_SCHEDULE,
    noise: () => source.next(16),
    brownian: () => source.next(16),
    onStep: () => {},
    ...overrides,
  };
}

describe('runSampler', () => {
  it.each(['euler_ancestral', 'dpmpp_sde', 'ddim_cfg_pp'] as const)('gives and takes float32 with %s', async (id) => {
    const seen: Float32Array[] = [];
    const steps: SamplerStep[] = [];
    const run = createRun({ onStep: (step) => void steps.push(step) });
    const { denoise, denoiseBoth } = run;
    const result = await runSampler(SAMPLERS[id], {
      ...run,
      denoise: (x, sigma) => {
        seen.push(x);
        return denoise(x, sigma);
      },
      denoiseBoth: async (x, sigma) => {
        seen.push(x);
        return (await denoiseBoth?.(x, sigma)) ?? { denoised: x, uncond: x };
      },
    });
    const tensors = [result, ...seen, ...steps.flatMap(({ x, denoised }) => [x, denoised])];
    expect(tensors.every((tensor) => tensor instanceof Float32Array && tensor.length === 16)).toBe(true);
    expect(steps.length).toBe(6);
    expect(seen).toContainEqual(steps[3].x);
  });

  it('waits for reports and ends with what they throw', async () => {
    const run = createRun({
      onStep: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        throw new Error('enough');
      },
    });
    await expect(runSampler(SAMPLERS.heun, run)).rejects.toThrow('enough');
  });

  it('hands the options on', async () => {
    const plain = await runSampler(SAMPLERS.euler_ancestral, createRun(), { eta: 0 });
    expect(plain).toEqual(await runSampler(SAMPLERS.euler, createRun()));
    expect(plain).not.toEqual(await runSampler(SAMPLERS.euler_ancestral, createRun()));
  });
});
