/** The hash of a picture, without holding the page up where the browser can compute it beside. */
import { pixelHash } from '../../../core/image/pixel-hash';
import type { Pixels } from '../../../engine/api';

/** Missing outside of secure contexts. */
type MaybeSubtle = SubtleCrypto | undefined;

/** @returns the hash that `pixelHash` gives */
export async function hashPixels(pixels: Pixels): Promise<string> {
  const subtle = globalThis.crypto.subtle as MaybeSubtle;
  if (!subtle) return pixelHash(pixels);
  const { width, height, data } = pixels;
  const bytes = new Uint8Array(8 + data.length);
  const size = new DataView(bytes.buffer);
  size.setUint32(0, width, true);
  size.setUint32(4, height, true);
  bytes.set(data, 8);
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
