/** Where runs begin that start from a latent: A1111's and ComfyUI's numbers, worked out in Python from their formulas. */
import { describe, expect, it } from 'vitest';
import type { ScheduleId } from '../schedules';
import { runSampler } from './run-sampler';
import type { RunPlan } from './run-sigmas';
import type { RunnableSampler } from './sampler';
import { partStart, wholeStart, type Denoising } from './start';
import { type SamplerId } from './table';
import { RUNNABLE as SAMPLERS } from './formulas';
import { SD_SCHEDULE } from './testing/toy-model';

const planOf = (schedule: ScheduleId, steps: number, conventions: RunPlan['conventions'] = 'a1111'): RunPlan => ({
  schedule,
  steps,
  model: SD_SCHEDULE,
  conventions,
});
const share: Denoising = { strength: 0.6, takesAllSteps: false };

/** The last value of z = 1 with noise n = 0.5, where the model answers 0.25 x / (0.25 + σ²). */
async function last(id: SamplerId, plan: RunPlan, denoising: Denoising): Promise<{ x: number; calls: number[] }> {
  const sampler: RunnableSampler = SAMPLERS[id];
  const { sigmas, latentScale, noiseScale } = partStart(sampler, plan, denoising);
  const calls: number[] = [];
  const denoise = (x: Float32Array, sigma: number): Promise<Float32Array> => {
    calls.push(sigma);
    return Promise.resolve(x.map((value) => (0.25 * value) / (0.25 + sigma ** 2)));
  };
  const end = await runSampler(sampler, {
    x: Float32Array.of(latentScale + 0.5 * noiseScale),
    sigmas,
    model: SD_SCHEDULE,
    denoise,
    denoiseBoth: async (x, sigma) => {
      const denoised = await denoise(x, sigma);
      return { denoised, uncond: denoised };
    },
    noise: () => Float32Array.of(0),
    brownian: () => Float32Array.of(0),
    onStep: () => Promise.resolve(),
  });
  return { x: end[0], calls };
}

const sigmaAt = (timestep: number): number => SD_SCHEDULE.sigmas[timestep];

