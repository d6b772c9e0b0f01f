import { describe, expect, it } from 'vitest';
import type { NbitsForm } from '../graph';
import { floatToHalf, halfToFloat } from '../math/half';
import { dequantiseChannels, dequantiseMatrix } from './quantise';
import { widenChannels, widenMatrix } from './widen';

/** All finite scales, both signs, subnormal ones too: each with 32 of the quants, all of which come up with each mantissa and exponent. */
function everyScale(form: NbitsForm): { quants: Uint8Array; scales: Uint16Array } {
  const scales = Uint16Array.from({ length: 2 * 0x7c00 }, (_, at) => (at < 0x7c00 ? at : 0x8000 + at - 0x7c00));
  const size = form === 'nbits8' ? 32 : 16;
  const quants = Uint8Array.from({ length: scales.length * size }, (_, at) => (at * 37 + (at >> 8) * 11) & 255);
  return { quants, scales };
}

const first = (a: Uint16Array, b: Uint16Array): number => a.findIndex((bits, at) => bits !== b[at]);

describe('widenMatrix', () => {
  it.each<NbitsForm>(['nbits8', 'nbits4'])('gives the bits that float32 rounds to, for every scale: %s', (form) => {
    const { quants, scales } = everyScale(form);
    const overFloats = floatToHalf(dequantiseMatrix({ quants, scales: halfToFloat(scales) }, form));
    const halves = widenMatrix({ quants, scales }, form);
    expect(halves).toHaveLength(overFloats.length);
    expect(first(halves, overFloats)).toBe(-1);
  });

  it('gives them for every mantissa with every quant', () => {
    const scales = Uint16Array.from({ length: 1024 * 8 }, (_, at) => 0x2000 | (at >> 3));
    const quants = Uint8Array.from({ length: scales.length * 32 }, (_, at) => at & 255);
    const overFloats = floatToHalf(dequantiseMatrix({ quants, scales: halfToFloat(scales) }, 'nbits8'));
    expect(first(widenMatrix({ quants, scales }, 'nbits8'), overFloats)).toBe(-1);
  });
});

describe('widenChannels', () => {
  it('gives the bits that float32 rounds to', () => {
    const scales = Float32Array.of(0.0123, -3e-6, 0, 511, 700, 1e-9);
    const quants = Int8Array.from({ length: 6 * 300 }, (_, at) => at);
    const overFloats = floatToHalf(dequantiseChannels({ quants, scales }));
    expect(first(widenChannels({ quants, scales }), overFloats)).toBe(-1);
    expect(overFloats.includes(0x7c00)).toBe(true);
  });
});
