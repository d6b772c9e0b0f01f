import { PNG } from 'pngjs';
import { expect, it, vi } from 'vitest';
import { readAsset, writeAsset } from './asset-file';

/** Colours under all alphas, none of which a canvas keeps. */
const picture = (width: number, height: number) => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * i * 31 + i * 7) % 256),
});

it.each([
  [1, 1],
  [37, 5],
  [64, 96],
])('writes %i by %i pixels to the bit, as another program reads them too', async (width, height) => {
  const bytes = await writeAsset(picture(width, height));
  expect(readAsset(bytes)).toEqual(picture(width, height));
  const foreign = PNG.sync.read(Buffer.from(bytes));
  expect([foreign.width, foreign.height]).toEqual([width, height]);
  expect(new Uint8ClampedArray(foreign.data)).toEqual(picture(width, height).data);
});

it('writes the same where the browser cannot compress', async () => {
  vi.stubGlobal('CompressionStream', undefined);
  expect(readAsset(await writeAsset(picture(9, 4)))).toEqual(picture(9, 4));
  vi.unstubAllGlobals();
});
