/** Bytes out of base64, and into it: the letters of RFC 4648, 4; line ends and the padding may be there or not. */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: ReadonlyMap<string, number> = new Map([...LETTERS].map((letter, value) => [letter, value]));

/** Undefined where another letter is among them, or one alone stands at the end. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const letters = withoutPadding(text.replace(/\s+/g, ''));
  if (letters.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  for (let i = 0, at = 0; i < letters.length; i += 4) {
    let bits = 0;
    for (let j = 0; j < 4; j++) {
      const value = i + j < letters.length ? VALUES.get(letters[i + j]) : 0;
      if (value === undefined) return undefined;
      bits = (bits << 6) | value;
    }
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = bits >> shift;
  }
  return bytes;
}

/** By hand: a pattern looks at runs of signs that are no end again from each of them. */
function withoutPadding(letters: string): string {
  let end = letters.length;
  while (letters[end - 1] === '=') end--;
  return letters.slice(0, end);
}

/** Base64 with padding, on one line. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) text += LETTERS.charAt((bits >> shift) & 63);
  }
  const spare = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - spare) + '='.repeat(spare);
}
