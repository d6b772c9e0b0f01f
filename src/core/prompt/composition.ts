/** `AND`: several prompts that guide one picture, each with a weight. @see A1111 modules/prompt_parser.py; arXiv:2206.01714 */
import { findWords, skipSpaceBack } from './characters';

export interface PromptPart {
  text: string;
  /** Weight of this part's guidance: D = D_negative + Σ weight · cfgScale · (D_part − D_negative). */
  weight: number;
}

/**
 * At least one part. A part's weight is the `:number` it ends with.
 *
 * The trap: that holds without any AND. "aspect 16:9" is "aspect 16" at nine times the guidance; A1111 reads it so, and a
 * picture from there can only be repeated by reading it so too.
 */
export function splitComposition(text: string): PromptPart[] {
  const starts = [0, ...findWords(text, 'AND').map((index) => index + 'AND'.length)];
  return starts.map((start, i) => {
    const next = starts[i + 1];
    return readPart(text.slice(start, next === undefined ? undefined : next - 'AND'.length));
  });
}

const WEIGHT = /[-+]?(?:\d+\.?|\d*\.\d+)$/;
/** Digits that a weight may have; longer numbers are text. Bounds the search, which starts at the end. */
const WEIGHT_LENGTH = 400;

function readPart(written: string): PromptPart {
  const text = written.slice(0, skipSpaceBack(written, written.length));
  const tail = text.slice(-WEIGHT_LENGTH);
  const number = WEIGHT.exec(tail)?.[0];
  if (number === undefined) return { text, weight: 1 };
  const colon = skipSpaceBack(text, text.length - number.length) - 1;
  if (text.charAt(colon) !== ':') return { text, weight: 1 };
  return { text: text.slice(0, skipSpaceBack(text, colon)), weight: Number(number) };
}
