/** 16-bit floats to float32: IEEE half and bfloat16. */
import { roundHalfEven } from './round-half-even';

/** float32 value of each half; built on first use, 256 kB. */
let allHalves: Float32Array | undefined;

function halfTable(): Float32Array {
  if (allHalves) return allHalves;
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 32768; bits++) {
    const exponent = bits >> 10;
    const mantissa = bits & 1023;
    if (exponent === 0) table[bits] = mantissa * 2 ** -24;
    else if (exponent === 31) table[bits] = mantissa === 0 ? Infinity : NaN;
    else table[bits] = (1 + mantissa / 1024) * 2 ** (exponent - 15);
    table[bits | 0x8000] = -table[bits];
  }
  allHalves = table;
  return table;
}

/** @returns float32 of IEEE binary16 bit patterns; exact */
export function halfToFloat(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const table = halfTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < out.length; i++) out[i] = table[halves[i]];
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

/** Bits of the nearest IEEE half, halves of a step to even; beyond 65 519 infinity, as `roundToHalf`. */
export function floatToHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = halfBits(bits[i]);
  return out;
}

/** @param bits  of a float32 */
function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00; // NaN
  if (size >= 0x477ff000) return sign | 0x7c00; // 65 520 and more
  if (size < 0x33000001) return sign; // up to half of the smallest step, 2^−25
  if (size < 0x38800000) {
    // below 2^−14: the mantissa with its leading 1, shifted to steps of 2^−24
    const shift = 126 - (size >>> 23);
    const mantissa = (size & 0x7fffff) | 0x800000;
    return sign | roundShift(mantissa, shift);
  }
  return sign | roundShift(size - 0x38000000, 13);
}

/** value / 2^shift, halves to even. */
function roundShift(value: number, shift: number): number {
  const half = 1 << (shift - 1);
  const rest = value & (2 * half - 1);
  const down = value >>> shift;
  return rest > half || (rest === half && (down & 1) === 1) ? down + 1 : down;
}
