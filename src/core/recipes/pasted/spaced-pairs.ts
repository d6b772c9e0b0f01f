/** "Steps 18 · Sampler Euler a · Seed 77": names and values with nothing between. */
import { isNumberKey, isWholeNumber } from './number-keys';
import { labelOf } from './words-of-labels';

const SPACED = /^[^\n]{0,300}[·•|][^\n]{0,300}$/gm;

/** Lines of such pairs, parted by dots or bars, as A1111 writes pairs; some may have their colons. */
export function spacedPairs(text: string): string {
  if (!/(?<!\p{L})steps[ \t]{0,4}[:=]?[ \t]{0,4}\d/iu.test(text)) return text;
  return text.replace(SPACED, (line) => {
    // Names of models have bars without spaces.
    const pieces = line.split(/\s*[·•]\s*|\s+\|\s+/);
    const spaced = pieces.map((piece) => (piece.includes(':') ? undefined : spacedPair(piece)));
    const pairs = pieces.map((piece, i) => spaced[i] ?? (isPair(piece) ? piece : undefined));
    const isMeant = pairs.length > 2 && spaced.some((pair) => pair !== undefined) && !pairs.includes(undefined);
    return isMeant ? pairs.join(', ') : line;
  });
}

const LEAST_LINES = 3;
const LEAST_NUMBERS = 2;
const IS_SIZE = /^Size: \d{3,5} ?[x×*] ?\d{3,5}$/;

/** "Seed 4711", "Dimensions 640 × 896", "Guidance scale 6.5": lines of them get their colons, at the end and below an empty line. */
export function spacedLines(text: string): string {
  const lines = text.split('\n');
  const pairs = lines.map((line) => (line.includes(':') ? undefined : pairOfLine(line)));
  const runs: { start: number; end: number }[] = [];
  for (const [i, pair] of pairs.entries()) {
    const last = runs[runs.length - 1] as { start: number; end: number } | undefined;
    if (pair === undefined) continue;
    if (last?.end === i) last.end = i + 1;
    else runs.push({ start: i, end: i + 1 });
  }
  const isMeant = ({ start, end }: { start: number; end: number }): boolean =>
    end - start >= LEAST_LINES &&
    (lines[start - 1] ?? '').trim() === '' &&
    lines.slice(end).every((line) => line.trim() === '') &&
    pairs.slice(start, end).filter((pair) => pair !== undefined && isOfNumbers(pair)).length >= LEAST_NUMBERS;
  for (const { start, end } of runs.filter(isMeant))
    for (let i = start; i < end; i++) lines[i] = (pairs[i] ?? '').replace(/(\d) ?[×*] ?(?=\d)/, '$1x');
  return lines.join('\n');
}

function pairOfLine(line: string): string | undefined {
  const pair = spacedPair(line);
  return pair !== undefined && (!isOfNumbers(pair) || IS_SIZE.test(pair) || isNumber(pair)) ? pair : undefined;
}

const keyOf = (pair: string): string => pair.slice(0, pair.indexOf(':'));
const isOfNumbers = (pair: string): boolean => isNumberKey(keyOf(pair)) || keyOf(pair) === 'Size';
const isNumber = (pair: string): boolean =>
  isNumberKey(keyOf(pair)) && isWholeNumber(pair.slice(keyOf(pair).length + 1));

/** "Seed: 77". */
function isPair(piece: string): boolean {
  const [, name] = /^\s{0,8}([^:]{1,40}):\s*\S/.exec(piece) ?? [];
  return name !== undefined && typeof labelOf(name.trim()) === 'object';
}

/** The longest name of a key that the piece begins with; undefined where it begins with none. */
export function spacedPair(piece: string): string | undefined {
  const words = piece.trim().split(/\s+/);
  for (let count = Math.min(3, words.length - 1); count > 0; count--) {
    const key = labelOf(words.slice(0, count).join(' '));
    if (typeof key === 'object') return `${key.key}: ${words.slice(count).join(' ')}`;
  }
  return undefined;
}
