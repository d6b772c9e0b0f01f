/** Bytes that are text in one of the encodings that pictures use. */

const CHUNK = 8192;

/** Text with one character a byte. */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

export function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

/** Takes only texts that isLatin1 lets through. */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true });

/** Undefined where the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Text with U+FFFD for what is no UTF-8. */
export function decodeUtf8Leniently(bytes: Uint8Array): string {
  return LENIENT.decode(bytes);
}

/** @param label  of the Encoding Standard @returns undefined where the bytes are none, or the platform lacks it */
export function decodeAs(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What Windows-1252 has from 128 to 159; "\0" where that is nothing. @see Encoding Standard, index-windows-1252 */
const WINDOWS = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';

/**
 * Latin-1; where it has controls, which no text has, the quotes and dashes that Windows has there. By hand: some versions of
 * Node decode "windows-1252" as Latin-1.
 */
export function decodeWindows(bytes: Uint8Array): string {
  return decodeLatin1(bytes).replace(/[\u0080-\u009f]/g, (control) => {
    const own = WINDOWS.charAt(control.charCodeAt(0) - 0x80);
    return own === '\0' ? control : own;
  });
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** A last odd byte is left out; halves of surrogate pairs stay as they are. */
export function decodeUtf16(bytes: Uint8Array, isLittleEndian: boolean): string {
  const [high, low] = isLittleEndian ? [1, 0] : [0, 1];
  const units = Array.from({ length: bytes.length >> 1 }, (_, i) => (bytes[2 * i + high] << 8) | bytes[2 * i + low]);
  let text = '';
  for (let at = 0; at < units.length; at += CHUNK) text += String.fromCharCode(...units.slice(at, at + CHUNK));
  return text;
}

export function encodeUtf16Be(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[2 * i] = text.charCodeAt(i) >> 8;
    bytes[2 * i + 1] = text.charCodeAt(i) & 0xff;
  }
  return bytes;
}

/** Four characters that name a chunk or a box. */
export function tagAt(bytes: Uint8Array, at: number): string {
  return decodeLatin1(bytes.subarray(at, at + 4));
}

/** Whether `text` stands at this place, a byte a character. */
export function startsWithAt(bytes: Uint8Array, at: number, text: string): boolean {
  return at + text.length <= bytes.length && decodeLatin1(bytes.subarray(at, at + text.length)) === text;
}
