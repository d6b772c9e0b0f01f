/** ImageMagick's way to keep EXIF, XMP and IPTC in a PNG: a text of a name, a length and hexadecimal digits. @see ImageMagick coders/png.c */

/** Undefined where the text is none. */
export function readRawProfile(text: string): Uint8Array | undefined {
  const [, length, hex] = /^\s{0,8}\w[\w -]{0,40}\s{1,16}(\d{1,9})\s{1,16}([0-9a-fA-F\s]*)$/.exec(text) ?? [];
  if (hex === undefined) return undefined;
  const digits = hex.replace(/\s+/g, '');
  const count = Math.min(Number(length), digits.length >> 1);
  return Uint8Array.from({ length: count }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
