/** SHA-256 of bytes that come piece by piece: WebCrypto digests only what is whole in memory. By @noble/hashes. */
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

export class Sha256 {
  readonly #hash = noble.create();

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  /** Ends it. @returns 64 hexadecimal digits */
  hex(): string {
    return bytesToHex(this.#hash.digest());
  }
}

/** The hash of bytes that are whole in memory. @returns 64 hexadecimal digits */
export const sha256 = (bytes: Uint8Array): string => bytesToHex(noble(bytes));
