import { describe, expect, it } from 'vitest';
import { E4M3FN, E5M2, float8ToFloat } from './float8';

const all = Uint8Array.from({ length: 256 }, (_, i) => i);

describe('float8ToFloat', () => {
  // torch 2.15: torch.tensor([...], dtype=torch.uint8).view(torch.float8_e4m3fn).float()
  it('reads E4M3FN as torch does', () => {
    const bits = Uint8Array.of(0x00, 0x01, 0x07, 0x08, 0x38, 0x3f, 0x7e, 0xfe, 0x81, 0x7f, 0xff);
    expect([...float8ToFloat(bits, E4M3FN)]).toEqual([
      0,
      2 ** -9,
      7 * 2 ** -9,
      2 ** -6,
      1,
      1.875,
      448,
      -448,
      -(2 ** -9),
      NaN,
      NaN,
    ]);
    expect(float8ToFloat(all, E4M3FN).filter(Number.isNaN).length).toBe(2);
  });

  it('reads E5M2 as torch does', () => {
    const bits = Uint8Array.of(0x00, 0x01, 0x04, 0x3c, 0x3f, 0x7b, 0x7c, 0xfc, 0x7d, 0xff);
    expect([...float8ToFloat(bits, E5M2)]).toEqual([
      0,
      2 ** -16,
      2 ** -14,
      1,
      1.75,
      57344,
      Infinity,
      -Infinity,
      NaN,
      NaN,
    ]);
    expect(float8ToFloat(all, E5M2).filter(Number.isFinite).length).toBe(248);
  });
});
