/** SHA-256 of bytes that come piece by piece: WebCrypto digests only what is whole in memory. By @noble/hashes. */
import { sha256 as noble } from '@noble/hashes/sha2.js';

const toHex = (digest: Uint8Array): string => Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');

export class Sha256 {
  readonly #hash = noble.create();

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  /** Ends it. @returns 64 hexadecimal digits */
  hex(): string {
    return toHex(this.#hash.digest());
  }
}

/** Of bytes that are whole in memory. @returns 64 hexadecimal digits */
export const sha256 = (bytes: Uint8Array): string => toHex(noble(bytes));
