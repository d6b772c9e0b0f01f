/** Layers of sketches, out of the browser and into it. */
import { afterEach, expect, it, vi } from 'vitest';
import { plainPicture } from '../../testing/asset-store';
import { SketchStore, type Sketch } from '../canvas/sketch-store';
import type { ZipEntry } from './read-zip';
import { restoreSketches, sketchEntries } from './sketch-files';

const store = (values = new Map<string, unknown>()) => ({
  get: <T>(key: string) => Promise.resolve(values.get(key) as T | undefined),
  change: (puts: readonly (readonly [string, unknown])[]) => {
    for (const [key, value] of puts) values.set(key, value);
    return Promise.resolve();
  },
});
const sketch = (level: number): Sketch => ({ base: plainPicture(level), layer: plainPicture(255 - level) });
const nothing = () => Promise.resolve();
const hash = (digit: number): string => String(digit).repeat(64);

async function zipOf(shelf: SketchStore, named: readonly string[]) {
  const entries = new Map<string, ZipEntry>();
  for await (const { name, input } of sketchEntries(shelf, new Set(named)))
    entries.set(name, { name, read: () => Promise.resolve(input) } as unknown as ZipEntry);
  return entries;
}

afterEach(() => void vi.restoreAllMocks());

it('brings back what lies below a sketch and its colours, of pictures that are in the backup', async () => {
  const shelf = new SketchStore(store());
  await shelf.put(hash(1), sketch(1));
  await shelf.put(hash(2), sketch(2));
  const entries = await zipOf(shelf, [hash(1)]);
  expect([...entries.keys()]).toEqual([`sketches/${hash(1)}-below.png`, `sketches/${hash(1)}-colours.png`]);
  const other = new SketchStore(store());
  await restoreSketches(entries, other, nothing);
  expect(await other.get(hash(1))).toEqual(sketch(1));
});

it('keeps those that are here, and takes no more than there is room for', async () => {
  const shelf = new SketchStore(store());
  for (let i = 0; i < 8; i += 1) await shelf.put(hash(i), sketch(i));
  const entries = await zipOf(
    shelf,
    Array.from({ length: 8 }, (_, i) => hash(i)),
  );
  const here = new SketchStore(store());
  await here.put(hash(0), sketch(100));
  await here.put(hash(9), sketch(9));
  await restoreSketches(entries, here, nothing);
  expect(await here.hashes()).toHaveLength(8);
  expect([await here.get(hash(0)), await here.get(hash(9))]).toEqual([sketch(100), sketch(9)]);
  expect(await here.get(hash(6))).toEqual(sketch(6));
});

it('counts none that nothing names any more, where they may go', async () => {
  const from = new SketchStore(store());
  await from.put(hash(9), sketch(9));
  const entries = await zipOf(from, [hash(9)]);
  const here = new SketchStore(store());
  for (let i = 0; i < 8; i += 1) await here.put(hash(i), sketch(i));
  const later = performance.now() + 100_000;
  const named = new Set([hash(1)]);
  const tidy = vi.fn(() =>
    here.sweep(
      () => named,
      () => later,
    ),
  );
  await restoreSketches(entries, here, tidy);
  expect(await here.hashes()).toEqual([hash(1), hash(9)]);
  expect(tidy).toHaveBeenCalledTimes(1);
});

it('leaves out what is damaged, and never fails', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const shelf = new SketchStore(store());
  await shelf.put(hash(1), sketch(1));
  await shelf.put(hash(2), sketch(2));
  const entries = await zipOf(shelf, [hash(1), hash(2)]);
  const broken = { read: () => Promise.reject(new Error('CRC')) } as unknown as ZipEntry;
  entries.set(`sketches/${hash(1)}-colours.png`, broken);
  entries.set('sketches/../x-below.png', broken);
  const other = new SketchStore(store());
  await restoreSketches(entries, other, nothing);
  expect(await other.hashes()).toEqual([hash(2)]);
  const refusing = { ...store(), get: () => Promise.reject(new Error('no')) };
  await expect(restoreSketches(entries, new SketchStore(refusing), nothing)).resolves.toBeUndefined();
  expect(await zipOf(new SketchStore(refusing), [hash(1)])).toEqual(new Map());
});
