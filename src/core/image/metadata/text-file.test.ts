import { describe, expect, it } from 'vitest';
import { concat } from '../../bytes/concat';
import { encodeLatin1, encodeUtf16Be } from '../../bytes/text-bytes';
import { decodeTextFile } from './text-file';

const big = (text: string) => concat([Uint8Array.of(0xfe, 0xff), encodeUtf16Be(text)]);
const little = (text: string) => concat([Uint8Array.of(0xff, 0xfe), encodeUtf16Be(text).reverse()]);
const backwards = (text: string) => [...text].reverse().join('');

describe('decodeTextFile', () => {
  it.each(['\u77f3\u684b2', '\u7edf\u4e00', 'a cat', '\u0100'])(
    'keeps the last letter of UTF-16 with a mark: %s',
    (text) => {
      expect(decodeTextFile(big(text))).toBe(text);
      expect(decodeTextFile(little(backwards(text)))).toBe(text);
      expect(decodeTextFile(big(`${text}\0`))).toBe(text);
      expect(decodeTextFile(little(`\0${backwards(text)}`))).toBe(text);
    },
  );

  it('leaves out the zero at the end of a text of bytes', () => {
    expect(decodeTextFile(encodeLatin1('a cat\0'))).toBe('a cat');
    expect(decodeTextFile(encodeLatin1('a\0cat\0'))).toBeUndefined();
  });
});
