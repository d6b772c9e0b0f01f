/** Files by Pillow (tools/fixtures/image_files.py), and what is none. */
import { describe, expect, it } from 'vitest';
import golden from './fixtures/files.json' with { type: 'json' };
import { readPicture } from './read-picture';

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

  it('refuses half a file, a text and nothing, each in one sentence', async () => {
    const half = toBytes(golden.files['WebP, lossless, seen through'].file).subarray(0, 90);
    for (const bytes of [half, new TextEncoder().encode('a text'), new Uint8Array()])
      await expect(readPicture(bytes)).rejects.toThrow(/^The file cannot be read as a picture: [^\n]*\.$/);
  });
});
