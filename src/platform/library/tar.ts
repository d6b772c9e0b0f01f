/**
 * A folder as one file: the tar format of POSIX.1-1988 (ustar), whose entries are the files' bytes as they are, so that a Blob of
 * many GB is put together without reading one byte.
 */
import { AppError } from '../../core/errors';

const BLOCK = 512;

export interface TarFile {
  path: string;
  blob: Blob;
}

export function writeTar(files: readonly TarFile[]): Blob {
  const parts: BlobPart[] = [];
  for (const { path, blob } of files) {
    parts.push(header(path, blob.size), blob);
    const rest = blob.size % BLOCK;
    if (rest > 0) parts.push(new Uint8Array(BLOCK - rest));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Blob(parts, { type: 'application/x-tar' });
}

/** @throws AppError 'bad-file' where it is no tar or ends too early */
export async function readTar(name: string, tar: Blob): Promise<TarFile[]> {
  const files: TarFile[] = [];
  for (let at = 0; at + BLOCK <= tar.size;) {
    const block = new Uint8Array(await tar.slice(at, at + BLOCK).arrayBuffer());
    if (block.every((byte) => byte === 0)) return files;
    const text = (from: number, length: number): string =>
      new TextDecoder().decode(block.subarray(from, from + length)).replace(/[\0 ]+$/, '');
    const size = Number.parseInt(text(124, 12), 8);
    const isSound = Number.parseInt(text(148, 8), 8) === checksum(block) && Number.isSafeInteger(size) && size >= 0;
    if (!isSound) throw new AppError('bad-file', `${name}: is no .tar of a pack, or is damaged at byte ${at}`);
    at += BLOCK;
    if (at + size > tar.size)
      throw new AppError('bad-file', `${name}: ends within ${text(0, 100)}; the file is incomplete`);
    if (text(156, 1) === '0' || text(156, 1) === '') files.push({ path: text(0, 100), blob: tar.slice(at, at + size) });
    at += Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function header(path: string, size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const put = (offset: number, text: string): void => block.set(new TextEncoder().encode(text), offset);
  put(0, path.slice(-100));
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${size.toString(8).padStart(11, '0')}\0`); // up to 8 GB; a shard has 256 MB at most
  put(136, '00000000000\0');
  put(156, '0');
  put(257, 'ustar\0' + '00');
  put(148, `${checksum(block).toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** Sum of all bytes, the checksum's own taken as spaces. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}
