/** The Brownian tree against torchsde's, through the command line. */
import { describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

const PATH = 'brownian --rng cpu --seed 42 --shape 4,8,8 --sigma-min 0.0291675 --sigma-max 14.614642';
const read = async (line: string) => (await ask<{ values: number[] }>(line)).values;

describe('brownian', () => {
  // The reference lists (W(from) − W(to))/√(from − to); samplers get the negative.
  it.each([
    ['14.614642', '9.1029', [1.320009, -0.867448, -0.907047, -0.432456]],
    ['9.1029', '5.4784', [-0.767169, 1.045132, 0.214724, -1.607837]],
    ['0.2014', '0.0819', [-0.628416, 0.411828, 0.67619, -0.358414]],
  ])('from %s to %s', async (from, to, increments) => {
    const values = await read(`${PATH} --from ${from} --to ${to}`);
    expect(values.length).toBe(256);
    increments.forEach((value, i) => expect(values[i]).toBeCloseTo(-value, 5));
  });

  it('has the other sign on the way up', async () => {
    const down = await read(`${PATH} --from 9.1029 --to 5.4784`);
    expect(await read(`${PATH} --from 5.4784 --to 9.1029`)).toEqual(down.map((value) => -value));
  });

  it('gives images of a batch the paths of their own seeds', async () => {
    const ways = '--from 9.1029 --to 5.4784';
    const next = await read(`${PATH.replace('42', '43')} ${ways}`);
    expect(await read(`${PATH} ${ways} --batch-index 1`)).toEqual(next);
    const comfy = PATH.replace('cpu', 'comfyui');
    expect(await read(`${comfy} ${ways} --batch-index 1 --batch-size 2`)).not.toEqual(next);
    expect(await read(`${comfy} ${ways} --batch-index 0 --batch-size 2`)).toEqual(await read(`${PATH} ${ways}`));
  });

  it('refuses a range without room and a way without an end', async () => {
    expect(await run(`${PATH} --from 9`)).toEqual({ code: 2, problem: '--to is missing.' });
    const turned = 'brownian --rng cpu --seed 1 --shape 4 --sigma-min 5 --sigma-max 5 --from 5 --to 4';
    expect(await run(turned)).toEqual({ code: 2, problem: '--sigma-min must be below --sigma-max.' });
  });
});
