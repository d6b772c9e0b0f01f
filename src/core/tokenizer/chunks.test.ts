/** Chunks: A1111's examples, and what must hold for every prompt. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { chunkCapacity, splitPieces, toRow, type Piece } from './chunks';
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

/** Rows of a text whose pieces are single tokens. */
function chunkTokens(ids: readonly number[], tokenizer: Tokenizer): number[][] {
  const pieces = ids.map((id) => ({ items: [id], isComma: id === tokenizer.commaId }));
  return splitPieces(pieces, { capacity: chunkCapacity(tokenizer) }).map((part) => toRow(part, tokenizer));
}

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

describe('a text in chunks', () => {
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

describe('any text in chunks', () => {
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

describe('splitPieces', () => {
  const word = { items: ['a'] };
  const comma = { items: [','], isComma: true };
  const group = { items: ['x', 'y', 'z'] };
  const split = (pieces: readonly Piece<string>[], backtrack?: number) =>
    splitPieces(pieces, { capacity: 4, backtrack }).map((part) => part.join(''));

  it.each<[string, Piece<string>[], string[]]>([
    ['a break', [word, 'break', word], ['a', 'a']],
    ['a break at the start, which leaves an empty chunk', ['break', word], ['', 'a']],
    ['a break at the end, which adds none', [word, 'break'], ['a']],
    ['two breaks', [word, 'break', 'break', word], ['a', '', 'a']],
    ['a group that does not fit', [word, word, group, word], ['aa', 'xyza']],
    ['a group longer than a chunk', [word, { items: [...'123456'] }], ['a', '1234', '56']],
    ['a comma near the end', [word, comma, word, word, word], ['a,', 'aaa']],
  ])('cuts at %s', (_, pieces, expected) => expect(split(pieces)).toEqual(expected));

  it('goes back to a comma only as far as it is told', () => {
    const pieces = [word, comma, word, word, word];
    expect(split(pieces, 3)).toEqual(['a,', 'aaa']);
    expect(split(pieces, 2)).toEqual(['a,aa', 'a']);
    expect(split(pieces, 0)).toEqual(['a,aa', 'a']);
  });
});
