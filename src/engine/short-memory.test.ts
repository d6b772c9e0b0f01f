/** Models and pictures that do not fit into memory as they are. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { EngineEvent } from './api';
import { FAKE_ENTRY, FAKE_PACK, toJson } from './testing/fake-ports';
import { FAKE_REQUEST, failure, setUpEngine } from './testing/set-up-engine';

let { fake, engine, events, onEvent, generate, notices } = setUpEngine();

beforeEach(() => {
  ({ fake, engine, events, onEvent, generate, notices } = setUpEngine());
});

describe('Engine when memory is short', () => {
  it('loads the parts in turn, says so, and leaves nothing loaded', async () => {
    fake.mostSessions = 2;
    const picture = await generate();
    expect(notices()).toEqual([
      'There was not enough memory for the whole model at once, so that its parts are now loaded in turn.',
    ]);
    expect(picture.timings.model).toMatchObject({ residency: 'in_turn' });
    expect(picture.timings.loads?.map(({ component }) => component)).toEqual(['text_encoder', 'unet', 'vae_decoder']);
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 1 });
    fake.onUnetCall = () => engine.cancel();
    expect(await failure(generate({ seed: 5 }))).toMatchObject({ code: 'cancelled' });
    fake.onUnetCall = () => undefined;
    await engine.load(FAKE_ENTRY, onEvent); // after what the cancel left behind
    expect(fake.alive.sessions).toBe(0);
  });

  it('does not try in turn what has no room however it is loaded', async () => {
    const { unet } = FAKE_PACK.components;
    const byteLength = 256 * 2 ** 20;
    const huge = Array.from({ length: 24 }, (_, i) => ({
      shard: { file: `huge-${i}.bin`, byteLength, sha256: '0'.repeat(64) },
      weight: { form: 'float32', shape: [byteLength / 4], data: { shard: 1 + i, offset: 0, byteLength } },
    }));
    const weights = { ...unet?.weights, ...Object.fromEntries(huge.map(({ weight }, i) => [`huge_${i}`, weight])) };
    const shards = [...(unet?.shards ?? []), ...huge.map(({ shard }) => shard)];
    const components = { ...FAKE_PACK.components, unet: { ...unet, shards, weights } };
    fake.replaced.set('pack.json', toJson({ ...FAKE_PACK, components }));
    const error = await failure(engine.load(FAKE_ENTRY, onEvent));
    expect(error).toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/U-Net takes 6\.0 GB/) as string,
    });
    expect(notices()).toEqual([]);
  });

  it('develops in tiles what does not fit as a whole, the same picture, and remembers', async () => {
    const large = { width: 128, height: 96, cfgScale: 1 }; // 64 × 48 cells
    const whole = await generate(large);
    expect(whole.timings.tiles).toBeUndefined();
    fake.mostCells = 40;
    events.length = 0;
    const tiled = await generate(large);
    expect(notices()).toEqual([
      'There was not enough memory for the whole model at once, so that its parts are now loaded in turn.',
      'There was not enough memory for the whole picture at once, so that it was developed in tiles.',
    ]);
    expect(tiled.timings.tiles).toBe(6); // of 32 cells: 48 were too many
    const differences = tiled.pixels.data.map((level, i) => Math.abs(level - whole.pixels.data[i]));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
    events.length = 0;
    await generate({ ...large, seed: 5 });
    expect(notices()).toEqual([]);
    expect(events.filter((e) => e.type === 'tile').map(({ tile, tiles }) => [tile, tiles])).toEqual(
      [1, 2, 3, 4, 5, 6].map((tile) => [tile, 6]),
    );
  });

  it('gives up where the smallest tile is too large', async () => {
    fake.mostCells = 31;
    expect(await failure(generate({ width: 128, height: 96 }))).toMatchObject({ code: 'out-of-memory' });
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 0 });
  });

  it('ends between two tiles when it is cancelled, and takes no later loss for a tile that was too large', async () => {
    const large = { ...FAKE_REQUEST, width: 128, height: 96 };
    fake.mostCells = 40;
    const { tiles } = (await engine.generate(large, FAKE_ENTRY, () => undefined)).timings;
    expect(tiles).toBeGreaterThan(1);
    const cancel = (event: EngineEvent): void => void (event.type === 'tile' && event.tile === 2 && engine.cancel());
    const cancelled = await failure(engine.generate({ ...large, seed: 2 }, FAKE_ENTRY, cancel));
    expect(cancelled).toMatchObject({ code: 'cancelled' });
    fake.onUnetCall = () => {
      fake.onUnetCall = () => undefined;
      fake.loseDevice();
      return new Promise<void>(() => undefined);
    };
    const picture = await engine.generate({ ...large, seed: 3 }, FAKE_ENTRY, onEvent);
    expect(picture.timings.tiles).toBe(tiles);
    expect(notices()).toEqual(['The GPU went away and was opened again; the picture went on from where it was.']);
  });

  it('gives up where one part alone is too large', async () => {
    fake.mostSessions = 0;
    expect(await failure(generate())).toMatchObject({ code: 'out-of-memory' });
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 0 });
  });
});
