import { describe, expect, it } from 'vitest';
import { bfloatToFloat, floatToHalf, halfToFloat, roundToHalf } from './half';

describe('halfToFloat', () => {
  it('agrees with the bit patterns of IEEE 754 table 3.5 examples', () => {
    const bits = [0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555, 0x7c00, 0xfc00];
    const values = [0, -0, 1, -2, 65504, 2 ** -14, 2 ** -24, 0.333251953125, Infinity, -Infinity];
    expect([...halfToFloat(Uint16Array.from(bits))]).toEqual(values);
    expect(halfToFloat(Uint16Array.of(0x7e00))[0]).toBeNaN();
  });
});

describe('bfloatToFloat', () => {
  it('is the upper half of a float32', () => {
    expect([...bfloatToFloat(Uint16Array.of(0x3f80, 0xc040, 0x7f80, 0x0000))]).toEqual([1, -3, Infinity, 0]);
  });
});

describe('roundToHalf', () => {
  it('keeps every half and takes what lies between to the nearest, ties to even', () => {
    const halves = halfToFloat(Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits));
    expect(halves.every((half) => roundToHalf(half) === half && roundToHalf(-half) === -half)).toBe(true);
    const wrong = Array.from({ length: 0x7bfe }, (_, bits) => bits).filter((bits) => {
      const [low, high] = [halves[bits], halves[bits + 1]];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? low : high;
      const nudge = middle * 1e-9;
      return (
        roundToHalf(middle) !== even || roundToHalf(middle - nudge) !== low || roundToHalf(middle + nudge) !== high
      );
    });
    expect(wrong).toEqual([]);
  });

  it('overflows where torch does', () => {
    expect([65504, 65519.9, 65520, -70000, Infinity, NaN].map(roundToHalf)).toEqual([
      65504,
      65504,
      Infinity,
      -Infinity,
      Infinity,
      NaN,
    ]);
  });
});

describe('floatToHalf', () => {
  it('gives the bits of what roundToHalf gives', () => {
    const halves = halfToFloat(Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits));
    const around = [...halves].flatMap((half, i) => {
      const middle = (half + (halves[i + 1] ?? 65536)) / 2;
      return [half, -half, middle, -middle, middle * (1 - 1e-7), middle * (1 + 1e-7)];
    });
    const values = Float32Array.from([...around, 1e-30, 1e30, Infinity, -Infinity]);
    const rounded = halfToFloat(floatToHalf(values));
    expect(rounded.findIndex((value, i) => !Object.is(value, roundToHalf(values[i])))).toBe(-1);
    expect(floatToHalf(Float32Array.of(NaN))[0] & 0x7fff).toBeGreaterThan(0x7c00);
  });
});
