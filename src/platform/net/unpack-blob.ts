/** Unpacks what the build has packed: gzip by the browser itself, Zstandard, which hardly any browser has, by a script. */
import { crc32 } from '../../core/bytes/crc32';
import { AppError } from '../../core/errors';

/** First bytes of what each packer writes. */
const GZIP = [0x1f, 0x8b];
const ZSTANDARD = [0x28, 0xb5, 0x2f, 0xfd];

/**
 * Some hosts name the packing of a file as its transfer encoding, so that the browser has undone it: such bytes stay as they are.
 *
 * @param name  what the error calls it
 * @param sum   CRC-32 that the plain file has; gzip brings its own, which the browser checks
 * @throws AppError 'bad-file' where they are damaged
 */
export async function unpackBlob(name: string, blob: Blob, sum?: number): Promise<Blob> {
  try {
    const head = new Uint8Array(await blob.slice(0, ZSTANDARD.length).arrayBuffer());
    const startsWith = (bytes: readonly number[]): boolean => bytes.every((byte, i) => head[i] === byte);
    if (startsWith(GZIP)) return await unpackGzip(blob);
    if (startsWith(ZSTANDARD)) return await unpackZstandard(blob, sum);
    return blob;
  } catch (cause) {
    throw new AppError('bad-file', `${name} cannot be unpacked: it is damaged or incomplete.`, { cause });
  }
}

/** Rejects what its own checksum does not hold for. */
export const unpackGzip = (blob: Blob): Promise<Blob> =>
  new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).blob();

async function unpackZstandard(blob: Blob, sum: number | undefined): Promise<Blob> {
  const { decompress } = await import('fzstd');
  const plain = decompress(new Uint8Array(await blob.arrayBuffer())) as Uint8Array<ArrayBuffer>;
  if (sum !== undefined && crc32(plain) !== sum) throw new Error('Its checksum is another one.');
  return new Blob([plain]);
}
