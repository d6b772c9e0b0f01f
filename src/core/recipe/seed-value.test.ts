import { describe, expect, it } from 'vitest';
import { batchRequest } from './batch';
import { createImageNoise } from '../noise';
import { fieldProblem } from './problems';
import type { GenerationRequest } from './request';
import { addToSeed, isLongSeed, toSeedValue } from './seed-value';

describe('toSeedValue', () => {
  it('keeps 64 bits, as a number where a double holds it', () => {
    expect(toSeedValue(2n ** 53n - 1n)).toBe(9007199254740991);
    expect(toSeedValue(2n ** 53n)).toBe('9007199254740992');
    expect(toSeedValue(2n ** 64n - 1n)).toBe('18446744073709551615');
    expect(toSeedValue(2n ** 64n)).toBeUndefined();
  });
});

describe('fieldProblem', () => {
  it('takes the digits of a long seed, written in one way only', () => {
    for (const seed of ['9007199254740992', '18446744073709551615']) {
      expect(isLongSeed(seed)).toBe(true);
      expect(fieldProblem('seed', seed)).toBeUndefined();
    }
    for (const seed of [
      '7',
      '9007199254740991',
      '09007199254740992',
      '18446744073709551616',
      '-9007199254740992',
      'x',
      '',
    ])
      expect(fieldProblem('seed', seed)).toMatch(/^Seed must be a number/);
    expect(fieldProblem('steps', '9007199254740992')).toMatch(/^Steps must be/);
  });
});

describe('addToSeed', () => {
  it('counts over the border of doubles, and from the end to 0', () => {
    expect(addToSeed(7, 2)).toBe(9);
    expect(addToSeed(9007199254740991, 1)).toBe('9007199254740992');
    expect(addToSeed('18446744073709551615', 1)).toBe(0);
    const request = { seed: '9007199254740992' } as GenerationRequest;
    expect(batchRequest(request, 1).seed).toBe('9007199254740993');
  });
});

describe('createImageNoise', () => {
  it('tells seeds apart that one double stands for', () => {
    const noise = (seed: bigint) => createImageNoise({ kind: 'nv', seed, shape: [4, 2, 2] }).initial();
    expect(noise(2n ** 53n + 1n)).not.toEqual(noise(2n ** 53n));
  });
});
