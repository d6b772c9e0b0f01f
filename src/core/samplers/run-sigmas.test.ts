/** Which sigmas a sampler runs on. */
import { describe, expect, it } from 'vitest';
import { lcmSchedule } from '../schedules';
import { runSigmas, SAMPLERS, type RunPlan, type SamplerEntry, type SamplerId } from './index';
import { SD_SCHEDULE } from './testing/toy-model';

const PLAN: RunPlan = { schedule: 'karras', steps: 5, model: SD_SCHEDULE, conventions: 'a1111' };
const ENTRIES = Object.entries(SAMPLERS) as [SamplerId, SamplerEntry][];

function rounded(sigmas: Float64Array): number[] {
  return Array.from(sigmas, (sigma) => Number(sigma.toFixed(4)));
}

describe('runSigmas', () => {
  const whole = [14.6146, 4.9529, 1.3217, 0.2505, 0.0292, 0];
  const without = [14.6146, 6.0822, 2.2322, 0.6926, 0.1698, 0];

  it('are the schedule’s', () => {
    const plain = rounded(runSigmas(SAMPLERS.euler, PLAN));
    expect(plain[0]).toBe(whole[0]);
    expect(plain.slice(-2)).toEqual(whole.slice(-2));
    expect(plain.length).toBe(6);
  });

  it.each([
    ['dpm_2', 'a1111', true],
    ['dpm_2', 'comfyui', true],
    ['dpm_2_ancestral', 'a1111', true],
    ['dpm_2_ancestral', 'comfyui', true],
    ['dpmpp_3m_sde', 'a1111', true],
    ['dpmpp_3m_sde', 'comfyui', false],
    ['dpmpp_2m', 'a1111', false],
  ] as const)('of %s in %s leave out the sigma before the last: %s', (id, conventions, leavesOut) => {
    const sigmas = rounded(runSigmas(SAMPLERS[id], { ...PLAN, conventions }));
    expect(sigmas.length).toBe(6);
    if (leavesOut) expect(sigmas).toEqual(without);
    else expect(sigmas.at(-2)).toBe(0.0292);
  });

  it('leave it out for every sampler when asked, once', () => {
    for (const id of ['euler', 'dpm_2', 'dpmpp_3m_sde'] as const)
      expect(rounded(runSigmas(SAMPLERS[id], { ...PLAN, discardPenultimate: true }))).toEqual(without);
  });

  it('are the sampler’s own where it has some, whatever the schedule', () => {
    for (const [id, entry] of ENTRIES.filter(([, { ownSigmas }]) => ownSigmas)) {
      const own = entry.ownSigmas?.(5, SD_SCHEDULE);
      expect(runSigmas(entry, PLAN), id).toEqual(own);
      expect(runSigmas(entry, { ...PLAN, schedule: 'exponential' }), id).toEqual(own);
    }
  });

  it('are the schedule’s for those of them that ComfyUI has', () => {
    const comfy: RunPlan = { ...PLAN, conventions: 'comfyui' };
    const karras = runSigmas(SAMPLERS.euler, comfy);
    for (const id of ['ddim', 'dpm_fast', 'dpm_adaptive'] as const)
      expect(runSigmas(SAMPLERS[id], comfy)).toEqual(karras);
    expect(rounded(runSigmas(SAMPLERS.uni_pc, comfy))).toEqual(without);
    expect(runSigmas(SAMPLERS.plms, comfy)).toEqual(SAMPLERS.plms.ownSigmas(5, SD_SCHEDULE));
  });

  it('have one step more for timestep samplers where A1111 is to discard', () => {
    const sigmas = runSigmas(SAMPLERS.ddim, { ...PLAN, discardPenultimate: true });
    expect(sigmas).toEqual(SAMPLERS.ddim.ownSigmas(6, SD_SCHEDULE));
  });

  it('lie on the timesteps of a distilled model for LCM', () => {
    const sigmas = rounded(runSigmas(SAMPLERS.lcm, { ...PLAN, schedule: 'lcm', steps: 4 }));
    expect(sigmas).toEqual([14.6146, 2.9911, 0.9728, 0.1345, 0]);
    const karras = runSigmas(SAMPLERS.lcm, PLAN);
    expect(karras[4]).toBeCloseTo(lcmSchedule(SD_SCHEDULE).sigmaMin, 9);
  });
});
