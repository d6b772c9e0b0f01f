/** What a picture is named by: SHA-256 of its width and height, each a little-endian uint32, and of its RGBA. */
import { Sha256 } from '../math/sha256';
import type { Pixels } from './pixels';

/** @returns 64 hexadecimal digits */
export function pixelHash({ width, height, data }: Pixels): string {
  const size = new DataView(new ArrayBuffer(8));
  size.setUint32(0, width, true);
  size.setUint32(4, height, true);
  const rgba = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Sha256().update(new Uint8Array(size.buffer)).update(rgba).hex();
}
