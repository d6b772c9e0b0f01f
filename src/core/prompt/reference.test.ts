/** Against an independent implementation in Python, with a foreign grammar parser (tools/fixtures/prompt_reference.py). */
import { describe, expect, it } from 'vitest';
import type { Tokenizer } from '../tokenizer';
import { chunkSegments, parseEmphasis, parseSchedule, splitComposition, weighA1111, weighComfy } from '.';
import type { Chunk, EmphasisMode, Segment } from '.';
import reference from './fixtures/reference.json';

type Pair = (string | number)[];
const asPairs = (segments: readonly Segment[]): Pair[] => segments.map(({ text, weight }) => [text, weight]);

describe('parseSchedule', () => {
  it.each(reference.schedule)('$text in $calls calls', ({ text, entries, ...options }) => {
    expect(parseSchedule(text, options).map((entry) => [entry.until, entry.text])).toEqual(entries);
  });
});

describe('parseEmphasis', () => {
  it.each(reference.emphasis)('$text', ({ text, a1111, comfyui }) => {
    expect({ a1111: asPairs(parseEmphasis(text, 'a1111')), comfyui: asPairs(parseEmphasis(text, 'comfyui')) }).toEqual({
      a1111,
      comfyui,
    });
  });
});

describe('splitComposition', () => {
  it.each(reference.composition)('$text', ({ text, parts }) => {
    expect(asPairs(splitComposition(text))).toEqual(parts);
  });
});

/** The reference's tokenizer: a word is one token, by its length and first letter. */
function createWordTokenizer(capacity: number): Tokenizer {
  const idOf = (word: string): number => (word === ',' ? 267 : 300 + 30 * (word.charCodeAt(0) % 32) + word.length);
  const encode = (text: string): number[] => (text.match(/,|[^\s,]+/g) ?? []).map(idOf);
  return { encode, startId: 1, endId: 2, padId: 2, commaId: 267, contextLength: capacity + 2 };
}

/** Ids and weights of the text in each chunk, as the reference lists them. */
function contents(chunks: readonly Chunk[]): number[][][] {
  const inner = chunks.map(({ ids, weights }) => ({ ids, weights, end: ids.indexOf(2) }));
  return [inner.map(({ ids, end }) => ids.slice(1, end)), inner.map(({ weights, end }) => weights.slice(1, end))];
}

describe('chunkSegments', () => {
  it.each(reference.chunks)('chunks of $capacity (#%#)', ({ text, backtrack, capacity, count, ...expected }) => {
    const tokenizer = createWordTokenizer(capacity);
    for (const dialect of ['a1111', 'comfyui'] as const) {
      const segments = parseEmphasis(text, dialect);
      const { chunks, tokens } = chunkSegments(segments, tokenizer, dialect, { commaBacktrack: backtrack });
      expect(contents(chunks)).toEqual(expected[dialect]);
      if (dialect === 'a1111') expect(tokens).toBe(count);
      for (const { ids, weights } of chunks) {
        expect([ids.length, weights.length, ids[0]]).toEqual([capacity + 2, capacity + 2, 1]);
        expect(weights.filter((_, i) => i === 0 || i >= ids.indexOf(2)).every((weight) => weight === 1)).toBe(true);
      }
    }
  });
});

describe.each(reference.weigh)('$texts texts encoded together', ({ texts, positions, z, empty, weights, results }) => {
  const width = z.length / texts / positions;
  const rows = weights.map((weightsOf, i) => ({
    hidden: Float32Array.from(z.slice(i * positions * width, (i + 1) * positions * width)),
    weights: weightsOf,
  }));
  /** Sums in another order, float32. */
  const MAX_ERROR = 1e-5;
  const expectNear = (actual: readonly Float32Array[], expected: readonly number[]): void => {
    const values = actual.flatMap((row) => [...row]);
    expect(values.length).toBe(expected.length);
    values.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(MAX_ERROR));
  };

  it.each(['original', 'no_norm', 'ignore', 'none'] satisfies EmphasisMode[])(
    'are weighed as A1111 in mode %s',
    (mode) => expectNear(weighA1111(rows, mode), results[mode]),
  );

  it('are weighed as ComfyUI', () => {
    const emptyHidden = Float32Array.from(empty);
    expectNear(
      rows.map((row) => weighComfy(row, emptyHidden)),
      results.comfyui,
    );
  });
});
