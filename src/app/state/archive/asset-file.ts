/** Pictures to start from, masks and what units see, as files of a backup: PNG with all four channels, to the bit. */
import { zlibSync } from 'fflate';
import { concat } from '../../../core/bytes/concat';
import { crc32 } from '../../../core/bytes/crc32';
import { encodeLatin1 } from '../../../core/bytes/text-bytes';
import { PNG_SIGNATURE } from '../../../core/image/metadata/png';
import { readPngPixels } from '../../../core/image/png-pixels';
import type { Pixels } from '../../../engine/api';

/** Bytes of an RGBA pixel. */
const STEP = 4;
/** "What is stored is the difference to the pixel on the left." @see PNG, third edition, 9.2 */
const SUB = 1;

export function assetName(hash: string): string {
  return `assets/${hash}.png`;
}

/** Not as a canvas writes it: that loses colours under alpha. */
export async function writeAsset({ width, height, data }: Pixels): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  const body = await deflated(rowsOf(data, width * STEP, height));
  return concat([
    encodeLatin1(PNG_SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', body),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Undefined where it is damaged. */
export function readAsset(bytes: Uint8Array): Pixels | undefined {
  const pixels = readPngPixels(bytes);
  return pixels && { ...pixels, data: new Uint8ClampedArray(pixels.data) };
}

function rowsOf(data: Uint8ClampedArray, rowBytes: number, height: number): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array((rowBytes + 1) * height);
  for (let y = 0; y < height; y += 1) {
    const [from, to] = [y * rowBytes, y * (rowBytes + 1) + 1];
    rows[to - 1] = SUB;
    for (let x = 0; x < rowBytes; x += 1) rows[to + x] = data[from + x] - (x < STEP ? 0 : data[from + x - STEP]);
  }
  return rows;
}

/** As zlib has it, beside the page where the browser can: photos have 50 MB. */
async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (typeof CompressionStream === 'undefined') return zlibSync(bytes);
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = concat([encodeLatin1(type), data]);
  const out = new Uint8Array(named.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(named, 4);
  view.setUint32(named.length + 4, crc32(named));
  return out;
}
