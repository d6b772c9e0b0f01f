/** Everything the page keeps but its models, as one ZIP file: `restore.ts` takes it back, any program reads the pictures in it. */
import type { Pixels } from '../../../engine/api';
import { assetsOf, type Naming } from '../start/assets-of';
import { withoutId } from '../gallery/gallery.svelte';
import { KEPT_PICTURES, type Picture } from '../pictures/picture';
import { zipEntryName } from '../pictures/zip-pictures';
import { assetName, writeAsset } from './asset-file';
import { sketchEntries } from './sketch-files';
import { WORDS } from './word-file';

/** The file that says what belongs together. */
export const LIST = 'gesso-backup.json';
export const STYLES = 'styles.csv';

/** What `LIST` holds. */
export interface BackupList {
  gesso: 'backup';
  version: 1;
  /** Facts of each picture as they are kept, and where its files are. */
  pictures: { facts: Record<string, unknown>; file: string; thumbnail?: string }[];
  /** The form and what the person likes, as it is kept. */
  settings: Record<string, unknown>;
  /** Prompts used last, the last first. */
  recent: { prompt: string; negativePrompt: string }[];
}

export interface BackupSources {
  pictures: readonly Picture[];
  file(id: number): Promise<Blob | undefined>;
  thumbnail(id: number): Promise<Blob | undefined>;
  /** A picture to start from, a mask, or what a unit sees. */
  asset(hash: string): Promise<Pixels | undefined>;
  /** The settings, as `KEPT_FORM` stamps them. */
  settings: Record<string, unknown>;
  /** Pictures that the form names. */
  form: Naming;
  recent: BackupList['recent'];
  /** Colours of sketches, for the eraser. */
  sketches?: Parameters<typeof sketchEntries>[0] | undefined;
  styles: Blob;
  /** Lists that prompts draw from, and words to be offered. */
  words?: Blob | undefined;
  onProgress(done: number): void;
}

interface Entry {
  name: string;
  input: Uint8Array<ArrayBuffer> | Blob;
  lastModified?: Date;
}

/** What is left out, each told once: a picture, or one that others start from. */
export type OnMissing = (what: 'picture' | 'asset') => void;

/** One after another; whatever cannot be read is left out, and told. */
export async function* backupEntries(sources: BackupSources, onMissing: OnMissing): AsyncGenerator<Entry> {
  const list: BackupList['pictures'] = [];
  const named = new Set<string>();
  for (const [i, picture] of sources.pictures.entries()) {
    const lastModified = new Date(picture.madeAt);
    const input = await bytesOf(sources.file(picture.id));
    if (input) {
      const file = `pictures/${zipEntryName(picture)}`;
      yield { name: file, input, lastModified };
      const small = await bytesOf(sources.thumbnail(picture.id));
      const thumbnail = `thumbnails/${zipEntryName(picture).replace(/\.png$/, '.webp')}`;
      if (small) yield { name: thumbnail, input: small, lastModified };
      yield* assetEntries(picture.request, { sources, named, onMissing });
      list.push({ facts: KEPT_PICTURES.stamp(withoutId(picture)), file, ...(small && { thumbnail }) });
    } else onMissing('picture');
    sources.onProgress(i + 1);
  }
  yield* assetEntries(sources.form, { sources, named, onMissing });
  if (sources.sketches) yield* sketchEntries(sources.sketches, named);
  yield { name: STYLES, input: sources.styles };
  if (sources.words) yield { name: WORDS, input: sources.words };
  const { settings, recent } = sources;
  const all: BackupList = { gesso: 'backup', version: 1, pictures: list, settings, recent };
  yield { name: LIST, input: new Blob([JSON.stringify(all)]) };
}

interface Assets {
  sources: BackupSources;
  /** Those that are in it, or are told to be missing. */
  named: Set<string>;
  onMissing: OnMissing;
}

async function* assetEntries(naming: Naming, { sources, named, onMissing }: Assets): AsyncGenerator<Entry> {
  for (const hash of assetsOf(naming)) {
    if (named.has(hash)) continue;
    named.add(hash);
    const input = await tried(async () => {
      const pixels = await sources.asset(hash);
      return pixels && (await writeAsset(pixels));
    });
    if (input) yield { name: assetName(hash), input };
    else onMissing('asset');
  }
}

/** Undefined where it is not here, or the disk does not give it: that is seen only when all of it has been read. */
function bytesOf(file: Promise<Blob | undefined>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return tried(async () => {
    const blob = await file;
    return blob && new Uint8Array(await blob.arrayBuffer());
  });
}

async function tried<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    console.info('A file is left out of the backup.', error);
    return undefined;
  }
}

/** `gesso-backup-2026-11-26.zip` */
export function backupName(now: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `gesso-backup-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}.zip`;
}
