import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gitsSigmasOf } from './gits';

/** Written by numpy (tools/fixtures/sampling_gits.py). */
const NUMPY = JSON.parse(readFileSync(new URL('fixtures/gits.json', import.meta.url), 'utf8')) as Record<
  string,
  number[]
>;
const F64_REL = 1e-14;

describe('gitsSigmasOf', () => {
  it('has a falling row for each number of steps up to 20, which ends in 0', () => {
    for (let steps = 2; steps <= 20; steps++) {
      const sigmas = gitsSigmasOf(steps);
      expect([sigmas.length, sigmas[0], sigmas[steps]]).toEqual([steps + 1, 14.61464119, 0]);
      for (let i = 0; i < steps; i++) expect(sigmas[i]).toBeGreaterThan(sigmas[i + 1]);
    }
  });

  it.each([1, 0, -1, 2.5, NaN])('has none for %s steps, in a sentence', (steps) => {
    expect(() => gitsSigmasOf(steps)).toThrow(`GITS has sigmas for 2 steps and more, not for ${steps}.`);
  });

  it('takes its rows from one grid of sigmas: later rows have new ones of it only', () => {
    const grid = new Set(gitsSigmasOf(20));
    expect([...gitsSigmasOf(15)].filter((sigma) => !grid.has(sigma)).length).toBeLessThan(7);
    expect([...gitsSigmasOf(10)].slice(1, 4)).toEqual([5.85520077, 2.84484982, 1.67050016]);
  });

  it.each(Object.entries(NUMPY))('is what numpy interpolates for %s steps', (steps, sigmas) => {
    const ours = gitsSigmasOf(Number(steps));
    expect(ours.length).toBe(sigmas.length);
    sigmas.forEach((sigma, i) => expect(Math.abs(ours[i] - sigma)).toBeLessThanOrEqual(F64_REL * sigma));
  });
});
