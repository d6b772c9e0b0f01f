/** Chunks: A1111's examples, and what must hold for every prompt. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { chunkTokens, countTokens } from './chunks';
import type { Tokenizer } from './tokenizer';

const WORD = 7;
const CLIP: Tokenizer = {
  encode: () => [],
  startId: 49406,
  endId: 49407,
  padId: 49407,
  commaId: 267,
  contextLength: 77,
};
const OPEN_CLIP: Tokenizer = { ...CLIP, padId: 0 };

/** So many words, with commas at the given places. */
function words(count: number, ...commas: number[]): number[] {
  return Array.from({ length: count }, (_, i) => (commas.includes(i) ? 267 : WORD));
}

/** The text ids of a row, without start, end and padding. Text in these tests never holds specials. */
function textOf(row: readonly number[], { endId }: Tokenizer): number[] {
  return row.slice(1, row.indexOf(endId));
}

function sizes(ids: readonly number[], tokenizer: Tokenizer = CLIP): number[] {
  return chunkTokens(ids, tokenizer).map((row) => textOf(row, tokenizer).length);
}

describe('chunkTokens', () => {
  it.each([
    ['no text', words(0), [0]],
    ['one word', words(1), [1]],
    ['75 words', words(75), [75]],
    ['76 words', words(76), [75, 1]],
    // A1111: comma index in the first chunk and words after it.
    ['a comma at 70, 10 more', words(81, 70), [71, 10]],
    ['a comma at 55, 30 more', words(86, 55), [56, 30]],
    ['a comma at 54, 30 more', words(85, 54), [75, 10]],
    ['a comma as the 76th', words(76, 75), [75, 1]],
    ['commas at 60 and 70', words(81, 60, 70), [71, 10]],
    ['a comma that fills the chunk', words(80, 74), [75, 5]],
    // The comma that opened the second chunk is no place to break it.
    ['a comma as the 76th and 75 more', words(151, 75), [75, 75, 1]],
  ])('cuts %s as A1111', (_, ids, expected) => expect(sizes(ids)).toEqual(expected));

  it('frames a chunk with start, end and padding', () => {
    expect(chunkTokens([320, 1125], CLIP)).toEqual([[49406, 320, 1125, ...new Array<number>(74).fill(49407)]]);
    expect(chunkTokens([320], OPEN_CLIP)).toEqual([[49406, 320, 49407, ...new Array<number>(74).fill(0)]]);
    expect(chunkTokens([], CLIP)).toEqual([[49406, ...new Array<number>(76).fill(49407)]]);
  });

  it.each([-1, 0, 2, 2.5, NaN])('refuses a context of %f, which has no room for text', (contextLength) => {
    expect(() => chunkTokens([1], { ...CLIP, contextLength })).toThrow(AppError);
  });
});

describe('chunkTokens on any text', () => {
  const anyTokenizer = fc.record({
    encode: fc.constant(() => []),
    startId: fc.constant(1000),
    endId: fc.constant(1001),
    padId: fc.constantFrom(0, 1001),
    commaId: fc.constantFrom(3, undefined),
    contextLength: fc.constantFrom(3, 4, 10, 24, 77),
  });
  /** Ids 1 to 9: one in nine is a comma. */
  const anyText = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 400 });

  it('keeps every id, in order, in rows of the context length', () => {
    fc.assert(
      fc.property(anyText, anyTokenizer, (ids, tokenizer) => {
        const rows = chunkTokens(ids, tokenizer);
        expect(rows.flatMap((row) => textOf(row, tokenizer))).toEqual(ids);
        for (const row of rows) {
          const end = row.indexOf(tokenizer.endId);
          expect([row.length, row[0]]).toEqual([tokenizer.contextLength, tokenizer.startId]);
          expect(row.slice(end + 1).every((id) => id === tokenizer.padId)).toBe(true);
        }
      }),
    );
  });

  it('ends a chunk early only after a comma, of which the last 20 tokens hold no later one', () => {
    fc.assert(
      fc.property(anyText, anyTokenizer, (ids, tokenizer) => {
        const capacity = tokenizer.contextLength - 2;
        const texts = chunkTokens(ids, tokenizer).map((row) => textOf(row, tokenizer));
        texts.slice(0, -1).forEach((text, i) => {
          const moved = texts
            .slice(i + 1)
            .flat()
            .slice(0, capacity - text.length);
          if (text.length === capacity) return;
          expect(text.at(-1)).toBe(tokenizer.commaId);
          expect(moved.length).toBeLessThan(20);
          expect(moved).not.toContain(tokenizer.commaId);
        });
      }),
    );
  });

  it('leaves no empty chunk but that of an empty text, and the last is what remains', () => {
    fc.assert(
      fc.property(anyText, anyTokenizer, (ids, tokenizer) => {
        const lengths = sizes(ids, tokenizer);
        expect(lengths.includes(0)).toBe(ids.length === 0);
        expect(lengths.length).toBeGreaterThanOrEqual(
          Math.max(1, Math.ceil(ids.length / (tokenizer.contextLength - 2))),
        );
      }),
    );
  });
});

describe('countTokens', () => {
  it.each([
    [words(0), { tokens: 0, limit: 75 }],
    [words(75), { tokens: 75, limit: 75 }],
    [words(76), { tokens: 76, limit: 150 }],
    // As A1111's counter: a chunk that ended early counts as full.
    [words(81, 70), { tokens: 85, limit: 150 }],
  ])('counts as A1111 (%#)', (ids, expected) => expect(countTokens(ids, CLIP)).toEqual(expected));
});
