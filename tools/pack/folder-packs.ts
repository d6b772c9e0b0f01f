/** Packs as folders of a disk: what `npm run pack` writes and any web server can offer. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../src/core/errors';
import type { SyncByteSource } from '../../src/core/formats';
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
