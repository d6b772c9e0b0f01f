/** What is painted comes into the form, can be taken back there, and is painted on after a reload. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alphaComposite } from '../../../core/image/paste';
import { fromPixels, raster } from '../../../core/image/raster';
import { memoryAssetStore, plainPicture } from '../../testing/asset-store';
import { openPage, type TestPage } from '../../testing/page';
import { KeptCanvas } from './kept-canvas.svelte';
import type { Session } from './session';

const PICTURE = plainPicture(90);
let page: TestPage | undefined;
let values: Map<string, unknown>;
const store = () => ({
  get: <T>(key: string) => Promise.resolve(values.get(key) as T | undefined),
  change: (puts: readonly (readonly [string, unknown])[]) => {
    for (const [key, value] of puts) values.set(key, value);
    return Promise.resolve();
  },
});

beforeEach(() => {
  values = new Map();
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext() {
        return { putImageData: () => undefined, drawImage: () => undefined };
      }
    },
  );
  vi.stubGlobal('ImageData', class {});
  vi.stubGlobal('CompressionStream', undefined); // jsdom has Blobs without streams
});
afterEach(async () => {
  await page?.close();
  page = undefined;
  vi.unstubAllGlobals();
});

async function open(stored: Record<string, unknown> = {}, assets = memoryAssetStore()) {
  page = openPage('0', { assets, stored });
  await page.studio.start();
  const { settings, form, startPictures } = page.studio;
  const drawing = { openStore: () => Promise.resolve(store()) };
  const canvas = new KeptCanvas({ settings, form, startPictures, drawing, said: undefined } as never);
  expect(await canvas.open()).toBe(true);
  if (!canvas.session) throw new Error('not open');
  return { canvas, session: canvas.session, settings, form, assets };
}

function paint(editor: Session['mask' | 'sketch'], x = 2): void {
  editor.diameter = 3;
  editor.begin({ x, y: 2 });
  editor.end();
}

describe('KeptCanvas', () => {
  it('starts from the picture with the colours on it, one step of the form’s Undo', async () => {
    const assets = memoryAssetStore();
    const initImage = await assets.put(PICTURE);
    const { canvas, session, settings, form } = await open({ initImage }, assets);
    paint(session.sketch);
    await canvas.keepMeanwhile();
    paint(session.sketch, 5);
    await canvas.finish();
    const kept = assets.kept.get(settings.initImage ?? '');
    const layer = session.sketch.layer ?? raster(PICTURE, 4);
    expect(kept?.data).toEqual(alphaComposite(fromPixels(PICTURE), layer).data);
    expect(settings.initMask).toBeUndefined();
    form.undo();
    expect(settings.initImage).toBe(initImage);
  });

  it('goes on with colours apart from the picture after a reload; undone, with the picture', async () => {
    const assets = memoryAssetStore();
    const initImage = await assets.put(PICTURE);
    const first = await open({ initImage }, assets);
    paint(first.session.sketch);
    paint(first.session.mask, 6);
    await first.canvas.finish();
    const stored = first.settings.toStored();
    await page?.close();
    const { session, canvas } = await open(stored, assets);
    expect(session.sketch.layer?.data).toEqual(first.session.sketch.layer?.data);
    expect(session.sketch.base.data).toEqual(PICTURE.data);
    expect(session.mask.share).toBeGreaterThan(0);
    session.sketch.clear();
    await canvas.finish();
    expect(page?.studio.settings.initImage).toBe(initImage);
  });

  it('opens a blank sheet of the form’s size where there is no picture, and keeps none that stays blank', async () => {
    const { canvas, session, settings, assets } = await open();
    expect([session.sketch.size, session.sketch.paper]).toEqual([
      { width: settings.width, height: settings.height },
      '#ffffff',
    ]);
    await canvas.finish();
    expect([settings.initImage, assets.kept.size]).toEqual([undefined, 0]);
    paint(session.sketch);
    await canvas.finish();
    expect(assets.kept.has(settings.initImage ?? '')).toBe(true);
  });

  it('leaves no start picture where all that was painted on a sheet is undone, also after it was kept', async () => {
    const { canvas, session, settings, form } = await open();
    paint(session.sketch);
    paint(session.mask, 6);
    await canvas.keepMeanwhile();
    expect([settings.initImage, settings.initMask]).not.toContain(undefined);
    for (let i = 0; i < 2; i++) session.sketch.undo();
    await canvas.finish();
    expect([settings.initImage, settings.initMask]).toEqual([undefined, undefined]);
    expect(form.last).toBeUndefined();
    paint(session.sketch);
    await canvas.finish();
    expect(settings.initImage).toBeDefined();
  });

  it('keeps a mask alone as before', async () => {
    const assets = memoryAssetStore();
    const initImage = await assets.put(PICTURE);
    const { canvas, session, settings } = await open({ initImage }, assets);
    paint(session.mask);
    await canvas.finish();
    expect(settings.initImage).toBe(initImage);
    expect(settings.initMask).toBeDefined();
  });

  it('loses nothing where another picture came meanwhile: it says so, and Undo has that one', async () => {
    const assets = memoryAssetStore();
    const [initImage, other] = [await assets.put(PICTURE), await assets.put(plainPicture(7))];
    const { canvas, session, settings, form } = await open({ initImage }, assets);
    paint(session.mask);
    await canvas.keepMeanwhile();
    const { initMask } = settings;
    Object.assign(settings, { initImage: other, initMask: undefined });
    paint(session.mask, 5);
    const put = vi.spyOn(assets, 'put');
    await canvas.keepMeanwhile();
    expect(settings.initImage, 'not while it is open').toBe(other);
    expect(put, 'nothing would name it').not.toHaveBeenCalled();
    expect(await canvas.finish()).toBe(true);
    expect(put, 'the mask').toHaveBeenCalledTimes(1);
    expect(settings.initImage).toBe(initImage);
    expect(settings.initMask).not.toBe(initMask);
    expect(form.news).toMatch(/^What you painted is back/);
    form.undo();
    expect([settings.initImage, settings.initMask]).toEqual([other, undefined]);
  });

  it('leaves the other picture where nothing was painted since it came', async () => {
    const assets = memoryAssetStore();
    const [initImage, other] = [await assets.put(PICTURE), await assets.put(plainPicture(7))];
    const { canvas, session, settings } = await open({ initImage }, assets);
    paint(session.sketch);
    await canvas.keepMeanwhile();
    settings.initImage = other;
    await canvas.finish();
    expect(settings.initImage).toBe(other);
  });
});
