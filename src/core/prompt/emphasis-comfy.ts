/** Emphasis as ComfyUI reads it: only ( ), and a written weight replaces those around it. @see ComfyUI comfy/sd1_clip.py */
import { parseFloatStrictly } from './characters';
import type { Segment } from './segment';

const MULTIPLIER = 1.1;

/** A stretch of the text, read with a weight. */
interface Range {
  start: number;
  end: number;
  weight: number;
  /** Set where it is to be read no further. */
  isText?: boolean;
}

/** Neighbours stay apart, also with equal weights: each is tokenized alone. An empty text has none. */
export function parseComfyEmphasis(text: string): Segment[] {
  const places = findPlaces(text);
  const segments: Segment[] = [];
  const rest: Range[] = [{ start: 0, end: text.length, weight: 1 }];
  for (let range = rest.pop(); range; range = rest.pop()) {
    if (range.isText) segments.push({ text: unescape(text.slice(range.start, range.end)), weight: range.weight });
    else rest.push(...readItems(text, range, places).reverse());
  }
  return segments;
}

function unescape(text: string): string {
  return text.replace(/\\([()])/g, '$1');
}

/** What is asked at many depths, found once. */
interface Places {
  /** For each opening parenthesis the place of its closing one, −1 where it has none. */
  closing: Int32Array;
  /** The last colon up to here, or −1. */
  lastColon: Int32Array;
}

/** A parenthesis after a backslash is text. */
function isParenthesis(text: string, i: number, which: '(' | ')'): boolean {
  return text.charAt(i) === which && text.charAt(i - 1) !== '\\';
}

function findPlaces(text: string): Places {
  const closing = new Int32Array(text.length).fill(-1);
  const lastColon = new Int32Array(text.length);
  const open: number[] = [];
  let colon = -1;
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) === ':') colon = i;
    lastColon[i] = colon;
    if (isParenthesis(text, i, '(')) open.push(i);
    else if (isParenthesis(text, i, ')')) {
      const start = open.pop();
      if (start !== undefined) closing[start] = i;
    }
  }
  return { closing, lastColon };
}

/**
 * The pieces of a range, in order. ComfyUI counts parentheses: one that closes nothing takes the next opening one with it
 * into the text, and an opening one that is never closed makes all that follows one piece.
 */
function readItems(text: string, { start, end, weight }: Range, places: Places): Range[] {
  const items: Range[] = [];
  let from = start;
  let depth = 0;
  const flush = (to: number): void => {
    if (to > from) items.push({ start: from, end: to, weight, isText: true });
    from = to;
  };
  for (let i = start; i < end; i++) {
    if (isParenthesis(text, i, ')')) depth--;
    else if (isParenthesis(text, i, '(')) {
      if (depth === 0) {
        flush(i);
        const close = places.closing[i];
        const isClosed = close !== -1 && close < end;
        from = isClosed ? close + 1 : end;
        items.push(readGroup(text, { start: i, end: from, weight }, places));
        i = from - 1;
      } else depth++;
    }
  }
  flush(end);
  return items;
}

/** A piece that begins with a parenthesis; it counts as closed when its last character closes anything. */
function readGroup(text: string, piece: Range, { lastColon }: Places): Range {
  const { end, weight } = piece;
  const start = piece.start + 1;
  const inner = end - 1;
  if (inner < start || !isParenthesis(text, inner, ')')) return { ...piece, isText: true };
  const colon = inner > start ? lastColon[inner - 1] : -1;
  const written = colon > start ? parseFloatStrictly(text.slice(colon + 1, inner)) : undefined;
  if (written !== undefined) return { start, end: colon, weight: written };
  return { start, end: inner, weight: Math.min(weight * MULTIPLIER, Number.MAX_VALUE) };
}
