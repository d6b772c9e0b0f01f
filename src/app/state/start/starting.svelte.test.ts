import { describe, expect, it, vi } from 'vitest';
import type { Pixels } from '../../../core/image/pixels';
import { memoryAssetStore, plainPicture } from '../../testing/asset-store';
import { CATALOG } from '../../testing/catalog';
import type { Picture } from '../pictures/picture';
import { Settings } from '../settings/settings.svelte';
import { StartPictures } from './start-pictures.svelte';
import { Starting } from './starting.svelte';

let result: Pixels;
vi.mock('./read-start-picture', () => ({ readStartPicture: () => Promise.resolve({ pixels: result }) }));
vi.mock('../pictures/encode-picture', () => ({ makeThumbnail: () => Promise.resolve(new Blob()) }));
URL.createObjectURL = () => 'blob:test';

/** The left column is painted. */
function leftOf(side: number, columns = 1): Pixels {
  const mask = plainPicture(255, side, side);
  mask.data = mask.data.map((_, i) => (i % 4 === 3 || Math.floor(i / 4) % side < columns ? 255 : 0));
  return mask;
}

/** A form with a start and a mask of 8 pixels; what was painted under a mask is the next start. */
async function startAgain(made: Pixels, isOtherMask = false) {
  result = made;
  const pictures = new StartPictures(memoryAssetStore());
  const settings = new Settings({ models: CATALOG.models });
  Object.assign(settings, {
    initImage: await pictures.put(plainPicture(9)),
    initMask: await pictures.put(leftOf(8)),
  });
  const form = { change: (_: string, change: () => void) => change() };
  const gallery = { file: () => Promise.resolve(new Blob()) };
  const starting = new Starting({ settings, form, gallery, startPictures: pictures, say: vi.fn() } as never);
  const initMask = isOtherMask ? await pictures.put(leftOf(8, 5)) : settings.initMask;
  const before = settings.initMask;
  expect(await starting.fromPicture({ id: 1, request: { initMask } } as unknown as Picture)).toBe(true);
  const { initMask: mask } = settings;
  return { before, mask, pixels: mask === undefined ? undefined : await pictures.pixels(mask) };
}

describe('a picture that was repainted under the form’s mask', () => {
  it('keeps it where it is as large as what it was made from', async () => {
    const { before, mask } = await startAgain(plainPicture(20));
    expect(mask).toBe(before);
  });

  it('keeps it, as much larger, where it came enlarged', async () => {
    expect((await startAgain(plainPicture(20, 32, 32))).pixels).toEqual(leftOf(32, 4));
  });

  it('has none where it is of another shape, or was made under another', async () => {
    expect((await startAgain(plainPicture(20, 16, 8))).mask).toBeUndefined();
    expect((await startAgain(plainPicture(20, 12, 12))).mask).toBeUndefined();
    expect((await startAgain(plainPicture(20), true)).mask).toBeUndefined();
  });
});
