/** What is typed for an axis, to its values. @see A1111 scripts/xyz_grid.py, process_axis */
import { AppError } from '../../errors';

/** More than anyone waits for, and than a sheet can hold. */
const MOST_VALUES = 200;

/** Commas divide; quotes hold commas, doubled ones are one; blanks around values do not count. */
export function splitList(text: string): string[] {
  const values: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"\s*|([^,\n]*))(?:[,\n]|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) break;
    const [, quoted, plain = ''] = match;
    if (plain.startsWith('"'))
      throw new AppError('bad-request', `A quotation mark is not closed: ${plain.slice(0, 60)}`);
    values.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
  }
  return values.filter((value) => value !== '');
}

const NUMBER = '[+-]?\\s*\\d+(?:\\.\\d*)?|[+-]?\\s*\\.\\d+';
const STEPPED = new RegExp(`^(${NUMBER})\\s*-\\s*(${NUMBER})(?:\\s*\\(\\s*([+-]\\d*\\.?\\d+)\\s*\\))?$`);
const COUNTED = new RegExp(`^(${NUMBER})\\s*-\\s*(${NUMBER})\\s*\\[\\s*(\\d+)\\s*\\]$`);
/** So that 0-1 (+0.1) reaches its end in spite of binary fractions. */
const SLACK = 1e-9;
/** A1111 rounds what it shows to so many digits. */
const DIGITS = 8;

/**
 * `3`, `1-5`, `1-10 (+2)`, `10-1 (-3)`, `1-10 [5]`; both ends belong to a range, nothing lies beyond them.
 *
 * @throws AppError 'bad-request' naming the word that is no number
 */
export function parseNumbers(text: string, isWhole: boolean): number[] {
  const numbers = splitList(text).flatMap((word) => readRange(word, isWhole) ?? [readNumber(word)]);
  if (numbers.length > MOST_VALUES)
    throw new AppError('bad-request', `${numbers.length} values are too many: at most ${MOST_VALUES}.`);
  return numbers;
}

function readNumber(word: string): number {
  const value = Number(word);
  if (Number.isFinite(value)) return value;
  throw new AppError('bad-request', `"${word}" is no number and no range: write 7, 1-5, 1-10 (+2) or 1-10 [5].`);
}

function readRange(word: string, isWhole: boolean): number[] | undefined {
  const counted = COUNTED.exec(word);
  if (counted) return spaced(toNumber(counted[1]), toNumber(counted[2]), Number(counted[3]), isWhole);
  const stepped = STEPPED.exec(word);
  if (!stepped) return undefined;
  const [from, to] = [toNumber(stepped[1]), toNumber(stepped[2])];
  const step = stepped[3] === undefined ? 1 : Number(stepped[3]);
  if (step === 0) throw new AppError('bad-request', `"${word}" goes on without end: its step is 0.`);
  const count = Math.max(0, Math.floor((to - from) / step + SLACK) + 1);
  assertFew(word, count);
  return Array.from({ length: count }, (_, i) => rounded(from + i * step));
}

/** Evenly spaced numbers as numpy's linspace has them; whole numbers are cut off, not rounded, as Python's int() does it. */
function spaced(from: number, to: number, count: number, isWhole: boolean): number[] {
  assertFew(`${from}-${to} [${count}]`, count);
  const values = Array.from({ length: count }, (_, i) => (count === 1 ? from : from + ((to - from) * i) / (count - 1)));
  return values.map((value) => (isWhole ? Math.trunc(value + SLACK) : rounded(value)));
}

function assertFew(word: string, count: number): void {
  if (count > MOST_VALUES)
    throw new AppError('bad-request', `"${word}" has ${count} values, which is too many: at most ${MOST_VALUES}.`);
}

function toNumber(text = ''): number {
  return Number(text.replace(/\s+/g, ''));
}

function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}
