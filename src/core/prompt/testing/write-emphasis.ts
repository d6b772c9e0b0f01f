/** Segments written back as a prompt. */
import { findWords, SPACE } from '../characters';
import type { Dialect } from '../dialect';
import { BREAK, isBreak, type Segment } from '../segment';

type Segments = readonly Segment[];
type WriteOne = (segment: Segment, i: number, all: Segments) => string;

const WRITERS: Record<Dialect, WriteOne> = { a1111: writeA1111, comfyui: writeComfy };

/** A prompt that parses to the very same segments, where these came from a parse in the same dialect. */
export function writeEmphasis(segments: Segments, dialect: Dialect): string {
  return segments.map(WRITERS[dialect]).join('');
}

/** A1111's parser drops a lone backslash, so that one can stand for an empty text, or part a word that has a meaning. */
const NOTHING = '\\';

function writeA1111({ text, weight }: Segment, i: number, all: Segments): string {
  if (isSpacedBreak(all, i)) return ` ${BREAK.text} `;
  const isImplied = text === '' && (all.length === 1 || isSpacedBreak(all, i - 1) || isSpacedBreak(all, i + 1));
  const written = escapeA1111(text);
  return weight === 1 && (text !== '' || isImplied) ? written : `(${written || NOTHING}:${plainNumber(weight)})`;
}

/** Whether BREAK can be written as that word: between texts of weight 1 whose white space it would not swallow. */
function isSpacedBreak(all: Segments, i: number): boolean {
  const [before, segment, after] = [i - 1, i, i + 1].map((at) => all.at(at < 0 ? all.length : at));
  if (!segment || !isBreak(segment) || before?.weight !== 1 || after?.weight !== 1) return false;
  return !new RegExp(SPACE).test(before.text.slice(-1) + after.text.slice(0, 1));
}

function escapeA1111(text: string): string {
  const escape = (plain: string): string => plain.replace(/[\\()[\]]/g, '\\$&');
  let written = '';
  let start = 0;
  for (const index of findWords(text, BREAK.text)) {
    const middle = index + 1;
    written += escape(text.slice(start, middle)) + NOTHING;
    start = middle;
  }
  return written + escape(text.slice(start));
}

/** Neighbours of weight 1 are kept apart by parentheses; a backslash at the end would escape the one that follows. */
function writeComfy({ text, weight }: Segment, i: number, all: Segments): string {
  const escaped = text.replace(/[()]/g, '\\$&');
  const isPlain = weight === 1 && (i === 0 || all[i - 1].weight !== 1) && !text.endsWith('\\');
  return isPlain ? escaped : `(${escaped}:${plainNumber(weight)})`;
}

/** The number without an exponent, which A1111 does not read; the same double. */
function plainNumber(value: number): string {
  const [mantissa, exponent = '0'] = String(Math.abs(value)).split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padStart(fraction.length + whole.length - Math.min(0, point - 1), '0');
  const at = Math.max(point, 1);
  const padded = digits.padEnd(at, '0');
  const sign = value < 0 ? '-' : '';
  return `${sign}${padded.slice(0, at)}${padded.length > at ? `.${padded.slice(at)}` : ''}`;
}
