/** What a picture is named by: SHA-256 of its width and height, each a little-endian uint32, and of its RGBA. */
import { Sha256, sha256Beside } from '../math/sha256';
import type { Pixels } from './pixels';

/** @returns 64 hexadecimal digits */
export function pixelHash(pixels: Pixels): string {
  return new Sha256().update(sizeOf(pixels)).update(rgbaOf(pixels)).hex();
}

/** The same without holding up the page where the browser can compute it beside: photos have 50 MB. */
export function pixelHashBeside(pixels: Pixels): Promise<string> {
  const [size, rgba] = [sizeOf(pixels), rgbaOf(pixels)];
  const all = new Uint8Array(size.length + rgba.length);
  all.set(size);
  all.set(rgba, size.length);
  return sha256Beside(all);
}

function sizeOf({ width, height }: Pixels): Uint8Array {
  const size = new DataView(new ArrayBuffer(8));
  size.setUint32(0, width, true);
  size.setUint32(4, height, true);
  return new Uint8Array(size.buffer);
}

const rgbaOf = ({ data }: Pixels): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
