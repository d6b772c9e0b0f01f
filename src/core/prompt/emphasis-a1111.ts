/** Emphasis as A1111 reads it: ( ) and [ ] multiply. @see A1111 modules/prompt_parser.py parse_prompt_attention */
import { findWords, skipSpace, skipSpaceBack, SPACE } from './characters';
import { BREAK, type Segment } from './segment';

/** What the text is made of, tried in this order: an escaped bracket or backslash, a lone backslash, brackets, `:number)`, plain text, a colon. */
const LEXEME = new RegExp(
  String.raw`\\[()[\]\\]?|[([]|:${SPACE}*([+-]?(?:\d+(?:\.\d*)?|\.\d+))${SPACE}*\)|[)\]]|[^\\()[\]:]+|:`,
  'g',
);

const ROUND = 1.1;
const SQUARE = 1 / 1.1;

/**
 * Neighbours of equal weight are one segment; there is always one. A lone backslash vanishes. A `:` before what is no number
 * ("(a:1.2.3)", on which A1111 fails) is text. Weights stay finite.
 */
export function parseA1111Emphasis(text: string): Segment[] {
  const found = new SegmentList();
  const round: number[] = [];
  const square: number[] = [];
  for (const [lexeme, weight] of text.matchAll(LEXEME)) {
    const roundStart = lexeme.endsWith(')') && (weight !== undefined || lexeme === ')') ? round.pop() : undefined;
    const squareStart = lexeme === ']' ? square.pop() : undefined;
    if (lexeme.startsWith('\\')) found.add(lexeme.slice(1));
    else if (lexeme === '(') round.push(found.length);
    else if (lexeme === '[') square.push(found.length);
    else if (roundStart !== undefined)
      found.multiply(roundStart, weight === undefined ? ROUND : finite(Number(weight)));
    else if (squareStart !== undefined) found.multiply(squareStart, SQUARE);
    else addPlain(found, lexeme);
  }
  for (const start of round) found.multiply(start, ROUND);
  for (const start of square) found.multiply(start, SQUARE);
  return found.merged();
}

/** Text around BREAK, without the white space that touches it. */
function addPlain(found: SegmentList, text: string): void {
  let start = 0;
  for (const index of findWords(text, BREAK.text)) {
    found.add(text.slice(start, Math.max(start, skipSpaceBack(text, index))));
    found.add(BREAK.text, BREAK.weight);
    start = skipSpace(text, index + BREAK.text.length);
  }
  found.add(text.slice(start));
}

class SegmentList {
  readonly #texts: string[] = [];
  readonly #weights: number[] = [];

  get length(): number {
    return this.#texts.length;
  }

  add(text: string, weight = 1): void {
    this.#texts.push(text);
    this.#weights.push(weight);
  }

  /** Multiplies the weights of all segments from `start` on. */
  multiply(start: number, factor: number): void {
    for (let i = start; i < this.#weights.length; i++) this.#weights[i] = finite(this.#weights[i] * factor);
  }

  merged(): Segment[] {
    const segments: Segment[] = [];
    let weight: number | undefined;
    let texts: string[] = [];
    const flush = (): void => {
      if (weight !== undefined) segments.push({ text: texts.join(''), weight });
    };
    this.#texts.forEach((text, i) => {
      if (this.#weights[i] !== weight) {
        flush();
        weight = this.#weights[i];
        texts = [];
      }
      texts.push(text);
    });
    flush();
    return segments.length > 0 ? segments : [{ text: '', weight: 1 }];
  }
}

/** A thousand brackets overflow, and 0 · ∞ is no number; also makes −0 zero. */
function finite(weight: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, weight)) + 0;
}
