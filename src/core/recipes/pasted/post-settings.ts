/** The settings on a line of a post, however they are parted, and their values without what people say beside them. */
import { trimSpace } from '../../prompt/characters';
import { canonicalKey } from '../../recipe/infotext/key-names';
import { spreadPairs } from '../../recipe/infotext/loose-pairs';
import { scanPairs, type Pair } from '../../recipe/infotext/scan-pairs';
import { spacedPair } from './spaced-pairs';
import { labelOf } from './words-of-labels';

export interface PostSettings {
  pairs: Pair[];
  unread: string[];
}

const BETWEEN = /[ \t]*[|·•][ \t]*|[ \t]+[-–—][ \t]+/;
const SIZE = /^\d{2,5} ?[x×*] ?\d{2,5}$/;
/** Small pictures before a name. */
const SIGNS = /^[^\p{L}\p{N}"'(<[{-]{1,12}/u;
const PAIR = /^(\p{L}[\p{L}\p{N} _/×().-]{0,40}?)[ \t]*[:：][ \t]*(.*)$/u;

/**
 * Pairs with commas, bars, dots or dashes between them; a size may stand without its name.
 *
 * @param options.isHires  they are of the second pass, whatever they are called
 * @param options.isSpaced names may have nothing but a space behind them
 */
export function postSettings(line: string, { isHires = false, isSpaced = false } = {}): PostSettings {
  const unread: string[] = [];
  const pieces = line.split(BETWEEN);
  const parts = isSpaced && !/\p{L}[ \t]*:/u.test(line) ? pieces.flatMap((piece) => piece.split(',')) : pieces;
  const pairs = parts.flatMap((part) => pairsOf(trimSpace(part.replace(SIGNS, '')), isSpaced, unread));
  const named = pairs.map(({ key, value }) => ({ key: keyOf(key), value: plainValue(keyOf(key), value, unread) }));
  return isHires ? { pairs: ofHires(named, unread), unread: [] } : { pairs: named, unread };
}

function pairsOf(piece: string, isSpaced: boolean, unread: string[]): Pair[] {
  if (piece === '') return [];
  if (SIZE.test(piece)) return [{ key: 'Size', value: piece }];
  const spaced = isSpaced ? PAIR.exec(spacedPair(piece) ?? '') : null;
  if (spaced && !PAIR.test(piece)) return [{ key: spaced[1], value: spaced[2] }];
  const found = scanPairs(spreadPairs(piece)).filter(({ value }) => value !== '');
  const [, word, value] = PAIR.exec(piece) ?? [];
  // A value with commas in it is one where no known key follows.
  const isOne = word !== undefined && found.slice(1).every(({ key }) => labelOf(key) === undefined);
  if (isOne && value !== '') return [{ key: trimSpace(word), value }];
  if (found.length === 0) unread.push(piece);
  return found;
}

function keyOf(key: string): string {
  const label = labelOf(key);
  return typeof label === 'object' ? label.key : trimSpace(key);
}

const NUMBERS: ReadonlySet<string> = new Set(
  'Steps,CFG scale,Seed,Clip skip,Denoising strength,width,height,Hires upscale,Hires steps,ENSD,Eta'.split(','),
);
const NAMES: ReadonlySet<string> = new Set(['Sampler', 'Schedule type']);

/** Without marks of code, remarks, and what is said about a number behind it. Of several samplers the first is taken. */
function plainValue(key: string, value: string, unread: string[]): string {
  const plain = withoutTicks(trimSpace(value.replace(/[ \t]+(?:#|\/\/)[ \t].*$/, '').replace(/,+$/, '')));
  if (key === 'Size') {
    const [, width, height] = /^(\d{2,5}) ?[x×*] ?(\d{2,5})(?!\d)/.exec(plain) ?? [];
    return width === undefined ? plain : `${width}x${height}`;
  }
  if (NUMBERS.has(key)) return /^(-?\d+(?:\.\d+)?)(?=[ \t]+[(\p{L}])/u.exec(plain)?.[1] ?? plain;
  if (!NAMES.has(key)) return plain;
  const [first, ...others] = plain.replace(/[ \t]+\([^()\n]*\)$/, '').split(/[ \t]+(?:or|oder|ou|или|または|或)[ \t]+/);
  unread.push(...others);
  return first;
}

export const withoutTicks = (value: string): string => /^`+([^`]+)`+,?$/.exec(value)?.[1] ?? value;

/** What a line that begins with "Hires. fix:" says. */
function ofHires(pairs: readonly Pair[], unread: readonly string[]): Pair[] {
  const named = pairs.flatMap(({ key, value }): Pair[] => {
    const own = canonicalKey(`Hires ${key}`) ?? (/^(?:hires |denoising)/i.test(key) ? key : undefined);
    return own === undefined ? [] : [{ key: own, value: value.replace(/^x[ \t]*/i, '') }];
  });
  const [, factor] = /\bupscale[ \t]*(?:by[ \t]*)?x?[ \t]*(\d(?:\.\d+)?)\b/i.exec(unread.join(' | ')) ?? [];
  const upscaler = unread.find((piece) => !/^(?:upscale\b|on$|yes$|true$|enabled$)/i.test(piece));
  return [
    ...named,
    ...(factor === undefined ? [] : [{ key: 'Hires upscale', value: factor }]),
    ...(upscaler === undefined ? [] : [{ key: 'Hires upscaler', value: upscaler }]),
  ];
}
