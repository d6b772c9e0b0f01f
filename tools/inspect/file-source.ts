/** Files of this computer as sources that are read by range, so that a checkpoint of any size may be asked about. */
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ByteSource } from '../../src/core/formats';
import { UsageError } from './arguments';

export interface OpenFiles {
  sources: ByteSource[];
  close(): Promise<void>;
}

/**
 * @param path a file, or a folder with all that is below it
 * @throws UsageError where there is nothing at the path
 */
export async function openPath(path: string): Promise<OpenFiles> {
  const kind = await stat(path).catch((error: unknown) => {
    throw new UsageError(`"${path}" cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  });
  const paths = kind.isDirectory() ? await filesBelow(path) : [path];
  const handles: FileHandle[] = [];
  const sources: ByteSource[] = [];
  for (const file of paths) {
    const handle = await open(file, 'r');
    handles.push(handle);
    const name = kind.isDirectory() ? relative(path, file) : file;
    sources.push(handleSource(name.split(sep).join('/'), handle, (await handle.stat()).size));
  }
  return { sources, close: async () => void (await Promise.all(handles.map((handle) => handle.close()))) };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

function handleSource(name: string, handle: FileHandle, size: number): ByteSource {
  return {
    name,
    size,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size)
        throw new RangeError(`${name}: bytes ${offset} to ${offset + length} of ${size}`);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) throw new RangeError(`${name}: ends at byte ${offset + done}`);
        done += bytesRead;
      }
      return bytes;
    },
  };
}
