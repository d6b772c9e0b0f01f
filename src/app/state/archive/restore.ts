/** Takes a backup back: what is here already stays as it is, whatever else is in it comes beside it. */
import { AppError } from '../../../core/errors';
import { isPixelHash } from '../../../core/image/is-pixel-hash';
import type { Pixels } from '../../../engine/api';
import { assetsOf, type Naming } from '../start/assets-of';
import type { FinishedPicture } from '../gallery/gallery-store';
import { withoutId } from '../gallery/gallery.svelte';
import { readPicture, type Picture } from '../pictures/picture';
import { assetName, readAsset } from './asset-file';
import { LIST, STYLES, type BackupList } from './backup';
import { readZip, type ZipEntry } from './read-zip';
import { readWords, WORDS, type KeptWords } from './word-file';

/** A backup that has been opened: all but its pictures. */
export interface Backup {
  entries: ReadonlyMap<string, ZipEntry>;
  /** Those whose facts are sound, as they are listed: the newest first. */
  pictures: readonly Listed[];
  /** Pictures in it whose facts are not. */
  unsound: number;
  settings: Record<string, unknown>;
  recent: BackupList['recent'];
  /** styles.csv; empty where it is missing or damaged. */
  styles: string;
  /** Undefined where there are none, as in backups of older versions, or they are damaged. */
  words: KeptWords | undefined;
}

interface Listed {
  picture: Omit<Picture, 'id'>;
  file: string;
  thumbnail?: string;
}

export interface AssetTarget {
  /** @returns its hash. @throws AppError 'quota' */
  putAsset(pixels: Pixels): Promise<string>;
}

export interface RestoreTarget extends AssetTarget {
  /** Those that are here now: asked again and again, as others may come meanwhile. */
  readonly pictures: readonly Picture[];
  /** Some at once, the oldest first. @throws AppError 'quota' */
  adopt(pictures: readonly FinishedPicture[]): Promise<void>;
  onProgress(done: number, count: number): void;
}

/** Pictures that were here already, and those that are damaged or missing. */
export interface Restored {
  known: number;
  left: number;
}

/** So many files are in memory at once. */
const CHUNK = 20;

/** @throws AppError 'bad-file' where it is no backup */
export async function openBackup(file: Blob): Promise<Backup> {
  const entries = new Map((await readZip(file)).map((entry) => [entry.name, entry]));
  const list = await readList(entries.get(LIST));
  const sound = list.pictures.map(readListed);
  const pictures = sound.filter((one) => one !== undefined);
  const textOf = async (name: string): Promise<string | undefined> => {
    const bytes = await wholeOf(entries.get(name));
    return bytes && new TextDecoder().decode(bytes);
  };
  return {
    ...{ entries, pictures, unsound: sound.length - pictures.length },
    ...{ settings: toValues(list.settings), recent: readRecent(list.recent) },
    styles: (await textOf(STYLES)) ?? '',
    words: readWords(await textOf(WORDS)),
  };
}

/** @throws AppError 'quota' where the disk is full: what came by then stays */
export async function restorePictures(backup: Backup, target: RestoreTarget): Promise<Restored> {
  const all = backup.pictures.toReversed();
  const restored = { known: 0, left: backup.unsound };
  for (let from = 0; from < all.length; from += CHUNK) {
    const chunk = all.slice(from, from + CHUNK);
    const fresh = chunk.filter(isFreshTo(target.pictures, chunk));
    const read = await Promise.all(fresh.map((one) => readFiles(one, backup.entries)));
    const whole = read.filter((picture) => picture !== undefined);
    // Just before those that name them: what nothing names is tidied away.
    for (const { facts } of whole) await restoreAssets(backup, facts.request, target);
    await target.adopt(whole);
    restored.known += chunk.length - fresh.length;
    restored.left += read.length - whole.length;
    target.onProgress(Math.min(from + CHUNK, all.length), all.length);
  }
  return restored;
}

/** What the form of the backup names. */
export function formNaming({ settings: { initImage, initMask, control } }: Backup): Naming {
  const hash = (value: unknown): string | undefined => (isPixelHash(value) ? value : undefined);
  const units: unknown[] = Array.isArray(control) ? control : [];
  const images = units.map((unit) => hash(toValues(unit)['image']));
  return {
    initImage: hash(initImage),
    initMask: hash(initMask),
    control: images.flatMap((image) => (image === undefined ? [] : { image })),
  };
}

