/** Files by Pillow (tools/fixtures/image_geometry.py), and damaged ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concat } from '../../bytes/concat';
import { encodeLatin1 } from '../../bytes/text-bytes';
import golden from './fixtures/orientations.json' with { type: 'json' };
import { readOrientation } from './orientation';

const toBytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

/** A JPEG that ends after its EXIF, of one entry as given. */
function jpegWith(entry: readonly number[], order: 'MM' | 'II' = 'MM'): Uint8Array {
  const head = order === 'MM' ? [0, 42, 0, 0, 0, 8, 0, 1] : [42, 0, 8, 0, 0, 0, 1, 0];
  const tiff = concat([encodeLatin1(`Exif\0\0${order}`), Uint8Array.from([...head, ...entry, 0, 0, 0, 0])]);
  return concat([Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, tiff.length + 2), tiff, Uint8Array.of(0xff, 0xd9)]);
}

describe('readOrientation', () => {
  it.each(['jpeg', 'webp', 'png'] as const)('reads all eight of Pillow’s %s', (format) => {
    expect(golden[format].map((file) => readOrientation(toBytes(file)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each([
    ['a short', [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0], 'MM', 6],
    ['a short, the other way round', [0x12, 0x01, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0], 'II', 8],
    ['a long', [0x01, 0x12, 0, 4, 0, 0, 0, 1, 0, 0, 0, 3], 'MM', 3],
    ['a byte', [0x01, 0x12, 0, 1, 0, 0, 0, 1, 5, 0, 0, 0], 'MM', 5],
    ['0', [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0], 'MM', 1],
    ['9', [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 9, 0, 0], 'MM', 1],
    ['two values', [0x01, 0x12, 0, 3, 0, 0, 0, 2, 0, 6, 0, 6], 'MM', 1],
    ['another tag', [0x01, 0x13, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0], 'MM', 1],
  ] as const)('reads %s', (_, entry, order, orientation) => {
    expect(readOrientation(jpegWith(entry, order))).toBe(orientation);
  });

  it('is 1 of AVIF, of other files, and of every beginning of a file', () => {
    expect(readOrientation(new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures/unicode.avif'))))).toBe(1);
    expect(readOrientation(encodeLatin1('a text'))).toBe(1);
    for (const file of [golden.jpeg[5], golden.webp[5], golden.png[5]].map(toBytes))
      for (let end = 0; end < file.length; end++) expect([1, 6]).toContain(readOrientation(file.subarray(0, end)));
  });
});
