/** Schedules as A1111 and ComfyUI have them (four decimals, by those programs), through the command line. */
import { describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

const read = async (line: string) => (await ask<{ sigmas: number[] }>(`sigmas ${line}`)).sigmas;

const NORMAL = '14.6146 7.8399 4.6092 2.9183 1.9502 1.3449 0.9324 0.6250 0.3687 0.0292 0';
const KARRAS = '14.6146 9.1029 5.4784 3.1686 1.7494 0.9141 0.4469 0.2014 0.0819 0.0292 0';
const EXPONENTIAL = '14.6146 7.3249 3.6712 1.8400 0.9222 0.4622 0.2317 0.1161 0.0582 0.0292 0';
const SGM = '14.6146 8.3072 5.0924 3.3251 2.2797 1.6156 1.1629 0.8319 0.5712 0.3437 0';
const SIMPLE = '14.6146 8.3028 5.0878 3.3211 2.2765 1.6129 1.1606 0.8299 0.5693 0.3417 0';
const DDIM = '8.3907 5.1344 3.3478 2.2929 1.6237 1.1682 0.8357 0.5741 0.3462 0.0413 0';
const BETA = '14.6146 13.9278 12.4910 10.5976 8.4424 6.2014 4.0462 2.1528 0.7160 0.0292 0';
const KL = '14.6146 4.5650 2.6329 1.7864 1.2948 0.9616 0.7116 0.5094 0.3356 0.1783 0.0292';

describe('sigmas', () => {
  it.each([
    ['--schedule uniform', NORMAL],
    ['--schedule normal --dialect comfyui', NORMAL],
    ['--schedule automatic', NORMAL],
    ['--schedule karras', KARRAS],
    ['--schedule karras --family sdxl', KARRAS],
    ['--schedule Karras --dialect comfy', KARRAS],
    ['--sampler dpmpp_2m', KARRAS],
    ['--schedule exponential', EXPONENTIAL],
    ['--schedule polyexponential', EXPONENTIAL],
    ['--schedule SGMUniform', SGM],
    ['--schedule sgm_uniform --dialect comfyui', SGM],
    ['--schedule simple', SIMPLE],
    ['--schedule ddim_uniform --dialect comfyui', DDIM],
    ['--schedule kl_optimal', KL],
    [
      '--schedule kl_optimal --dialect comfyui',
      '14.6146 4.2324 2.3937 1.5971 1.1330 0.8152 0.5729 0.3725 0.1953 0.0292 0',
    ],
    ['--schedule beta', BETA],
    ['--schedule beta --dialect comfyui', '14.6146 11.5428 7.3718 4.3728 2.6152 1.6183 1.0273 0.6549 0.3955 0.1991 0'],
    ['--schedule align_your_steps', '14.6150 6.1135 3.5651 2.3939 1.6500 1.1358 0.7425 0.4450 0.1692 0.0290 0'],
    [
      '--schedule align_your_steps --family sdxl',
      '14.6150 5.9634 3.3390 1.8550 1.1023 0.6750 0.4311 0.2606 0.1225 0.0290 0',
    ],
  ])('%s', async (line, expected) => {
    const sigmas = await read(`${line} --steps 10`);
    expect(sigmas.map((sigma) => sigma.toFixed(4)).join(' ')).toBe(
      expected
        .split(' ')
        .map((sigma) => Number(sigma).toFixed(4))
        .join(' '),
    );
  });

  it('leaves out the sigma before the last where asked', async () => {
    const dropped = [14.6146, 6.0822, 2.2322, 0.6926, 0.1698, 0];
    const forced = await read('--schedule karras --steps 5 --discard-penultimate');
    dropped.forEach((sigma, i) => expect(forced[i]).toBeCloseTo(sigma, 4));
    expect(await read('--schedule karras --steps 5 --sampler dpmpp_3m_sde')).toEqual(forced);
    expect(await read('--schedule karras --steps 5 --sampler dpm_2')).toEqual(forced);
  });

  it("follows the dialect in what a sampler's sigmas are", async () => {
    const line = '--schedule karras --steps 5 --dialect comfyui';
    expect(await read(`${line} --sampler dpmpp_3m_sde`)).toEqual(await read(line));
    expect(await read(`${line} --sampler uni_pc`)).toEqual(await read(`${line} --discard-penultimate`));
  });

  it("knows each model's ends", async () => {
    expect((await read('--schedule karras --steps 2'))[1]).toBeCloseTo(0.0291675329, 10);
    expect((await read('--schedule karras --steps 2 --dialect comfyui'))[1]).toBeCloseTo(0.0291671582, 9);
    expect((await read('--schedule uniform --steps 2 --zero-snr'))[0]).toBeCloseTo(4518.76, 2);
    const own = await read('--schedule karras --steps 3 --sigma-min 0.1 --sigma-max 10 --rho 5');
    expect(own[0]).toBeCloseTo(10, 12);
    expect(own[2]).toBeCloseTo(0.1, 12);
    expect(own[1]).toBeCloseTo(((10 ** 0.2 + 0.1 ** 0.2) / 2) ** 5, 12);
  });

  it.each([
    ['', [999, 916.284, 815.045, 687.153, 523.199, 327.147, 145.939, 40.857, 6.732, 0], 'fractional'],
    [' --dialect comfyui', [999, 916, 815, 687, 523, 327, 146, 41, 7, 0], 'nearest'],
  ])('tells timesteps%s where asked', async (more, expected, kind) => {
    const line = `sigmas --schedule karras --steps 10${more} --timesteps ${kind}`;
    const { sigmas, timesteps } = await ask<{ sigmas: number[]; timesteps: number[] }>(line);
    expect(sigmas.length).toBe(11);
    expect(timesteps.length).toBe(10);
    expected.forEach((timestep, i) => expect(timesteps[i]).toBeCloseTo(timestep, 3));
  });

  it.each([
    ['--steps 10 --schedule foo', '--schedule "foo" is not known; there are automatic, uniform, karras'],
    ['--schedule karras', '--steps is missing.'],
    ['--steps 0', '--steps must be a whole number from 1 to 1000, not "0".'],
    ['--steps ten', '--steps must be a whole number from 1 to 1000, not "ten".'],
    ['--steps 10 --sampler foo', '--sampler "foo" is not known; there are dpmpp_2m'],
    ['--steps 10 --family flux', '--family must be one of sd15, sd21, sdxl, sdxl-refiner, not "flux".'],
    ['--steps 10 --dialect forge', '--dialect must be a1111 or comfyui, not "forge".'],
    ['--steps 10 --schedule karras --sigma-min 20', 'The schedule has min sigma 20'],
  ])('refuses %s', async (line, problem) => {
    expect(await run(`sigmas ${line}`)).toMatchObject({ code: 2, problem: expect.stringContaining(problem) });
  });
});