/** Puts what it names where it is in the backup and whole. @throws AppError 'quota' */
export async function restoreAssets({ entries }: Backup, naming: Naming, target: AssetTarget): Promise<void> {
  for (const hash of new Set(assetsOf(naming))) {
    const bytes = isPixelHash(hash) ? await wholeOf(entries.get(assetName(hash))) : undefined;
    const pixels = bytes && readAsset(bytes);
    if (pixels) await target.putAsset(pixels);
  }
}

/** Whether a listed picture is not here yet, told by when it was made, with which seed and prompt: no two share all. */
function isFreshTo(pictures: readonly Picture[], chunk: readonly Listed[]): (one: Listed) => boolean {
  const times = new Set(chunk.map(({ picture }) => picture.madeAt));
  const here = new Set(pictures.filter(({ madeAt }) => times.has(madeAt)).map(nameOf));
  return ({ picture }) => !here.has(nameOf(picture));
}

function nameOf({ madeAt, request: { seed, prompt } }: Omit<Picture, 'id'>): string {
  return `${madeAt} ${seed} ${prompt}`;
}

async function readFiles(
  { picture, file, thumbnail }: Listed,
  entries: ReadonlyMap<string, ZipEntry>,
): Promise<FinishedPicture | undefined> {
  const bytes = await wholeOf(entries.get(file));
  if (!bytes) return undefined;
  const whole = new Blob([bytes], { type: 'image/png' });
  const small = thumbnail === undefined ? undefined : await wholeOf(entries.get(thumbnail));
  return {
    facts: { ...picture, isRestored: true },
    file: whole,
    thumbnail: small ? new Blob([small], { type: 'image/webp' }) : whole,
  };
}

/** Undefined where it is missing or damaged. */
async function wholeOf(entry: ZipEntry | undefined): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await entry?.read();
  } catch (error) {
    console.info('A file of the backup is left out.', error);
    return undefined;
  }
}

interface RawList {
  pictures: unknown[];
  settings?: unknown;
  recent?: unknown;
}

async function readList(entry: ZipEntry | undefined): Promise<RawList> {
  const no = new AppError('bad-file', 'This ZIP file is no backup of Gesso: gesso-backup.json is not in it.');
  if (!entry) throw no;
  try {
    const value = toValues(JSON.parse(new TextDecoder().decode(await entry.read())));
    if (value['gesso'] !== 'backup' || !Array.isArray(value['pictures'])) throw no;
    return value as unknown as RawList;
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : no;
  }
}

/** Undefined where something is not what it should be: the gallery counts on it. */
function readListed(one: unknown): Listed | undefined {
  const { facts, file, thumbnail } = toValues(one);
  const { request, ...rest } = toValues(facts);
  const { prompt, negativePrompt, seed, control } = toValues(request);
  const isSound =
    typeof file === 'string' &&
    [rest['madeAt'], rest['width'], rest['height']].every((value) => Number.isFinite(value)) &&
    [prompt, negativePrompt, rest['modelName']].every((value) => typeof value === 'string') &&
    (typeof seed === 'number' || typeof seed === 'string') &&
    (control === undefined || (Array.isArray(control) && control.every(isObject))) &&
    ['device', 'timings'].every((key) => isObject(rest[key]));
  if (!isSound) return undefined;
  try {
    const picture = withoutId(readPicture(facts as Record<string, unknown>));
    const notices = Array.isArray(picture.notices) ? picture.notices : [];
    if (!isObject(picture.recipe)) return undefined;
    return { picture: { ...picture, notices }, file, ...(typeof thumbnail === 'string' && { thumbnail }) };
  } catch (error) {
    console.info('A picture of the backup is not sound.', error);
    return undefined;
  }
}

function readRecent(value: unknown): BackupList['recent'] {
  const all: unknown[] = Array.isArray(value) ? value : [];
  return all.map(toValues).flatMap(({ prompt, negativePrompt }) => {
    return typeof prompt === 'string' && typeof negativePrompt === 'string' ? { prompt, negativePrompt } : [];
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const toValues = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
