/** Pairs that go on over lines, or have something else than commas between them, as one line with commas. */
import { trimSpace } from '../prompt/characters';
import { canonicalKey } from './key-names';
import { KEYS } from './keys';

/** A pair at the start of a line. */
const PAIR_LINE = /^[\s"'`>*-]*([\p{L}\p{N}_][\p{L}\p{N}_ /-]{0,60}):/u;

/** Lines that begin with a known key go on with the pairs, so do those after a comma or an open quote. */
export function joinLines(text: string): { line: string; after: string[] } {
  const [first, ...lines] = text.split('\n').map(trimSpace);
  let line = first;
  for (let i = 0; i < lines.length; i++) {
    const next = lines[i];
    const key = PAIR_LINE.exec(next)?.[1];
    if (isInQuotes(line)) line += `\\n${next}`;
    else if (line.endsWith(',')) line += ` ${next}`;
    else if (key !== undefined && canonicalKey(key) !== undefined) line += `, ${next.replace(/^[>*-]\s*/, '')}`;
    else return { line, after: lines.slice(i) };
  }
  return { line, after: [] };
}

function isInQuotes(line: string): boolean {
  let isOpen = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\') i++;
    else if (line[i] === '"') isOpen = !isOpen;
  }
  return isOpen && /:\s*"/.test(line);
}

/** Longest first, so that "VAE model" is not cut before "model". */
const KEY_WORDS = KEYS.map(({ key }) => key).sort((a, b) => b.length - a.length);
const BEFORE_KEY = new RegExp(
  `(?<!,)[\\s.]+(?=(?:${KEY_WORDS.map((key) => key.replace('/', '\\/')).join('|')}):)`,
  'gi',
);

/** Commas for `|`, `;` and tabs between pairs; where there is nothing, before each key that is known. */
export function spreadPairs(line: string): string {
  const parted = line.replace(/\s*[|;\t]\s*(?=[\p{L}\p{N}_][\p{L}\p{N}_ /-]*:)/gu, ', ');
  return parted === line ? line.replace(BEFORE_KEY, ', ') : parted;
}
