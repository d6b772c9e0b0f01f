/** Long texts made short: deflate, as if it followed a text full of the words that prompts are made of, in base64url. */
import { deflateSync } from 'fflate';
import { inflateRaw } from '../../bytes/inflate';
import { decodeUtf8, encodeUtf8 } from '../../bytes/text-bytes';
import { V1_DICTIONARY } from './link-defaults';

/** What a link may blow up to. */
const MOST_BYTES = 256 * 1024;

const dictionary = encodeUtf8(V1_DICTIONARY);

export function compressText(text: string): string {
  return toBase64Url(deflateSync(encodeUtf8(text), { level: 9, dictionary }));
}

/** Undefined where the letters are damaged, or stand for too much. */
export function decompressText(letters: string): string | undefined {
  const bytes = fromBase64Url(letters);
  const text = bytes && inflateRaw(bytes, MOST_BYTES, dictionary);
  return text && decodeUtf8(text);
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toBase64Url(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const word = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const count = Math.min(4, bytes.length - at + 1);
    for (let i = 0; i < count; i++) letters += LETTERS.charAt((word >> (18 - 6 * i)) & 63);
  }
  return letters;
}

function fromBase64Url(letters: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let [word, bits, at] = [0, 0, 0];
  for (const letter of letters) {
    const value = LETTERS.indexOf(letter);
    if (value === -1) return undefined;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (word >> bits) & 0xff;
    }
  }
  return bytes;
}
