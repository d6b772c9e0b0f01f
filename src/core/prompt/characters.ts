/** White space, words and numbers as Python's `re` and `float` see them: A1111 and ComfyUI are defined in those terms. */

/** `\s` of Python: without U+FEFF, with the separators 1C to 1F and 85. For the inside of a RegExp. */
export const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';

/** `\w` of Python. Needs the flag u. */
export const WORD = '[\\p{L}\\p{N}_]';

const IS_SPACE = new RegExp(SPACE);

/** Where `word` stands alone, in order. */
export function findWords(text: string, word: string): number[] {
  const pattern = new RegExp(`(?<!${WORD})${word}(?!${WORD})`, 'gu');
  return [...text.matchAll(pattern)].map(({ index }) => index);
}

/** The first place from `at` on without white space. */
export function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && IS_SPACE.test(text.charAt(i))) i++;
  return i;
}

/** The end of `text` up to `end`, without the white space before it. */
export function skipSpaceBack(text: string, end: number): number {
  let i = end;
  while (i > 0 && IS_SPACE.test(text.charAt(i - 1))) i--;
  return i;
}

export function trimSpace(text: string): string {
  return text.slice(skipSpace(text, 0), skipSpaceBack(text, text.length));
}

const FLOAT = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;

/** What `float(text)` gives; undefined where that fails, and for inf and nan, which no picture survives. */
export function parseFloatStrictly(text: string): number | undefined {
  const trimmed = trimSpace(text);
  const value = FLOAT.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : NaN;
  return Number.isFinite(value) ? value : undefined;
}
