/** Turns of Pillow's WebPs, in a browser that follows them and in one that does not. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import golden from '../../../core/image/metadata/fixtures/orientations.json' with { type: 'json' };
import { webpTurn } from './webp-turn';

const blob = (base64: string) => new Blob([new Uint8Array(Buffer.from(base64, 'base64'))]);
const browser = (decoded: { width: number; height: number }) =>
  vi.stubGlobal('createImageBitmap', () => Promise.resolve({ ...decoded, close: () => undefined }));

afterEach(() => vi.unstubAllGlobals());

describe('webpTurn', () => {
  it('is the file’s own where the browser leaves it as it is stored', async () => {
    browser({ width: 2, height: 1 });
    expect(await Promise.all(golden.webp.map((file) => webpTurn(blob(file))))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('is none where the browser has turned it', async () => {
    browser({ width: 1, height: 2 });
    expect(await Promise.all(golden.webp.map((file) => webpTurn(blob(file))))).toEqual(golden.webp.map(() => 1));
  });

  it('is none of other files, of which every browser follows EXIF, and of no file at all', async () => {
    browser({ width: 2, height: 1 });
    for (const file of [...golden.jpeg, ...golden.png]) expect(await webpTurn(blob(file))).toBe(1);
    expect(await webpTurn(new Blob([]))).toBe(1);
  });
});
