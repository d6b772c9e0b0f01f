import { describe, expect, it } from 'vitest';
import { fromBase64 } from './base64';

describe('fromBase64', () => {
  it.each([0, 1, 2, 3, 4, 5, 255, 256])('reads back %i bytes, with line ends and without padding', (count) => {
    const bytes = Uint8Array.from({ length: count }, (_, i) => i * 7);
    const text = Buffer.from(bytes).toString('base64');
    expect(fromBase64(text)).toEqual(bytes);
    expect(fromBase64(` ${text.replace(/=+$/, '').replace(/.{76}/g, '$&\r\n')}\n`)).toEqual(bytes);
  });

  it.each(['A', 'AAAAA', 'AA-A', 'AA=A', 'é'])('makes nothing of %j', (text) =>
    expect(fromBase64(text)).toBeUndefined(),
  );
});
