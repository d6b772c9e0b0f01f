/** Files by Pillow (tools/fixtures/image_files.py), and what is none. */
import { describe, expect, it } from 'vitest';
import golden from './fixtures/files.json' with { type: 'json' };
import { PNG } from 'pngjs';
import { readPicture, readStart } from './read-picture';

const toBytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
/** Decoders of YUV round differently: levels of 255. */
const LOSSY = 3;

describe('readPicture', () => {
  it.each(Object.entries(golden.files))(
    'reads what Pillow reads of %s',
    async (name, { file, width, height, rgba }) => {
      const found = await readPicture(toBytes(file));
      expect([found.width, found.height]).toEqual([width, height]);
      const expected = toBytes(rgba);
      expect(found.data).toHaveLength(expected.length);
      const off = Math.max(...found.data.map((level, i) => Math.abs(level - expected[i])));
      expect(off).toBeLessThanOrEqual(/JPEG|AVIF|^WebP$/.test(name) ? LOSSY : 0);
    },
  );

  it('says what is wrong with them, and not what the decoder met', async () => {
    const png = PNG.sync.write(new PNG({ width: 40, height: 40 }));
    await expect(readPicture(png.subarray(0, png.length - 30))).rejects.toThrow(/: it is broken or incomplete\.$/);
    await expect(readPicture(new TextEncoder().encode('a text'))).rejects.toThrow(/: it is no PNG, JPEG, WebP/);
    const huge = Buffer.from(png);
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    await expect(readPicture(huge)).rejects.toThrow(/: it has more than 128 million pixels\.$/);
  });

  it('refuses half a file, a text and nothing, each in one sentence', async () => {
    const half = toBytes(golden.files['WebP, lossless, seen through'].file).subarray(0, 90);
    for (const bytes of [half, new TextEncoder().encode('a text'), new Uint8Array()])
      await expect(readPicture(bytes)).rejects.toThrow(/^The file cannot be read as a picture: [^\n]*\.$/);
  });
});

describe('readStart', () => {
  const png = (width: number, height: number) => PNG.sync.write(new PNG({ width, height }));

  it('refuses what is too small or too thin, by its name', async () => {
    await expect(readStart(png(1, 1), 'a.png')).rejects.toThrow(
      'a.png has 1 × 1 pixels: at least 8 a side are needed.',
    );
    await expect(readStart(png(9, 20_000), 'a.png')).rejects.toThrow(/9 × 20000 pixels: it is too thin/);
  });

  it('makes what is larger than any model paints smaller, and says so', async () => {
    const { picture, note } = await readStart(png(5000, 40), 'a.png');
    expect([picture.width, picture.height]).toEqual([4096, 33]);
    expect(note).toBe('a.png is made smaller, from 5000 × 40 pixels to 4096 × 33: no model paints more.');
    expect((await readStart(png(4096, 40), 'a.png')).note).toBeUndefined();
  });
});
