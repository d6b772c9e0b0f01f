/** One number each, by k-diffusion's and A1111's samplers in float64, through the command line. */
import { describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

interface Answer {
  x: number;
  calls: number;
}

/** Half a unit of the eighth decimal. */
const EIGHT_DECIMALS = 0.5e-8;
const MAX = '14.6146412293';
const TIMESTEPS = '--timesteps 1,101,201,301,401,501,601,701,801,901 --x 1';

async function karras(steps: number): Promise<string> {
  const line = `sigmas --schedule karras --steps ${steps} --sigma-min 0.0291671582 --sigma-max ${MAX}`;
  return (await ask<{ sigmas: number[] }>(line)).sigmas.join(',');
}

async function expectEnd(line: string, end: number, calls: number): Promise<void> {
  const answer = await ask<Answer>(line);
  expect(Math.abs(answer.x - end)).toBeLessThan(EIGHT_DECIMALS);
  expect(answer.calls).toBe(calls);
}

describe('sample', () => {
  it.each([
    ['euler', 10, 0.41426978, 10],
    ['euler --s-churn 10', 10, 0.55484383, 10],
    ['heun', 10, 0.53380934, 19],
    ['lms', 10, 0.46958097, 10],
    ['dpm_2', 10, 0.51866693, 19],
    ['dpmpp_2m', 10, 0.52546221, 10],
    ['euler_ancestral', 10, 0.45781135, 10],
    ['k_euler_a', 10, 0.45781135, 10],
    ['dpm_2_ancestral', 10, 0.78544001, 19],
    ['dpmpp_2s_ancestral', 10, 0.59065628, 19],
    ['dpmpp_sde', 10, 0.61723064, 19],
    ['dpmpp_2m_sde', 10, 0.6416277, 10],
    ['dpmpp_2m_sde_heun', 10, 0.72146312, 10],
    ['dpmpp_3m_sde', 10, 0.73893585, 10],
    ['dpm_fast --eta 0', 10, 0.49441986, 10],
    ['dpm_fast --eta 1', 10, 0.51157366, 10],
    ['dpm_adaptive --eta 0', 10, 0.51295635, 27],
    ['dpm_adaptive', 10, 0.64786259, 39],
    ['restart', 20, 0.36532145, 39],
    ['restart', 40, 0.33759062, 79],
  ])('%s on Karras-%i ends at %f after %i calls', async (sampler, steps, end, calls) => {
    await expectEnd(`sample --sampler ${sampler} --sigmas ${await karras(steps)} --x ${MAX} --noise 0.5`, end, calls);
  });

  it.each([
    ['ddim', 0.40721557, 9],
    ['ddim --eta 1', 0.51072766, 9],
    ['plms', 0.47891548, 10],
    ['uni_pc', 0.43351786, 10],
  ])('%s on timesteps ends at %f after %i calls', async (sampler, end, calls) => {
    await expectEnd(`sample --sampler ${sampler} ${TIMESTEPS} --noise 0.5`, end, calls);
  });

  it('starts where the sigmas or timesteps do, with noise of 0.5, unless told', async () => {
    const sigmas = await karras(10);
    const start = Number(sigmas.split(',')[0]);
    expect(await ask(`sample --sampler euler_ancestral --sigmas ${sigmas}`)).toEqual(
      await ask(`sample --sampler euler_ancestral --sigmas ${sigmas} --x ${start} --noise 0.5`),
    );
    const timesteps = TIMESTEPS.replace(' --x 1', '');
    expect(await ask(`sample --sampler plms ${timesteps}`)).toEqual(await ask(`sample --sampler plms ${TIMESTEPS}`));
  });

  it('takes negative values', async () => {
    const { x } = await ask<Answer>('sample --sampler euler --sigmas 2,1,0 --x -2');
    expect(x).toBe(-(await ask<Answer>('sample --sampler euler --sigmas 2,1,0 --x 2')).x);
  });

  it.each([
    ['--sigmas 2,1,0', '--sampler is missing.'],
    ['--sampler euler', '--sigmas is missing.'],
    ['--sampler euler --sigmas 1', '--sigmas must have at least two values.'],
    ['--sampler euler --sigmas 1,2,0', '--sigmas must fall from each value to the next.'],
    ['--sampler euler --sigmas 2,,0', '--sigmas must be a number of at least 0, not "".'],
    ['--sampler euler --sigmas 2,1,0 --eta 1', 'Euler has no --eta.'],
    ['--sampler euler --timesteps 1,2', '--timesteps is not for Euler: give --sigmas.'],
    ['--sampler ddim --timesteps 101,1', '--timesteps must rise from each value to the next.'],
    ['--sampler ddim --timesteps 1,1000', '--timesteps must be a whole number from 0 to 999, not "1000".'],
    ['--sampler ddim --timesteps 1,2 --sigmas 2,1', '--sigmas and --timesteps cannot be given together.'],
  ])('refuses %s', async (line, problem) => {
    expect(await run(`sample ${line}`)).toEqual({ code: 2, problem });
  });

  it('says when numbers leave their range, which JSON would call null', async () => {
    const { code, problem } = await run(
      'sample --sampler euler_ancestral --sigmas 2,1,0 --noise 1e308 --s-noise 1e308',
    );
    expect([code, problem]).toEqual([1, expect.stringContaining('at "x"')]);
  });
});
