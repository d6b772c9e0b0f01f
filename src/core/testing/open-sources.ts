/** Checkpoints as files of a disk, for tests and tools. */
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { AppError } from '../errors';
import type { ByteSource } from '../formats';

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
