/** Long texts made short: deflate, as if it followed a text full of the words that prompts are made of, in base64url. */
import { deflateSync, Inflate } from 'fflate';
import { V1_DICTIONARY } from './link-defaults';

/** What a link may blow up to. */
const MOST_BYTES = 256 * 1024;
const PUSH_BYTES = 1024;

const dictionary = new TextEncoder().encode(V1_DICTIONARY);

export function compressText(text: string): string {
  return toBase64Url(deflateSync(new TextEncoder().encode(text), { level: 9, dictionary }));
}

/** Undefined where the letters are damaged, or stand for too much. */
export function decompressText(letters: string): string | undefined {
  const bytes = fromBase64Url(letters);
  const text = bytes && inflate(bytes);
  return text && decodeUtf8(text);
}

function inflate(bytes: Uint8Array): Uint8Array | undefined {
  const whole = new Uint8Array(MOST_BYTES);
  let size = 0;
  let isWhole = false;
  try {
    const stream = new Inflate({ dictionary }, (chunk, isLast) => {
      if (size + chunk.length <= MOST_BYTES) whole.set(chunk, size);
      size += chunk.length;
      isWhole = isLast;
    });
    for (let at = 0; at < bytes.length && size <= MOST_BYTES; at += PUSH_BYTES)
      stream.push(bytes.subarray(at, at + PUSH_BYTES), at + PUSH_BYTES >= bytes.length);
  } catch (error) {
    // fflate's errors are plain ones; whatever they say, there is no text.
    if (error instanceof Error) return undefined;
    throw error;
  }
  return isWhole && size <= MOST_BYTES ? whole.subarray(0, size) : undefined;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
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
