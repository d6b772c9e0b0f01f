import { crc32 as ofZlib } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32';

describe('crc32', () => {
  it('is that of the standard check', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it('is that of zlib, for every length around a turn and from every place', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * i * 31 + 200) & 0xff);
    for (let from = 0; from < 9; from++)
      for (let length = 0; length < 40; length++) {
        const piece = bytes.subarray(from, from + length);
        expect(crc32(piece), `${from} + ${length}`).toBe(ofZlib(piece));
      }
    expect(crc32(bytes)).toBe(ofZlib(bytes));
  });
});
