/** Takes a backup back: what is here already stays as it is, whatever else is in it comes beside it. */
import { AppError } from '../../../core/errors';
import type { FinishedPicture } from '../gallery-store';
import { withoutId } from '../gallery.svelte';
import { readPicture, type Picture } from '../picture';
import { LIST, STYLES, type BackupList } from './backup';
import { readZip, type ZipEntry } from './read-zip';

export interface Restored {
  settings: Record<string, unknown>;
  recent: BackupList['recent'];
  /** styles.csv */
  styles: string;
  /** Pictures in it, those that were here already, and those whose files are damaged or missing. */
  count: number;
  known: number;
  left: number;
}

export interface RestoreTarget {
  pictures: readonly Picture[];
  /** Some at once, the oldest first. @throws AppError 'quota' */
  adopt(pictures: readonly FinishedPicture[]): Promise<void>;
  onProgress(done: number, count: number): void;
}

/** So many files are in memory at once. */
const CHUNK = 20;

/** @throws AppError 'bad-file' where it is no backup, 'quota' where the disk is full: what came by then stays */
export async function restoreBackup(file: Blob, target: RestoreTarget): Promise<Restored> {
  const entries = new Map((await readZip(file)).map((entry) => [entry.name, entry]));
  const list = await readList(entries.get(LIST));
  const here = new Set(target.pictures.map(nameOf));
  const fresh = list.pictures.filter(({ facts }) => !here.has(nameOf(readPicture(facts)))).reverse();
  let left = 0;
  for (let from = 0; from < fresh.length; from += CHUNK) {
    const read = await Promise.all(fresh.slice(from, from + CHUNK).map((one) => readOne(one, entries)));
    const whole = read.filter((picture) => picture !== undefined);
    left += read.length - whole.length;
    await target.adopt(whole);
    target.onProgress(Math.min(from + CHUNK, fresh.length), fresh.length);
  }
  const styles = await entries.get(STYLES)?.read();
  const count = list.pictures.length;
  return {
    ...{ settings: list.settings, recent: list.recent, count, left, known: count - fresh.length },
    styles: styles ? new TextDecoder().decode(styles) : '',
  };
}

/** When it was made, and with which seed: no two pictures share both. */
function nameOf({ madeAt, request: { seed, prompt } }: Picture): string {
  return `${madeAt} ${seed} ${prompt}`;
}

async function readOne(
  { facts, file, thumbnail }: BackupList['pictures'][number],
  entries: ReadonlyMap<string, ZipEntry>,
): Promise<FinishedPicture | undefined> {
  try {
    const bytes = await entries.get(file)?.read();
    if (!bytes) return undefined;
    const whole = new Blob([bytes], { type: 'image/png' });
    const small = thumbnail === undefined ? undefined : await entries.get(thumbnail)?.read();
    return {
      facts: withoutId(readPicture(facts)),
      file: whole,
      thumbnail: small ? new Blob([small], { type: 'image/webp' }) : whole,
    };
  } catch (error) {
    console.info('A picture of the backup is left out.', error);
    return undefined;
  }
}

async function readList(entry: ZipEntry | undefined): Promise<BackupList> {
  const no = new AppError('bad-file', 'This ZIP file is no backup of Gesso: gesso-backup.json is not in it.');
  if (!entry) throw no;
  try {
    const value = JSON.parse(new TextDecoder().decode(await entry.read())) as Partial<BackupList>;
    if (value.gesso !== 'backup' || !Array.isArray(value.pictures)) throw no;
    const { settings = {}, recent = [] } = value;
    const pictures = value.pictures.filter(
      ({ facts, file }) => typeof file === 'string' && typeof facts === 'object' && 'request' in facts,
    );
    return { gesso: 'backup', version: 1, pictures, settings, recent };
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : no;
  }
}
