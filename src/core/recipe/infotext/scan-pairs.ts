/**
 * The parameter line of an infotext, cut into keys and values as A1111's regular expression cuts it, in one pass.
 *
 * @see A1111 modules/infotext_utils.py, re_param: \s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)
 */
import { WORD, skipSpace } from '../../prompt/characters';
import { jsonEnd } from '../json-end';

export interface Pair {
  key: string;
  /** The value as written, with its quotes. */
  value: string;
}

const WORD_CHARACTER = new RegExp(`^${WORD}$`, 'u');
const ASCII_WORD = Array.from({ length: 128 }, (_, code) => WORD_CHARACTER.test(String.fromCharCode(code)));

/** Values that look like JSON are tried so often: each try may read the whole line. */
const JSON_TRIES = 16;

/** All pairs, in order. Some sites append JSON without quotes: such a value is taken whole. */
export function scanPairs(line: string): Pair[] {
  const pairs: Pair[] = [];
  let jsonTries = JSON_TRIES;
  let from = 0;
  for (let colon = line.indexOf(':'); colon !== -1; colon = line.indexOf(':', Math.max(from, colon + 1))) {
    const key = keyBefore(line, from, colon);
    if (key === undefined) continue;
    const start = skipSpace(line, colon + 1);
    const isJson = /[[{]/.test(line.charAt(start)) && jsonTries-- > 0;
    const end = (isJson ? jsonEnd(line, start) : quotedEnd(line, start)) ?? commaAfter(line, start);
    pairs.push({ key, value: line.slice(start, end) });
    from = commaAfter(line, end) + 1;
  }
  return pairs;
}

/** A key has at least two characters up to the colon: letters, digits, `_`, space, `-` and `/`; the first no sign and no space. */
function keyBefore(line: string, from: number, colon: number): string | undefined {
  let at = colon;
  let first: number | undefined;
  for (let count = 1; at > from; count++) {
    const width = at - 2 >= from && isLowSurrogate(line, at - 1) ? 2 : 1;
    const character = line.slice(at - width, at);
    const isWord = ASCII_WORD[character.charCodeAt(0)] ?? WORD_CHARACTER.test(character);
    if (!isWord && character !== ' ' && character !== '-' && character !== '/') break;
    at -= width;
    if (isWord && count > 1) first = at;
  }
  return first === undefined ? undefined : line.slice(first, colon);
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Place after the closing quote, where a comma or the end follows it; quotes with nothing in them do not count. */
function quotedEnd(line: string, start: number): number | undefined {
  if (line.charAt(start) !== '"') return undefined;
  for (let i = start + 1; i < line.length; i++) {
    const character = line.charAt(i);
    if (character === '\\') i++;
    else if (character === '"') {
      const isWhole = i > start + 1 && (i + 1 === line.length || line.charAt(i + 1) === ',');
      return isWhole ? i + 1 : undefined;
    }
  }
  return undefined;
}

function commaAfter(line: string, at: number): number {
  const comma = line.indexOf(',', at);
  return comma === -1 ? line.length : comma;
}
