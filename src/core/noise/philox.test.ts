/** Philox against the known answers of its authors, and the values that A1111 users meet. */
import { describe, expect, it } from 'vitest';
import { createPhiloxNoise, philox } from './philox';

describe('philox', () => {
  // Random123 1.14, tests/kat_vectors: philox4x32 with 10 rounds.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('encrypts counter %j under key %j as its authors do', (counter, [keyLow, keyHigh], expected) => {
    const words = Uint32Array.from(counter);
    philox(words, keyLow, keyHigh);
    expect([...words]).toEqual(expected);
  });
});

describe('createPhiloxNoise', () => {
  it('gives the values of A1111 with RNG: NV', () => {
    const source = createPhiloxNoise(0);
    const draws = [source.next(4), source.next(4)].map((draw) => Array.from(draw, (value) => value.toFixed(6)));
    expect(draws).toEqual([
      ['-0.924662', '-0.425344', '-2.643846', '0.145184'],
      ['0.180826', '-0.552263', '0.923813', '-0.734970'],
    ]);
  });

  it('uses all 64 bits of the seed', () => {
    expect(createPhiloxNoise(2 ** 32 + 1).next(16)).not.toEqual(createPhiloxNoise(1).next(16));
  });

  it('gives an element the same value whatever the size of the draw', () => {
    expect(createPhiloxNoise(5).next(100).subarray(0, 37)).toEqual(createPhiloxNoise(5).next(37));
  });
});
