/** Colours of sketches apart from the pictures below them, in a backup and out of it: two PNG files each, named by the sketch's hash. */
import { isPixelHash } from '../../../core/image/is-pixel-hash';
import type { SketchStore } from '../canvas/sketch-store';
import { readAsset, writeAsset } from './asset-file';
import type { ZipEntry } from './read-zip';

const FOLDER = 'sketches/';
const NAME = /^sketches\/(.+)-below\.png$/;
const belowName = (hash: string): string => `${FOLDER}${hash}-below.png`;
const coloursName = (hash: string): string => `${FOLDER}${hash}-colours.png`;

interface SketchEntry {
  name: string;
  input: Uint8Array<ArrayBuffer>;
}

type Reading = Pick<SketchStore, 'hashes' | 'get'>;
type Writing = Pick<SketchStore, 'hashes' | 'put' | 'room'>;

/** Sketches of the pictures that are in the backup; one that cannot be read comes back as the picture that it is. */
export async function* sketchEntries(shelf: Reading, named: ReadonlySet<string>): AsyncGenerator<SketchEntry> {
  for (const hash of await listed(shelf)) {
    const sketch = named.has(hash) ? await shelf.get(hash).catch(leftOut) : undefined;
    if (!sketch) continue;
    yield { name: belowName(hash), input: await writeAsset(sketch.base) };
    yield { name: coloursName(hash), input: await writeAsset(sketch.layer) };
  }
}

/**
 * Beside those that are here, as many as there is room for. Never rejects: their pictures have come.
 *
 * @param tidy  drops those that nothing names any more, where it may; asked once, when there is no room
 */
export async function restoreSketches(
  entries: ReadonlyMap<string, ZipEntry>,
  shelf: Writing,
  tidy: () => Promise<void>,
): Promise<void> {
  let isTidied = false;
  const hasRoom = async (): Promise<boolean> => {
    if ((await shelf.room()) > 0) return true;
    if (isTidied) return false;
    isTidied = true;
    await tidy();
    return (await shelf.room()) > 0;
  };
  try {
    const here = new Set(await shelf.hashes());
    for (const name of entries.keys()) {
      const [, hash = ''] = NAME.exec(name) ?? [];
      if (!isPixelHash(hash) || here.has(hash) || !(await hasRoom())) continue;
      const base = await pixelsOf(entries.get(belowName(hash)));
      const layer = await pixelsOf(entries.get(coloursName(hash)));
      const fits = base && layer && base.width === layer.width && base.height === layer.height;
      if (fits) await shelf.put(hash, { base, layer });
    }
  } catch (error) {
    leftOut(error);
  }
}

async function listed(shelf: Reading): Promise<readonly string[]> {
  return (await shelf.hashes().catch(leftOut)) ?? [];
}

/** Undefined where it is missing or damaged. */
async function pixelsOf(entry: ZipEntry | undefined): Promise<ReturnType<typeof readAsset>> {
  const bytes = await entry?.read().catch(leftOut);
  return bytes && readAsset(bytes);
}

const leftOut = (error: unknown): undefined => void console.info('Colours of a sketch are left out.', error);