describe('partStart, by A1111’s rules', () => {
  it('takes the last of the steps, one more than the share of them', async () => {
    const plan = planOf('karras', 20);
    const { sigmas, noiseScale, latentScale } = partStart(SAMPLERS.euler, plan, share);
    expect([sigmas.length - 1, latentScale]).toEqual([13, 1]);
    expect(sigmas[0]).toBeCloseTo(2.64084, 4);
    expect(noiseScale).toBe(sigmas[0]);
    expect(sigmas).toEqual(wholeStart(SAMPLERS.euler, plan).sigmas.slice(7));
    expect((await last('dpmpp_2m', plan, share)).x).toBeCloseTo(0.43682298, 5);
    expect((await last('euler', plan, share)).x).toBeCloseTo(0.3954828, 5);
  });

  it.each([
    [20, 0.75, 16],
    [20, 0.5, 11],
    [20, 1, 20],
    [30, 0.4, 13],
    [20, 0.001, 1],
  ])('%i steps at %f are %i', (steps, strength, taken) => {
    const { sigmas } = partStart(SAMPLERS.euler, planOf('karras', steps), { ...share, strength });
    expect(sigmas.length - 1).toBe(taken);
  });

  it('takes all steps of a longer schedule in the second pass of hires fix', async () => {
    const hires: Denoising = { strength: 0.6, takesAllSteps: true };
    const plan = planOf('karras', 10);
    const { sigmas } = partStart(SAMPLERS.euler, plan, hires);
    const expected = [
      2.232155, 1.543702, 1.045908, 0.69257, 0.446918, 0.280084, 0.169757, 0.098993, 0.055184, 0.029167, 0,
    ];
    expect(sigmas).toHaveLength(expected.length);
    expected.forEach((sigma, i) => expect(sigmas[i]).toBeCloseTo(sigma, 4));
    expect((await last('dpmpp_2m', plan, hires)).x).toBeCloseTo(0.47150288, 5);
    expect((await last('euler', plan, hires)).x).toBeCloseTo(0.41465008, 5);
    const uniform = planOf('uniform', 10);
    expect((await last('dpmpp_2m', uniform, hires)).x).toBeCloseTo(0.53407048, 5);
    expect((await last('euler', uniform, hires)).x).toBeCloseTo(0.39284986, 5);
  });

  it('noises for the timestep above the first that DDIM takes', async () => {
    const { x, calls } = await last('ddim', planOf('automatic', 20), { ...share, strength: 0.75 });
    expect(calls).toHaveLength(14);
    expect(calls[0]).toBe(sigmaAt(701));
    expect(x).toBeCloseTo(0.33442489, 5);
    const { sigmas, latentScale, noiseScale } = partStart(SAMPLERS.ddim, planOf('automatic', 20), {
      ...share,
      strength: 0.75,
    });
    const scale = Math.hypot(1, sigmaAt(701)) / Math.hypot(1, sigmaAt(751));
    expect([sigmas[0], latentScale, noiseScale]).toEqual([sigmaAt(701), scale, scale * sigmaAt(751)]);
  });

  it('does so in the second pass, too, where the timesteps are one more than the steps', async () => {
    const { x, calls } = await last('ddim', planOf('automatic', 10), { strength: 0.6, takesAllSteps: true });
    expect(calls).toHaveLength(8);
    expect(calls[0]).toBe(sigmaAt(497));
    expect(x).toBeCloseTo(0.44384953, 5);
  });

  it('starts UniPC where DDIM starts, in as many steps', () => {
    const { sigmas } = partStart(SAMPLERS.uni_pc, planOf('automatic', 20), { ...share, strength: 0.75 });
    expect(sigmas.length - 1).toBe(15);
    expect(sigmas[0]).toBeCloseTo(sigmaAt(701), 10);
    expect(sigmas[15]).toBeCloseTo(sigmaAt(0), 10);
  });

  it('gives DPM fast and DPM adaptive the ends of what is left of the schedule', () => {
    const plan = planOf('karras', 20);
    const left = partStart(SAMPLERS.euler, plan, share).sigmas;
    for (const id of ['dpm_fast', 'dpm_adaptive'] as const) {
      const { sigmas } = partStart(SAMPLERS[id], plan, share);
      expect(sigmas.length).toBe(left.length);
      expect(sigmas[0]).toBeCloseTo(left[0], 10);
      expect(sigmas[sigmas.length - 1]).toBeCloseTo(left[left.length - 2], 10);
    }
  });

  it('adds more noise where that is asked for', () => {
    const more: Denoising = { ...share, noiseMultiplier: 1.1, extraNoise: 0.2 };
    const { sigmas, noiseScale } = partStart(SAMPLERS.euler, planOf('karras', 20), more);
    expect(noiseScale).toBeCloseTo((sigmas[0] + 0.2) * 1.1, 12);
  });
});

describe('partStart, by ComfyUI’s rules', () => {
  it('takes all steps of a longer schedule', () => {
    const plan = planOf('karras', 10, 'comfyui');
    const { sigmas, noiseScale } = partStart(SAMPLERS.euler, plan, share);
    expect(sigmas.length - 1).toBe(10);
    expect(sigmas[0]).toBeCloseTo(2.232155, 4);
    expect(noiseScale).toBe(sigmas[0]);
  });

  it('is the whole run at 1, from σ_max with its own scale', () => {
    const plan = planOf('normal', 10, 'comfyui');
    const whole = wholeStart(SAMPLERS.euler, plan);
    expect(partStart(SAMPLERS.euler, plan, { ...share, strength: 1 })).toEqual(whole);
    expect(whole.noiseScale).toBeCloseTo(Math.hypot(1, whole.sigmas[0]), 10);
  });
});

describe.each(Object.keys(SAMPLERS) as SamplerId[])('%s', (id) => {
  it('ends in numbers for every number of steps and strength', async () => {
    for (const conventions of ['a1111', 'comfyui'] as const)
      for (const steps of [1, 2, 7, 20])
        for (const strength of [0.01, 0.3, 0.75, 1])
          for (const takesAllSteps of [false, true]) {
            const plan = planOf('karras', steps, conventions);
            const resolved: RunPlan = { ...plan, schedule: SAMPLERS[id].defaultSchedule };
            const { x } = await last(id, resolved, { strength, takesAllSteps });
            expect(x, `${conventions} ${steps} ${strength} ${takesAllSteps}`).toSatisfy(Number.isFinite);
          }
  });
});
