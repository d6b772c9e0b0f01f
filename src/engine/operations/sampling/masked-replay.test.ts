/** A masked run that broke goes on from its record of calls, whatever the way to mask. */
import { describe, expect, it } from 'vitest';
import { createMasking, maskedDenoiser, MASK_MODES, type MaskMode } from '../../../core/masking';
import { runSampler, wholeStart } from '../../../core/samplers';
import { RUNNABLE as SAMPLERS } from '../../../core/samplers/formulas';
import { SD_SCHEDULE } from '../../../core/samplers/testing/toy-model';
import { CallRecord, Replay } from '../../run/call-record';

const LATENT = Float32Array.of(0.8, -0.4, 0.2, 0.1);
const NOISE = Float32Array.of(0.5, -0.3, 0.1, 0.7);
const { sigmas, noiseScale } = wholeStart(SAMPLERS.dpmpp_2m, {
  ...{ schedule: 'karras', steps: 6, model: SD_SCHEDULE, conventions: 'a1111' },
});

/** @param breaksAt  the call at which it ends badly @returns the last latent, and how often the model was asked */
async function run(mode: MaskMode, mask: number[], record: CallRecord, breaksAt = Infinity) {
  const replay = new Replay(record, () => false);
  let asked = 0;
  const predict = (x: Float32Array, sigma: number) =>
    replay.call({ x, sigma, wantsUncond: false }, (call) => {
      if (call === breaksAt) throw new Error('lost');
      asked++;
      const denoised = x.map((value) => (0.25 * value) / (0.25 + sigma ** 2));
      return Promise.resolve({ denoised, uncond: denoised });
    });
  const denoiser = {
    denoise: async (x: Float32Array, sigma: number) => (await predict(x, sigma)).denoised,
    denoiseBoth: predict,
  };
  const masked = { latent: LATENT, noise: NOISE, mask: Float32Array.from(mask) };
  const masking = createMasking(mode, masked, { sigmas, schedule: SD_SCHEDULE, isVariancePreserving: false });
  const latent = await runSampler(SAMPLERS.dpmpp_2m, {
    ...maskedDenoiser(denoiser, masking),
    ...{ x: LATENT.map((value, i) => value + noiseScale * NOISE[i]), sigmas, model: SD_SCHEDULE, noise: () => NOISE },
    onStep: () => replay.settle(),
  });
  return { latent: [...masking.end(latent)], asked };
}

describe.each(MASK_MODES)('a run masked by %s', (mode) => {
  it('ends in the same numbers after it broke, and asks only for what is not known', async () => {
    const whole = await run(mode, [1, 0.3], new CallRecord());
    const record = new CallRecord();
    await expect(run(mode, [1, 0.3], record, 4)).rejects.toThrow('lost');
    const resumed = await run(mode, [1, 0.3], record);
    expect(resumed).toEqual({ latent: whole.latent, asked: whole.asked - 4 });
  });

  it('takes nothing of a record that was made with another mask for its own', async () => {
    const record = new CallRecord();
    await run(mode, [1, 0.3], record);
    const other = await run(mode, [0, 1], record);
    expect(other.latent).toEqual((await run(mode, [0, 1], new CallRecord())).latent);
  });
});
