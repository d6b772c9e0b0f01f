/** A file on a server as a byte source: what is read is fetched by range, so that its header tells what it is. */
import { AppError } from '../../core/errors';
import type { RemoteFile } from '../../core/catalog';
import type { ByteSource } from '../../core/formats';
import { BackOff, Interrupted } from './back-off';
import type { HubOptions } from './hub';
import { contentRange, request } from './request';

/** A header of safetensors has 100 to 400 kB, and is read in two steps. */
const BLOCK_BYTES = 256 * 1024;

/** The server sends whole files only: nothing can be known of this one before it is here. */
export class NoRanges extends Error {}

/** @throws NoRanges when read, or AppError as `request` */
export function rangeSource(file: RemoteFile & { byteLength: number }, options: Omit<HubOptions, 'hub'>): ByteSource {
  const { name, url, byteLength: size } = file;
  let block = { offset: 0, bytes: new Uint8Array() };
  const has = (offset: number, length: number): boolean =>
    offset >= block.offset && offset + length <= block.offset + block.bytes.length;
  return {
    name,
    size,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size)
        throw new RangeError(`${name}: bytes ${offset} to ${offset + length} of ${size}`);
      if (!has(offset, length)) {
        const wanted = Math.min(size - offset, Math.max(length, BLOCK_BYTES));
        block = { offset, bytes: await fetchRange(name, url, { offset, length: wanted }, options) };
      }
      return block.bytes.slice(offset - block.offset, offset - block.offset + length);
    },
  };
}

function fetchRange(
  name: string,
  url: string,
  { offset, length }: { offset: number; length: number },
  { ports, signal, onWait, tries }: Omit<HubOptions, 'hub'>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new BackOff(ports, onWait, tries).run(name, signal, async () => {
    const headers = { Range: `bytes=${offset}-${offset + length - 1}` };
    const { response, pieces, close } = await request(ports, { name, url, signal, headers });
    try {
      if (response.status === 200 && length > BLOCK_BYTES) throw new NoRanges(name);
      const range = contentRange(response);
      if (response.status === 200 && offset > 0) throw new NoRanges(name);
      if (range && range.from !== offset) throw new AppError('changed-file', `${name}: the server sent another range`);
      const bytes = new Uint8Array(length);
      let filled = 0;
      for await (const piece of pieces()) {
        bytes.set(piece.subarray(0, length - filled), filled);
        filled += Math.min(piece.length, length - filled);
        if (filled === length) return bytes; // a server without ranges goes on
      }
      throw new Interrupted('the server ended before the end');
    } finally {
      close();
    }
  });
}
