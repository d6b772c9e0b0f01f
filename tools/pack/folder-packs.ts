/** Packs as folders of a disk: what `npm run pack` writes and any web server can offer. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { AppError } from '../../src/core/errors';
import type { ByteSource, SyncByteSource } from '../../src/core/formats';
import type { OpenPack, Pack, PackDraft } from '../../src/core/packs';

export const PACK_FILE = 'pack.json';

/** @param folder  of one pack */
export async function openFolderPack(folder: string): Promise<OpenPack & { dispose(): void }> {
  const pack = JSON.parse(await readFile(join(folder, PACK_FILE), 'utf8')) as Pack;
  const handles: number[] = [];
  return {
    pack,
    shard(file) {
      const path = join(folder, file);
      const handle = openSync(path, 'r');
      handles.push(handle);
      return Promise.resolve(fileSyncSource(path, handle));
    },
    dispose: () => handles.splice(0).forEach((handle) => closeSync(handle)),
  };
}

function fileSyncSource(name: string, handle: number): SyncByteSource {
  const { size } = statSync(name);
  return {
    name,
    size,
    readSync(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size)
        throw new RangeError(`${name}: bytes ${offset} to ${offset + length} of ${size}`);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const count = readSync(handle, bytes, done, length - done, offset + done);
        if (count === 0) throw new AppError('bad-file', `${name}: ended at byte ${offset + done}`);
        done += count;
      }
      return bytes;
    },
  };
}

/** Writes beside `folder` and takes its place at commit. */
export async function createFolderPack(folder: string): Promise<PackDraft> {
  const draft = join(dirname(folder), `.${basename(folder)}.unfinished`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  return {
    addShard: (file, bytes) => writeFile(join(draft, file), bytes),
    async commit(pack) {
      await writeFile(join(draft, PACK_FILE), JSON.stringify(pack));
      await rm(folder, { recursive: true, force: true });
      await rename(draft, folder);
    },
    abort: () => rm(draft, { recursive: true, force: true }),
  };
}

/** Files that may be part of a checkpoint's folder. */
const MODEL_FILE = /\.(safetensors|ckpt|pt|pth|bin|json|ya?ml)$/i;

/** One file, or all model files of a folder with their paths within it as names. */
export async function openSources(path: string): Promise<{ sources: ByteSource[]; dispose(): Promise<void> }> {
  const isFolder = (await stat(path).catch(() => missing(path))).isDirectory();
  const files = isFolder
    ? (await readdir(path, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && MODEL_FILE.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [path];
  const opened: { source: ByteSource; handle: FileHandle }[] = [];
  for (const file of files) {
    const handle = await open(file);
    const name = isFolder ? relative(path, file).split(sep).join('/') : basename(file);
    opened.push({ source: fileSource(name, handle, (await handle.stat()).size), handle });
  }
  return {
    sources: opened.map(({ source }) => source),
    async dispose() {
      for (const { handle } of opened) await handle.close();
    },
  };
}

function missing(path: string): never {
  throw new AppError('missing-file', `${path}: no such file or folder`);
}

function fileSource(name: string, handle: FileHandle, size: number): ByteSource {
  return {
    name,
    size,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size)
        throw new RangeError(`${name}: bytes ${offset} to ${offset + length} of ${size}`);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) throw new AppError('bad-file', `${name}: ended at byte ${offset + done}`);
        done += bytesRead;
      }
      return bytes;
    },
  };
}
