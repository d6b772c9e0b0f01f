/** Phrases of a language and what they mean. */
import type { Heard, Meaning } from './meanings';
import { PHRASE_END, type Word } from './words';

export interface Found {
  meaning: Meaning;
  isKnown: boolean;
  /** How much of the letters is surely of this language, 0…1. */
  sureness: number;
}

export interface Lexicon {
  /** What words joined by spaces mean. */
  find(phrase: string): Found | undefined;
  /** Most words that a phrase has. */
  longest: number;
  /** Words of languages that put no spaces between them are cut first. */
  cut?(word: string): string[];
}

export interface Listened {
  heard: Heard[];
  /** Letters that were understood, each counted as surely as it was. */
  coverage: number;
}

/** The longest phrase first, from left to right. */
export function listen(words: readonly Word[], lexicon: Lexicon): Listened {
  const parts = words.flatMap(({ typed, plain }) => {
    const pieces = plain === PHRASE_END ? [] : (lexicon.cut?.(plain) ?? []);
    return pieces.length > 0 ? pieces.map((piece) => ({ typed: piece, plain: piece })) : [{ typed, plain }];
  });
  const heard: Heard[] = [];
  let coverage = 0;
  for (let at = 0; at < parts.length;) {
    if (parts[at].plain === PHRASE_END) {
      heard.push({ words: parts[at++].typed, meaning: { kind: 'stop' }, isKnown: false });
      continue;
    }
    const { found, length } = longestAt(parts, at, lexicon);
    const taken = parts.slice(at, at + length);
    coverage += (found?.sureness ?? 0) * taken.reduce((sum, { plain }) => sum + plain.length, 0);
    heard.push({
      words: taken.map(({ typed }) => typed).join(' '),
      meaning: found?.meaning ?? { kind: 'unknown' },
      isKnown: found?.isKnown ?? false,
    });
    at += length;
  }
  return { heard, coverage };
}

function longestAt(parts: readonly Word[], at: number, lexicon: Lexicon): { found?: Found; length: number } {
  for (let length = Math.min(lexicon.longest, parts.length - at); length > 0; length--) {
    const slice = parts.slice(at, at + length);
    if (slice.some(({ plain }) => plain === PHRASE_END)) continue;
    const found = lexicon.find(slice.map(({ plain }) => plain).join(' '));
    if (found) return { found, length };
  }
  return { length: 1 };
}
