/** Sketches apart from their pictures, packed as a browser packs them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainPicture } from '../../testing/asset-store';
import { SketchStore, type Sketch } from './sketch-store';

let values: Map<string, unknown>;
const store = () => ({
  get: <T>(key: string) => Promise.resolve(values.get(key) as T | undefined),
  change: (puts: readonly (readonly [string, unknown])[]) => {
    for (const [key, value] of puts) values.set(key, value);
    return Promise.resolve();
  },
});
beforeEach(() => (values = new Map()));
afterEach(() => vi.unstubAllGlobals());

const later = (): number => performance.now() + 60_001;

describe('SketchStore', () => {
  const sketch = (level: number): Sketch => ({ base: plainPicture(level), layer: plainPicture(255 - level) });

  it('keeps the last few, each change of one in its place', async () => {
    const shelf = new SketchStore(store());
    for (let i = 0; i < 12; i++) await shelf.put(`other ${i}`, sketch(i), `other ${i - 1}`);
    expect(values.size).toBe(2);
    for (let i = 0; i < 9; i++) await shelf.put(`hash ${i}`, sketch(i));
    expect(await shelf.get('hash 8')).toEqual(sketch(8));
    expect(await shelf.get('hash 1')).toEqual(sketch(1));
    expect([await shelf.get('hash 0'), await shelf.get('other 11')]).toEqual([undefined, undefined]);
    expect(values.size).toBe(9);
  });

  it('drops what nothing names any more, and uses the room again', async () => {
    const shelf = new SketchStore(store());
    for (let i = 0; i < 3; i++) await shelf.put(`hash ${i}`, sketch(i));
    await shelf.sweep(() => new Set());
    expect(await shelf.get('hash 0'), 'it was put a moment ago').toBeDefined();
    await shelf.sweep(() => new Set(['hash 2', 'another']), later);
    expect([await shelf.get('hash 0'), values.get('slot 0'), values.get('slot 1')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (let i = 3; i < 6; i++) await shelf.put(`hash ${i}`, sketch(i));
    for (let i = 2; i < 6; i++) expect(await shelf.get(`hash ${i}`)).toEqual(sketch(i));
  });

  it('loses nothing that is kept while others are dropped, whichever shelf does it', async () => {
    const [painting, tidying] = [new SketchStore(store()), new SketchStore(store())];
    await painting.put('left', sketch(1));
    const swept = tidying.sweep(() => new Set(['new']), later);
    await Promise.all([painting.put('new', sketch(2)), swept, tidying.sweep(() => new Set(['new']), later)]);
    expect([await painting.get('new'), await painting.get('left')]).toEqual([sketch(2), undefined]);
  });

  it('gives nothing of another picture, whose slot it is by now', async () => {
    const shelf = new SketchStore(store());
    await shelf.put('old', sketch(1));
    const index = values.get('index');
    await shelf.put('new', sketch(2), 'old');
    values.set('index', index);
    expect(await shelf.get('old')).toBeUndefined();
  });

  it('keeps them where the browser cannot compress, and nothing without a store', async () => {
    vi.stubGlobal('CompressionStream', undefined);
    await new SketchStore(store()).put('hash', sketch(3));
    expect(await new SketchStore(store()).get('hash')).toEqual(sketch(3));
    await new SketchStore(undefined).put('hash', sketch(3));
    expect(await new SketchStore(undefined).get('hash')).toBeUndefined();
  });
});
