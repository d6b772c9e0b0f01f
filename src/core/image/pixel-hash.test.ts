import { describe, expect, it, vi } from 'vitest';
import { isPixelHash } from './is-pixel-hash';
import { pixelHash, pixelHashBeside } from './pixel-hash';

/** Python: hashlib.sha256(struct.pack('<II', 3, 2) + bytes((i * 37 + 11) % 256 for i in range(24))).hexdigest() */
const BY_PYTHON = 'd4f6d958f188a83f1e49513926b69ddba44a89b4afe28263b98bc7da77140d06';

const data = Uint8ClampedArray.from({ length: 24 }, (_, i) => (i * 37 + 11) % 256);

describe('pixelHash', () => {
  it('is what hashlib makes of size and bytes', () => expect(pixelHash({ width: 3, height: 2, data })).toBe(BY_PYTHON));

  it('tells pictures of the same bytes and another shape apart', () =>
    expect(pixelHash({ width: 2, height: 3, data })).not.toBe(BY_PYTHON));

  it('hashes the part of a buffer that the picture is', () => {
    const whole = new Uint8ClampedArray(40);
    whole.set(data, 8);
    expect(pixelHash({ width: 3, height: 2, data: whole.subarray(8, 32) })).toBe(BY_PYTHON);
  });

  it('is the same computed beside, also where the browser cannot', async () => {
    const whole = new Uint8ClampedArray(40);
    whole.set(data, 8);
    const picture = { width: 3, height: 2, data: whole.subarray(8, 32) };
    expect(await pixelHashBeside(picture)).toBe(BY_PYTHON);
    vi.stubGlobal('crypto', {});
    expect(await pixelHashBeside(picture)).toBe(BY_PYTHON);
    vi.unstubAllGlobals();
  });

  it('knows its own words', () => {
    expect([BY_PYTHON, BY_PYTHON.slice(1), '', undefined].map(isPixelHash)).toEqual([true, false, false, false]);
  });
});
