import { describe, expect, it } from 'vitest';
import type { DeviceReport } from '../../../engine/api';
import { CATALOG } from '../../testing/catalog';
import { Settings } from '../settings/settings.svelte';
import { Room } from './room.svelte';
import { RoomTiles, seenAtOnce } from './room-tiles.svelte';

const [, large] = CATALOG.models;
const MODEL = { ...large, family: 'sd15', plan: 'q8', source: { kind: 'imported' } } as const;
const GPU: DeviceReport = { provider: 'webgpu', adapter: 'a GPU', halfPrecision: true, maxBufferBytes: 2 ** 31 };

/** A form on a GPU that has room for pictures of 768 pixels. */
async function open() {
  const settings = new Settings({ models: [{ ...MODEL, size: { min: 64, max: 4096, step: 8 } }] });
  Object.assign(settings, { width: 2048, height: 1536, prompt: 'a cat' });
  const room = new Room();
  await room.open();
  const painter = { id: MODEL.id, family: 'sd15', plan: 'q8', besideBytes: 0 } as const;
  const device = { ...GPU, maxBufferBytes: 2 ** 28 };
  room.painted(painter, { width: 768, height: 768, cfgScale: 7 }, device);
  const tiles = new RoomTiles({ settings, room, engine: { device } } as never, () => painter);
  return { settings, tiles, room, painter, device };
}

describe('RoomTiles', () => {
  it('paints in tiles what does not fit, and says so, unless it is switched off', async () => {
    const { settings, tiles } = await open();
    expect(tiles.note).toMatch(/^2048 × 1536 needs about/);
    expect(tiles.apply(settings.toRequest())).toMatchObject({ tiledMethod: 'multidiffusion', tileWidth: 96 });
    tiles.isDeclined = true;
    expect(tiles.apply(settings.toRequest())).not.toHaveProperty('tiledMethod');
    expect(tiles.note, 'it is said all the same').toBeDefined();
  });

  it('leaves what fits, and what the person has set', async () => {
    const { settings, tiles } = await open();
    settings.advanced.set('tiledMethod', 'mixture');
    expect([tiles.note, tiles.isUsed]).toEqual([undefined, false]);
    expect(tiles.apply(settings.toRequest()).tiledMethod).toBe('mixture');
    settings.advanced.set('tiledMethod', 'none');
    Object.assign(settings, { width: 512, height: 512 });
    expect([tiles.note, tiles.isUsed]).toEqual([undefined, false]);
    settings.advanced.set('hiresScale', 4);
    expect(tiles.note, 'the second pass is as large').toMatch(/^2048 × 2048 needs about/);
    expect(tiles.isUsed).toBe(true);
    settings.advanced.set('denoisingStrength', 0);
    expect(tiles.note, 'nothing is painted of it').toBeUndefined();
  });

  it('says that it does not fit, and tiles nothing, where a setting needs the whole picture at once', async () => {
    const { settings, tiles } = await open();
    settings.advanced.set('sagScale', 0.5);
    expect([tiles.note !== undefined, tiles.tiles, tiles.isUsed]).toEqual([true, undefined, false]);
    expect(tiles.apply(settings.toRequest())).not.toHaveProperty('tiledMethod');
    settings.advanced.set('sagScale', 0);
    expect(tiles.isUsed).toBe(true);
  });

  it('takes smaller tiles where the usual ones do not fit either, and none where none does', async () => {
    const { tiles, room, painter, device, settings } = await open();
    room.refused(painter, { width: 768, height: 768, cfgScale: 7 }, device);
    expect(tiles.apply(settings.toRequest()).tiledMethod, '768 was painted once').toBe('multidiffusion');
    const poor = new Room();
    await poor.open();
    poor.refused(painter, { width: 640, height: 640, cfgScale: 7 }, GPU);
    const small = new RoomTiles({ settings, room: poor, engine: { device: GPU } } as never, () => painter);
    expect(small.apply(settings.toRequest())).toMatchObject({ tileWidth: 64, tileOverlap: 32 });
    poor.refused(painter, { width: 512, height: 512, cfgScale: 7 }, GPU);
    expect([small.isUsed, small.note !== undefined]).toEqual([false, true]);
  });
});

describe('seenAtOnce', () => {
  const request = { ...new Settings({ models: [MODEL] }).toDraft(), width: 1024, height: 512 };

  it('is a tile at most', () => {
    expect(seenAtOnce(request)).toMatchObject({ width: 1024, height: 512 });
    expect(seenAtOnce({ ...request, tiledMethod: 'mixture' })).toMatchObject({ width: 768, height: 512 });
    expect(seenAtOnce({ ...request, hiresScale: 2 })).toMatchObject({ width: 2048, height: 1024 });
    expect(seenAtOnce({ ...request, hiresScale: 2, tiledMethod: 'mixture' })).toMatchObject({
      width: 768,
      height: 768,
    });
  });
});
