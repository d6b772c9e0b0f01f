/** Pairs that go on over lines, or have something else than commas between them, as one line with commas. */
import { trimSpace } from '../../prompt/characters';
import { canonicalKey } from './key-names';
import { KEYS } from './keys';
import { scanPairs } from './scan-pairs';

/** A pair at the start of a line. */
const PAIR_LINE = /^[\s"'`>*-]*([\p{L}\p{N}_][\p{L}\p{N}_ /-]{0,60}):/u;

/** Lines of pairs that a text is broken into. */
const MOST_LINES = 400;

/** Lines that begin with a known key go on with the pairs, so do those after a comma or an open quote. */
export function joinLines(text: string): { line: string; after: string[] } {
  const lines = text.split('\n').map(trimSpace);
  const parts = [lines[0]];
  let isOpen = isInQuotes(lines[0], false);
  let at = 1;
  for (; at < Math.min(lines.length, MOST_LINES) && (lines[at] !== '' || isOpen); at++) {
    const next = lines[at];
    const key = PAIR_LINE.exec(next)?.[1];
    if (isOpen) parts.push(`\\n${next}`);
    else if (lines[at - 1].endsWith(',') || isCutAtColon(lines[at - 1], next)) parts.push(` ${next}`);
    else if (goesOn(lines[at - 1], key, next)) parts.push(` ${next}`);
    else if (key !== undefined && isKey(key)) parts.push(`, ${next.replace(/^[>*-]\s*/, '')}`);
    else break;
    isOpen = isInQuotes(next, isOpen);
  }
  return { line: parts.join(''), after: lines.slice(at) };
}

/** "Size:", and its value on the next line. */
const isCutAtColon = (line: string, next: string): boolean =>
  /^\d[\d.x×]*(?:,|$)/.test(next) &&
  canonicalKey(/(?:^|,)\s{0,4}([\p{L} ]{1,40}):$/u.exec(line)?.[1] ?? '') !== undefined;

/** Whether it is a key: on lines of their own, width and height have no size around them. */
const isKey = (key: string): boolean => canonicalKey(key) !== undefined || /^(width|height)$/i.test(key);

/** A line that was broken inside a key ("CFG", "scale: 7"), or inside a value with more pairs behind it. */
function goesOn(line: string, key: string | undefined, next: string): boolean {
  const [, word = ''] = /(?:^|, )([\p{L} ]{1,40})$/u.exec(line) ?? [];
  if (key !== undefined && word !== '' && canonicalKey(`${word} ${key}`) !== undefined) return true;
  if (key !== undefined && isKey(key)) return false;
  return scanPairs(next).filter((pair) => canonicalKey(pair.key) !== undefined).length > 1;
}

/** Whether a quote is open after this piece; one that opens follows a colon. */
function isInQuotes(piece: string, wasOpen: boolean): boolean {
  let isOpen = wasOpen;
  for (let i = 0; i < piece.length; i++) {
    if (piece[i] === '\\') i++;
    else if (piece[i] === '"') isOpen = !isOpen && /:\s{0,4}$/.test(piece.slice(Math.max(0, i - 5), i));
  }
  return isOpen;
}

/** Longest first, so that "VAE model" is not cut before "model". */
const KEY_WORDS = KEYS.map(({ key }) => key).sort((a, b) => b.length - a.length);
/** Each key with its colon, so that "steps" is not found in "Hires steps". */
const KNOWN_KEY = new RegExp(
  `(^|,\\s{0,4}|[\\s.]{1,4})((?:${KEY_WORDS.map((key) => key.replace('/', '\\/')).join('|')}):)`,
  'gi',
);

/** Commas for `|`, `;` and tabs between pairs; where there is nothing, before each key that is known. */
export function spreadPairs(line: string): string {
  const parted = line.replace(
    /(?:\s{0,8}[|;\t]\s{0,8}|\s{1,8}[/·•]\s{1,8})(?=[\p{L}\p{N}_][\p{L}\p{N}_ /-]*:)/gu,
    ', ',
  );
  if (parted !== line) return parted;
  return line.replace(KNOWN_KEY, (whole, before: string, key: string) => (/^[\s.]/.test(before) ? `, ${key}` : whole));
}
