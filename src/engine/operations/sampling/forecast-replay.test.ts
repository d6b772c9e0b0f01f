/** A run with forecasts that broke goes on from its record of calls, which holds those alone that the model answered. */
import { describe, expect, it } from 'vitest';
import { createMasking, maskedDenoiser } from '../../../core/masking';
import { wholeStart, type RunnableSampler, type SamplerId } from '../../../core/samplers';
import { RUNNABLE } from '../../../core/samplers/formulas';
import { SD_SCHEDULE } from '../../../core/samplers/testing/toy-model';
import { runWithForecasts, SPEEDS } from '../../../core/speed';
import { CallRecord, Replay } from '../../run/call-record';

const LATENT = Float32Array.of(0.8, -0.4, 0.2, 0.1);
const NOISE = Float32Array.of(0.5, -0.3, 0.1, 0.7);

/** @param breaksAt  the answer at which it ends badly */
async function run(id: SamplerId, record: CallRecord, breaksAt = Infinity) {
  const sampler: RunnableSampler = RUNNABLE[id];
  const { sigmas, noiseScale } = wholeStart(sampler, {
    ...{ schedule: 'karras', steps: 20, model: SD_SCHEDULE, conventions: 'a1111' },
  });
  const replay = new Replay(record, () => false);
  const masked = { latent: LATENT, noise: NOISE, mask: Float32Array.of(1, 0.3) };
  const masking = createMasking('differential', masked, { sigmas, schedule: SD_SCHEDULE, isVariancePreserving: false });
  let asked = 0;
  let draws = 0;
  const result = await runWithForecasts(
    sampler,
    {
      ask: ({ call: _, ...question }) =>
        replay.call(question, (index) => {
          if (index === breaksAt) throw new Error('lost');
          replay.settle();
          asked++;
          const denoised = question.x.map((value) => (0.25 * value) / (0.25 + question.sigma ** 2));
          return Promise.resolve({ denoised, uncond: denoised });
        }),
      keyAt: () => [],
      channels: 2,
      cfgScale: 4,
      wrap: (denoiser) => maskedDenoiser(denoiser, masking),
      x: LATENT.map((value, i) => value + noiseScale * NOISE[i]),
      sigmas,
      model: SD_SCHEDULE,
      noise: () => NOISE.map((value) => value * Math.sin(++draws)),
      onStep: () => replay.settle(),
    },
    { speed: SPEEDS.fast },
  );
  return { latent: [...masking.end(result.latent)], asked };
}

describe.each(['dpmpp_2m', 'euler_ancestral', 'heun'] as const)('a run of %s that is half forecast', (id) => {
  it('ends in the same numbers after it broke, and asks only for what is not known', async () => {
    const whole = await run(id, new CallRecord());
    const record = new CallRecord();
    await expect(run(id, record, 5)).rejects.toThrow('lost');
    expect(record.calls).toHaveLength(5);
    const resumed = await run(id, record);
    expect(resumed).toEqual({ latent: whole.latent, asked: whole.asked - 5 });
  });
});
