/** The settings on a line of a post, however they are parted, and their values without what people say beside them. */
import { trimSpace } from '../../prompt/characters';
import { spreadPairs } from '../../recipe/infotext/loose-pairs';
import { scanPairs, type Pair } from '../../recipe/infotext/scan-pairs';
import { isNumberKey } from './number-keys';
import { spacedPair } from './spaced-pairs';
import { labelOf } from './words-of-labels';

export interface PostSettings {
  pairs: Pair[];
  unread: string[];
}

interface Kind {
  isSpaced?: boolean;
}

/** Quotes and brackets, and what may stand between pairs. */
const MARK = /\\.|["[\]{}]|[ \t]{0,8}[|·•][ \t]{0,8}|[ \t]{1,8}[-–—][ \t]{1,8}/g;
const SIZE = /^\d{2,5} ?[x×*] ?\d{2,5}$/;
const SIZE_FIRST = /^\d{2,5} ?[x×*] ?\d{2,5}[ \t]{0,8}(?=$|[|·•,]|[-–—][ \t])/;
/** Small pictures before a name. */
const SIGNS = /^[^\p{L}\p{N}"'(<[{-]{1,12}/u;
const PAIR = /^(\p{L}[\p{L}\p{N} _/×().-]{0,40}?)[ \t]*[:：][ \t]*(.*)$/u;
const NAME = /^(\p{L}[\p{L}\p{N} _/×().-]{0,40}?)[ \t]{0,8}[:：]/u;
/** The line of parameters of A1111. */
const OF_A1111 = /^Steps: \d+, /;
/** Longest beginning that tells what a piece is. */
const LONGEST_BEGINNING = 80;

/**
 * Pairs with commas, bars, dots or dashes between them; a size may stand without its name.
 *
 * @param kind.isSpaced names may have nothing but a space behind them
 */
export function postSettings(line: string, kind: Kind = {}): PostSettings {
  const unread: string[] = [];
  const pieces = piecesOf(line, kind);
  if (pieces.length === 1 && OF_A1111.test(line)) return { pairs: scanPairs(line), unread };
  const parts = kind.isSpaced && !/\p{L}[ \t]*:/u.test(line) ? pieces.flatMap((piece) => piece.split(',')) : pieces;
  const isSpaced = kind.isSpaced === true || pieces.length > 1;
  const pairs = parts.flatMap((part) => pairsOf(trimSpace(part.replace(SIGNS, '')), isSpaced, unread));
  return {
    pairs: pairs.map(({ key, value }) => ({ key: keyOf(key), value: plainValue(keyOf(key), value, unread) })),
    unread,
  };
}

/** Cut only where a setting begins, and in no quotes and no lists: names of models have bars and dashes, too. */
function piecesOf(line: string, kind: Kind): string[] {
  const pieces: string[] = [];
  let from = 0;
  let depth = 0;
  let isQuoted = false;
  for (const { 0: mark, index } of line.matchAll(MARK)) {
    if (mark === '"') isQuoted = !isQuoted && /:\s{0,4}$/.test(line.slice(Math.max(0, index - 5), index));
    else if (isQuoted || mark.startsWith('\\')) continue;
    else if (mark === '[' || mark === '{') depth++;
    else if (mark === ']' || mark === '}') depth = Math.max(0, depth - 1);
    else if (depth === 0 && isSetting(line.substr(index + mark.length, LONGEST_BEGINNING), kindAt(mark, kind))) {
      pieces.push(line.slice(from, index));
      from = index + mark.length;
    }
  }
  return [...pieces, line.slice(from)];
}

/** Between bars and dots a name may have nothing behind it: "Sampler: Euler a | CFG 7". */
const kindAt = (mark: string, kind: Kind): Kind => (/[·•]|\s\|\s/.test(mark) ? { isSpaced: true } : kind);

function isSetting(beginning: string, { isSpaced }: Kind): boolean {
  const bare = beginning.replace(SIGNS, '');
  if (SIZE_FIRST.test(bare)) return true;
  const word = NAME.exec(bare)?.[1];
  if (word !== undefined && typeof labelOf(word) === 'object') return true;
  return isSpaced === true && spacedPair(bare) !== undefined;
}

function pairsOf(piece: string, isSpaced: boolean, unread: string[]): Pair[] {
  if (piece === '') return [];
  if (SIZE.test(piece)) return [{ key: 'Size', value: piece }];
  const spaced = isSpaced ? PAIR.exec(spacedPair(piece) ?? '') : null;
  if (spaced && !PAIR.test(piece)) return [{ key: spaced[1], value: spaced[2] }];
  const found = knownPairs(piece);
  const [, word, value] = PAIR.exec(piece) ?? [];
  // What a person says behind a comma belongs to the value; a word of one letter is none of A1111's keys.
  if (word !== undefined && value !== '' && found.length < 2) return [{ key: trimSpace(word), value }];
  if (found.length === 0) unread.push(piece);
  return found;
}

/** As A1111 cuts them; otherwise only where that finds too few, and the first stays the same. */
function knownPairs(piece: string): Pair[] {
  const plain = withValues(scanPairs(piece));
  if (countKnown(plain) > 1) return plain;
  const spread = withValues(scanPairs(spreadPairs(piece)));
  const isMore = countKnown(spread) > countKnown(plain) && (plain.length === 0 || spread[0].key === plain[0].key);
  return isMore ? spread : plain;
}

const withValues = (pairs: readonly Pair[]): Pair[] => pairs.filter(({ value }) => value !== '');
const countKnown = (pairs: readonly Pair[]): number =>
  pairs.filter(({ key }) => typeof labelOf(key) === 'object').length;

function keyOf(key: string): string {
  const label = labelOf(key);
  return typeof label === 'object' ? label.key : trimSpace(key);
}

const NAMES: ReadonlySet<string> = new Set(['Sampler', 'Schedule type']);

/** Whether the value is none that the key can have: words of a prompt look like settings. */
export const isNoValue = ({ key, value }: Pair): boolean =>
  (isNumberKey(key) || key === 'Size') && !/^["'x]?[-+.]?\d/.test(value);

/** Without marks of code, remarks, and what is said about a number behind it. Of several samplers the first is taken. */
function plainValue(key: string, value: string, unread: string[]): string {
  if (/^["[{]/.test(value)) return value;
  const [, remark] = /[ \t](?:#|\/\/)[ \t](.*)$/.exec(value) ?? [];
  if (remark !== undefined && !isNumberKey(key)) unread.push(trimSpace(remark));
  const plain = withoutTicks(trimSpace(value.replace(/[ \t](?:#|\/\/)[ \t].*$/, '').replace(/,+$/, '')));
  if (key === 'Size') {
    const [, width, height] = /^(\d{2,5}) ?[x×*] ?(\d{2,5})(?!\d)/.exec(plain.replaceAll('`', '')) ?? [];
    return width === undefined ? plain : `${width}x${height}`;
  }
  if (isNumberKey(key)) return /^(-?\d+(?:\.\d+)?)(?=[ \t]+[(\p{L}])/u.exec(plain)?.[1] ?? plain;
  if (!NAMES.has(key)) return plain;
  const [first, ...others] = plain.replace(/[ \t]+\([^()\n]*\)$/, '').split(/[ \t]+(?:or|oder|ou|или|または|或)[ \t]+/);
  unread.push(...others);
  return first;
}

export const withoutTicks = (value: string): string => /^`+([^`]+)`+,?$/.exec(value)?.[1] ?? value;
