/** Folders among what was dropped, with all files below them. */
import type { PickedFile } from '../../../engine/library-api';

/** A model has some dozens; a whole disk is not walked through. */
const MOST_FILES = 5000;

/**
 * To be called while the event lasts.
 * @returns undefined where only files were dropped; else all of it, each file with its path from the dropped folder on
 */
export function droppedFolders(data: DataTransfer | null): Promise<PickedFile[]> | undefined {
  const entries = [...(data?.items ?? [])].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (!entries.some((entry) => entry.isDirectory)) return undefined;
  return walk(entries);
}

async function walk(entries: readonly FileSystemEntry[]): Promise<PickedFile[]> {
  const files: PickedFile[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry !== undefined && files.length < MOST_FILES; entry = waiting.shift()) {
    if (entry.isDirectory) waiting.push(...(await children(entry as FileSystemDirectoryEntry)));
    else files.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry as FileSystemFileEntry) });
  }
  return files;
}

/** A reader gives some at a time, and none when it is through. */
async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || all.length > MOST_FILES) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
