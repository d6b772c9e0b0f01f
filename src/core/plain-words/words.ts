/** A prompt's words. Punctuation parts phrases; the marks of emphasis, editing and tags are no words. */

export interface Word {
  /** The word as typed. */
  typed: string;
  /** The word in small letters; "," and "." and their like are one word each, that ends a phrase. */
  plain: string;
}

const TAG = /<[^<>]*>|https?:\S+/gu;
/** Weights inside brackets ("cat:1.2", "dog:0.5"), and the constructs of capital letters. */
const WEIGHT = /:\s*-?\d*\.?\d+/gu;
const CONSTRUCT = /\b(?:AND|BREAK)\b/gu;
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*|[,.;:!?、。，]/gu;

export const PHRASE_END = ',';

export function wordsOf(text: string): Word[] {
  const shown = text.normalize('NFC').replace(TAG, ' , ').replace(WEIGHT, ' ').replace(CONSTRUCT, ',');
  return [...shown.matchAll(WORD)].map(([typed]) => ({
    typed,
    plain: /^[\p{L}\p{M}\p{N}]/u.test(typed) ? typed.toLowerCase().replaceAll('’', "'") : PHRASE_END,
  }));
}
