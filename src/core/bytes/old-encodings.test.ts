/** The bytes are Python's: `text.encode(name).hex()`. */
import { describe, expect, it } from 'vitest';
import { concat } from './concat';
import { decodeOldEncoding } from './old-encodings';
import { encodeLatin1 } from './text-bytes';

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
const REST = '\nNegative prompt: mist\nSteps: 18, Sampler: Euler a, Seed: 77';

const TEXTS: readonly (readonly [name: string, hex: string, text: string])[] = [
  ['gb18030', 'd2bbd7f9caafc7c5a3acc7e5b3bfb5c4b1a1ceed', '一座石桥，清晨的薄雾'],
  ['big5', 'a440ae79a5dbbef4a141b24db1e1aabac1a1c3fa', '一座石橋，清晨的薄霧'],
  ['shift_jis', '90ce82cc8bb4814192a982cc96b681418c868dec', '石の橋、朝の霧、傑作'],
  ['euc-jp', 'c0d0a4ceb6b6a1a2c4aba4ceccb8a1a2b7e6baee', '石の橋、朝の霧、傑作'],
  ['euc-kr', 'b5b9b4d9b8ae2c20bec6c4a720bec8b0b3b0a120c0d6b4c220b0ad', '돌다리, 아침 안개가 있는 강'],
  ['windows-1251', 'cae0ece5ededfbe920eceef1f22c20f3f2f0e5edede8e920f2f3ece0ed', 'Каменный мост, утренний туман'],
];

describe('decodeOldEncoding', () => {
  it.each(TEXTS)('knows %s, alone and in an infotext', (_, hex, text) => {
    expect(decodeOldEncoding(bytesOf(hex))).toBe(text);
    expect(decodeOldEncoding(concat([bytesOf(hex), encodeLatin1(REST)]))).toBe(text + REST);
  });

  it.each([
    'Br\xfccke \xfcber sch\xf6ne Fl\xfcsse, \xc4sthetik, Gr\xf6\xdfe',
    'une for\xeat enchant\xe9e, \xe9t\xe9, ch\xe2teau hant\xe9',
    'un ni\xf1o, ma\xf1ana, coraz\xf3n',
    'sk\xf3g, \xe6vint\xfdri, \xf3\xf0al',
    'caf\xe9',
    'plain words alone',
  ])('leaves Western texts to others: %s', (text) => {
    expect(decodeOldEncoding(encodeLatin1(text))).toBeUndefined();
  });

  it('leaves bytes of no text to others', () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 167 + (i >> 3) * 59) & 0xff);
    expect(decodeOldEncoding(noise)).toBeUndefined();
    expect(decodeOldEncoding(new Uint8Array(0))).toBeUndefined();
  });
});
