/** 16-bit floats to float32: IEEE half and bfloat16. */
import { roundHalfEven } from './round-half-even';

/** float32 value of each half whose sign bit is clear; built on first use. */
let positiveHalves: Float32Array | undefined;

function halfTable(): Float32Array {
  if (positiveHalves) return positiveHalves;
  const table = new Float32Array(32768);
  for (let bits = 0; bits < 32768; bits++) {
    const exponent = bits >> 10;
    const mantissa = bits & 1023;
    if (exponent === 0) table[bits] = mantissa * 2 ** -24;
    else if (exponent === 31) table[bits] = mantissa === 0 ? Infinity : NaN;
    else table[bits] = (1 + mantissa / 1024) * 2 ** (exponent - 15);
  }
  positiveHalves = table;
  return table;
}

/** @returns float32 of IEEE binary16 bit patterns; exact */
export function halfToFloat(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const table = halfTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const bits = halves[i];
    out[i] = bits & 0x8000 ? -table[bits & 0x7fff] : table[bits];
  }
  return out;
}

/** @returns float32 of bfloat16 bit patterns (the upper half of a float32); exact */
export function bfloatToFloat(bfloats: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(bfloats.length);
  for (let i = 0; i < bfloats.length; i++) bits[i] = bfloats[i] << 16;
  return new Float32Array(bits.buffer);
}

/** The nearest IEEE half of a number, halves of a step to even: what torch's `.half()` keeps. Above 65 519 it is ±Infinity. */
export function roundToHalf(value: number): number {
  const size = Math.abs(value);
  if (!(size > 0) || size === Infinity) return value;
  // 11 significant bits; below 2^−14 the step stays that of the smallest normals.
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const step = 2 ** (exponent - 10);
  const rounded = roundHalfEven(size / step) * step;
  return Math.sign(value) * (rounded > 65504 ? Infinity : rounded);
}
