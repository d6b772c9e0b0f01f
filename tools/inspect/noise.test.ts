/** Draws as torch's CPU generator and CUDA's make them (values by those), through the command line. */
import { describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

const draw = async (line: string) => (await ask<{ values: number[] }>(`noise ${line}`)).values;

/** Half a unit of the sixth decimal, and what polynomial sines of other processors differ by. */
const SIX_DECIMALS = 1e-6;

function expectStart(actual: number[], expected: string): void {
  const wanted = expected.split(' ').map(Number);
  const difference = Math.max(...wanted.map((value, i) => Math.abs(actual[i] - value)));
  expect(difference).toBeLessThan(SIX_DECIMALS);
}

describe('noise', () => {
  it.each([
    ['cpu', '0', '4', '', '1.540996 -0.293429 -2.178789 0.568431'],
    ['cpu', '0', '16', '', '-1.125840 -1.152360 -0.250579 -0.433879 0.848710 0.692009 -0.316013 -2.115219'],
    ['cpu', '0', '17', '', '-1.125840 -1.695931 0.566651 0.793508 0.598839 -1.555095 -0.341360 1.853006'],
    ['cpu', '42', '20', '', '1.926915 1.487284 0.900717 -2.105521 -0.758131 1.078318 0.800801 1.680621'],
    ['cpu', '42', '4,64,64', '', '1.926915 1.487284 0.900717 -2.105521 0.678418 -1.234545'],
    ['cpu', '42', '4,64,64', ' --draw 1', '-1.304659 1.450703 0.244280 -0.279890'],
    ['cpu', '1234567890123', '16', '', '-0.568542 -0.199217 1.039984 -0.499563'],
    ['cpu', '4294967338', '20', '', '1.926915 1.487284 0.900717 -2.105521'],
    ['nv', '0', '12', '', '-0.924662 -0.425344 -2.643846 0.145184 -0.120867 -0.579726 -0.622851 -0.328387'],
    ['nv', '0', '12', ' --draw 1', '0.180826 -0.552263 0.923813 -0.734970'],
    ['nv', '42', '4,8,8', '', '0.194019 2.161374 -0.172051 0.849060 -1.924399 0.652985'],
    ['nv', '12345', '4,64,64', ' --draw 1', '2.701285 -0.710390 -1.375463 -1.519985'],
    ['nv', '4294967297', '16', '', '0.854894 -0.114202 -1.071755 1.695765'],
    ['comfyui', '42', '4,64,64', '', '1.926915 1.487284 0.900717 -2.105521'],
    ['comfyui', '42', '4,8,8', ' --draw 1', '0.194019 2.161374 -0.172051 0.849060'],
    ['cpu', '42', '4,64,64', ' --subseed 43 --strength 0.25', '1.796300 1.189425 1.776011 -1.829186'],
  ])('of %s, seed %s, shape %s%s', async (rng, seed, shape, more, expected) => {
    const values = await draw(`--rng ${rng} --seed ${seed} --shape ${shape}${more}`);
    expect(values.length).toBe(shape.split(',').reduce((product, size) => product * Number(size), 1));
    expectStart(values, expected);
  });

  it('gives all of a large draw', async () => {
    expect((await draw('--rng nv --seed 12345 --shape 4,64,64'))[16383]).toBeCloseTo(2.256242, 6);
    const values = await draw('--rng cpu --seed 42 --shape 4,64,64');
    expectStart(values.slice(-3), '-0.635750 0.972810 -0.293406');
  });

  it('tells seeds apart that a double does not', async () => {
    const first = await draw('--rng nv --seed 9007199254740992 --shape 4');
    expect(await draw('--rng nv --seed 9007199254740993 --shape 4')).not.toEqual(first);
    const last = await draw('--rng nv --seed 18446744073709551615 --shape 4');
    expect(await draw('--rng nv --seed -1 --shape 4')).toEqual(last);
  });

  it('takes the noise of a smaller picture in the middle', async () => {
    const small = await draw('--rng nv --seed 5 --shape 4,6,6');
    const plain = await draw('--rng nv --seed 5 --shape 4,8,8');
    const pasted = await draw('--rng nv --seed 5 --shape 4,8,8 --resize-from 4,6,6');
    expect(pasted.slice(9, 15)).toEqual(small.slice(0, 6));
    expect(pasted.slice(0, 9)).toEqual(plain.slice(0, 9));
  });

  it('adds the eta noise seed delta to the seed of later draws', async () => {
    const other = await draw('--rng nv --seed 31379 --shape 4,8,8');
    expect(await draw('--rng nv --seed 42 --shape 4,8,8 --ensd 31337 --draw 1')).toEqual(other);
    expect(await draw('--rng nv --seed 42 --shape 4,8,8 --ensd 31337')).toEqual(
      await draw('--rng nv --seed 42 --shape 4,8,8'),
    );
  });

  it('finds an image in a batch', async () => {
    expect(await draw('--rng cpu --seed 41 --shape 4,8,8 --batch-index 1')).toEqual(
      await draw('--rng cpu --seed 42 --shape 4,8,8'),
    );
    // One draw for all: image 1 is what a generator gives after image 0.
    expect(await draw('--rng comfyui --seed 42 --shape 4,8,8 --batch-index 1 --batch-size 2')).toEqual(
      await draw('--rng cpu --seed 42 --shape 4,8,8 --draw 1'),
    );
  });

  it.each([
    ['--seed 1 --shape 4', '--rng is missing.'],
    ['--rng gpu --seed 1 --shape 4', '--rng must be cpu, nv or comfyui, not "gpu".'],
    ['--rng nv --shape 4', '--seed is missing.'],
    ['--rng nv --seed 1.5 --shape 4', '--seed must be a whole number from'],
    ['--rng nv --seed 18446744073709551616 --shape 4', '--seed must be a whole number from'],
    ['--rng nv --seed 1 --shape 0,8,8', '--shape must be a whole number of at least 1, not "0".'],
    ['--rng nv --seed 1 --shape 1,4,8,8', '--shape must have one to three sizes'],
    ['--rng nv --seed 1 --shape 4,99999,99999', '--shape must have at most'],
    ['--rng nv --seed 1 --shape 4 --strength 0.5', '--subseed is missing.'],
    ['--rng nv --seed 1 --shape 4,8,8 --resize-from 3,6,6', '--resize-from must have the 4 channels'],
    ['--rng nv --seed 1 --shape 4,8,8 --batch-index 2 --batch-size 2', '--batch-index 2 is not in a batch of 2'],
    ['--rng comfyui --seed 1 --shape 4,8,8 --batch-index 1', '--batch-size is missing.'],
  ])('refuses %s', async (line, problem) => {
    expect(await run(`noise ${line}`)).toMatchObject({ code: 2, problem: expect.stringContaining(problem) });
  });
});
