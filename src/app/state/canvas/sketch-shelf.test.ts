/** Sketches apart from their pictures, packed as a browser packs them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainPicture } from '../../testing/asset-store';
import { SketchShelf, type Sketch } from './sketch-shelf';

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

describe('SketchShelf', () => {
  const sketch = (level: number): Sketch => ({ base: plainPicture(level), layer: plainPicture(255 - level) });

  it('keeps the last few, each change of one in its place', async () => {
    const shelf = new SketchShelf(store());
    for (let i = 0; i < 12; i++) await shelf.put(`other ${i}`, sketch(i), `other ${i - 1}`);
    expect(values.size).toBe(2);
    for (let i = 0; i < 9; i++) await shelf.put(`hash ${i}`, sketch(i));
    expect(await shelf.get('hash 8')).toEqual(sketch(8));
    expect(await shelf.get('hash 1')).toEqual(sketch(1));
    expect([await shelf.get('hash 0'), await shelf.get('other 11')]).toEqual([undefined, undefined]);
    expect(values.size).toBe(9);
  });

  it('drops what nothing names any more, and uses the room again', async () => {
    const shelf = new SketchShelf(store());
    for (let i = 0; i < 3; i++) await shelf.put(`hash ${i}`, sketch(i));
    await shelf.sweep(new Set(['hash 2', 'another']));
    expect([await shelf.get('hash 0'), values.get('slot 0'), values.get('slot 1')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (let i = 3; i < 6; i++) await shelf.put(`hash ${i}`, sketch(i));
    for (let i = 2; i < 6; i++) expect(await shelf.get(`hash ${i}`)).toEqual(sketch(i));
  });

  it('gives nothing of another picture, whose slot it is by now', async () => {
    const shelf = new SketchShelf(store());
    await shelf.put('old', sketch(1));
    const index = values.get('index');
    await shelf.put('new', sketch(2), 'old');
    values.set('index', index);
    expect(await shelf.get('old')).toBeUndefined();
  });

  it('keeps them where the browser cannot compress, and nothing without a store', async () => {
    vi.stubGlobal('CompressionStream', undefined);
    await new SketchShelf(store()).put('hash', sketch(3));
    expect(await new SketchShelf(store()).get('hash')).toEqual(sketch(3));
    await new SketchShelf(undefined).put('hash', sketch(3));
    expect(await new SketchShelf(undefined).get('hash')).toBeUndefined();
  });
});
