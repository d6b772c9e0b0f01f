/** Everything the page keeps but its models, as one ZIP file: `restore.ts` takes it back, any program reads the pictures in it. */
import { withoutId } from '../gallery.svelte';
import { KEPT_PICTURES, type Picture } from '../picture';
import { zipEntryName } from '../zip-pictures';

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
  settings: Record<string, unknown>;
  recent: BackupList['recent'];
  styles: Blob;
  onProgress(done: number): void;
}

interface Entry {
  name: string;
  input: Blob;
  lastModified?: Date;
}

/** One after another; a picture whose file cannot be read is left out, and counted. */
export async function* backupEntries(sources: BackupSources, onMissing: () => void): AsyncGenerator<Entry> {
  const list: BackupList['pictures'] = [];
  for (const [i, picture] of sources.pictures.entries()) {
    const lastModified = new Date(picture.madeAt);
    const input = await sources.file(picture.id);
    if (input) {
      const file = `pictures/${zipEntryName(picture)}`;
      yield { name: file, input, lastModified };
      const small = await sources.thumbnail(picture.id);
      const thumbnail = `thumbnails/${zipEntryName(picture).replace(/\.png$/, '.webp')}`;
      if (small) yield { name: thumbnail, input: small, lastModified };
      list.push({ facts: KEPT_PICTURES.stamp(withoutId(picture)), file, ...(small && { thumbnail }) });
    } else onMissing();
    sources.onProgress(i + 1);
  }
  yield { name: STYLES, input: sources.styles };
  const { settings, recent } = sources;
  const all: BackupList = { gesso: 'backup', version: 1, pictures: list, settings, recent };
  yield { name: LIST, input: new Blob([JSON.stringify(all)]) };
}

/** `gesso-backup-2026-11-26.zip` */
export function backupName(now: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `gesso-backup-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}.zip`;
}
