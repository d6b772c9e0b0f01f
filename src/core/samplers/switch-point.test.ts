/** Where A1111's refiner takes over: calls of k-diffusion's samplers, against A1111's rule (tools/fixtures/make_refiner.py). */
import { describe, expect, it } from 'vitest';
import { lcmSchedule, type ResolvedScheduleId } from '../schedules';
import fixture from './fixtures/switch-point.json';
import { RUNNABLE } from './formulas';
import { runSampler, type SamplerId } from './index';
import { wholeStart } from './start';
import { completedShare, createSwitch } from './switch-point';
import { SD_SCHEDULE } from './testing/toy-model';

type Case = (typeof fixture.cases)[number];

/** What the sampler asks in the case's run, and the first call that is the other model's. */
async function runOf({ sampler: id, schedule, steps, at, bySteps }: Case) {
  const sampler = RUNNABLE[id as SamplerId];
  const plan = {
    schedule: schedule as ResolvedScheduleId,
    steps,
    model: SD_SCHEDULE,
    conventions: 'a1111',
    options: {},
  } as const;
  const { sigmas: ladder, steps: counted } = wholeStart(sampler, { ...plan, discardPenultimate: false });
  const isPast = createSwitch(
    { at, byCalls: bySteps },
    {
      schedule: SD_SCHEDULE,
      calls: counted * (sampler.countsDouble === true ? 2 : 1),
      isOfTimesteps: sampler.variancePreserving === true,
    },
  );
  const sigmas: number[] = [];
  let switched: number | null = null;
  await runSampler(sampler, {
    x: Float32Array.of(ladder[0]),
    sigmas: ladder,
    model: SD_SCHEDULE,
    noise: () => Float32Array.of(0.5),
    onStep: () => undefined,
    denoise: (x, sigma) => {
      if (isPast(sigmas.length, sigma)) switched ??= sigmas.length;
      sigmas.push(sigma);
      return Promise.resolve(x.map((value) => value / (1 + sigma * sigma)));
    },
  });
  return { sigmas, switched };
}

describe('createSwitch', () => {
  it.each(fixture.cases)('is at $at of $steps steps of $sampler, $schedule, by steps: $bySteps', async (one) => {
    const { sigmas, switched } = await runOf(one);
    expect(sigmas).toHaveLength(one.sigmas.length);
    for (const [i, sigma] of one.sigmas.entries()) expect(sigmas[i] / sigma).toBeCloseTo(1, 4); // get_sigmas_karras is in float32
    expect(switched).toBe(one.switched);
  });

  it('is held to runs that switch in the middle of a step, at once, and never', () => {
    const switches = fixture.cases.map(({ switched }) => switched);
    for (const wanted of [null, 0]) expect(switches).toContain(wanted);
    const halves = fixture.cases.filter(({ sampler, switched }) => sampler === 'heun' && (switched ?? 0) % 2 === 1);
    expect(halves.length).toBeGreaterThan(0);
  });

  it('stays with the second model where a run goes back up', () => {
    const run = { schedule: SD_SCHEDULE, calls: 10, isOfTimesteps: false };
    const isPast = createSwitch({ at: 0.5, byCalls: false }, run);
    expect([10, 0.5, 10].map((sigma, call) => isPast(call, sigma))).toEqual([false, true, true]);
  });

  it('reckons with the 50 timesteps of an LCM as if they were all, as A1111 does', () => {
    const schedule = lcmSchedule(SD_SCHEDULE);
    const run = { schedule, calls: 4, isOfTimesteps: false, byCalls: false };
    expect(completedShare(0, schedule.sigmaMax, run)).toBe(0.95);
  });
});
