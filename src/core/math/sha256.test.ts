import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sha256, sha256 } from './sha256';

const reference = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('sha256', () => {
  it('is that of FIPS 180-4 for "abc" and for nothing', () => {
    expect(sha256(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(sha256(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('is that of node at every length around the blocks', () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = randomBytes(length);
      expect(sha256(bytes), `${length} bytes`).toBe(reference(bytes));
    }
  });

  it('is the same however the bytes are cut', () => {
    const bytes = randomBytes(5000);
    for (const step of [1, 3, 63, 64, 65, 127, 1000, 4999]) {
      const hash = new Sha256();
      for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
      expect(hash.hex(), `pieces of ${step}`).toBe(reference(bytes));
    }
  });
});
