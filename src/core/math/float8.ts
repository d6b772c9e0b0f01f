/** 8-bit floats to float32, both kinds that checkpoints have. @see Micikevicius et al. 2022, arXiv:2209.05433 */

export interface Float8Format {
  mantissaBits: number;
  bias: number;
  /** E5M2 has infinities and NaN as IEEE floats do; E4M3FN only NaN, at 0x7f and 0xff. */
  isFiniteOnly: boolean;
}

export const E4M3FN: Float8Format = { mantissaBits: 3, bias: 7, isFiniteOnly: true };
export const E5M2: Float8Format = { mantissaBits: 2, bias: 15, isFiniteOnly: false };

/** @returns float32 of 8-bit patterns; exact */
export function float8ToFloat(bytes: Uint8Array, format: Float8Format): Float32Array<ArrayBuffer> {
  const table = Float32Array.from({ length: 256 }, (_, bits) => float8Value(bits, format));
  const out = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i]];
  return out;
}

function float8Value(bits: number, { mantissaBits, bias, isFiniteOnly }: Float8Format): number {
  const sign = bits & 0x80 ? -1 : 1;
  const magnitude = bits & 0x7f;
  const mantissa = magnitude & (2 ** mantissaBits - 1);
  const exponent = magnitude >> mantissaBits;
  const isTop = magnitude >= 0x7f - (isFiniteOnly ? 0 : 2 ** mantissaBits - 1);
  if (isTop) return isFiniteOnly || mantissa !== 0 ? NaN : sign * Infinity;
  if (exponent === 0) return sign * mantissa * 2 ** (1 - bias - mantissaBits);
  return sign * (1 + mantissa / 2 ** mantissaBits) * 2 ** (exponent - bias);
}
