/** Rows of ids and weights: A1111's worked examples, embeddings, paddings, the count at the prompt box. */
import { describe, expect, it } from 'vitest';
import type { Tokenizer } from '../tokenizer';
import { chunkSegments, chunkText, countPrompt, namedEmbeddings, parseEmphasis, type Dialect, type Embedding } from '.';

/** A word is one token, so is each sign: the comma 267, a word by its letters ("a" is 301, "ab" 603). */
const encode = (text: string): number[] =>
  (text.toLowerCase().match(/[a-z]+|[^\sa-z]/g) ?? []).map((word) =>
    word === ',' ? 267 : [...word].reduce((id, letter) => id + 204 + letter.charCodeAt(0), 0),
  );
const CLIP: Tokenizer = { encode, startId: 49406, endId: 49407, padId: 49407, commaId: 267, contextLength: 77 };
const words = (count: number): string => 'a '.repeat(count);

function rows(text: string, dialect: Dialect, embeddings: readonly Embedding[] = [], tokenizer = CLIP) {
  return chunkSegments(parseEmphasis(text, dialect), tokenizer, dialect, { embeddings });
}
const sizes = (text: string, dialect: Dialect, embeddings: readonly Embedding[] = []): number[] =>
  rows(text, dialect, embeddings).chunks.map(({ ids }) => ids.indexOf(49407) - 1);

describe('a row', () => {
  it('carries a weight for each token, 1 for start, end and padding', () => {
    const { chunks } = rows('a, (a a:1.2), a', 'a1111');
    expect(chunks).toHaveLength(1);
    expect(chunks[0].ids).toEqual([49406, 301, 267, 301, 301, 267, 301, ...new Array<number>(70).fill(49407)]);
    expect(chunks[0].weights).toEqual([1, 1, 1, 1.2, 1.2, ...new Array<number>(72).fill(1)]);
  });

  it('ends at a written end token where padding is another token', () => {
    const openClip = { ...CLIP, padId: 0, encode: (text: string) => (text === 'end' ? [7, 49407, 8] : [7]) };
    const { ids } = rows('end', 'a1111', [], openClip).chunks[0];
    expect(ids).toEqual([49406, 7, 49407, ...new Array<number>(74).fill(0)]);
    expect(rows('', 'a1111', [], { ...openClip, encode: () => [] }).chunks[0].ids.slice(0, 3)).toEqual([
      49406, 49407, 0,
    ]);
  });
});

describe('chunks in A1111', () => {
  it.each([
    ['a comma at 70, 10 more', `${words(70)},${words(10)}`, [71, 10], 85],
    ['a comma at 55, 30 more', `${words(55)},${words(30)}`, [56, 30], 105],
    ['a comma at 54, 30 more', `${words(54)},${words(30)}`, [75, 10], 85],
    ['a comma as the 76th', `${words(75)},`, [75, 1], 76],
    ['3, BREAK, 4', 'a a a BREAK a a a a', [3, 4], 79],
    ['3 and BREAK', 'a a a BREAK', [3], 75],
    ['BREAK and 1', 'BREAK a', [0, 1], 76],
    ['nothing', '', [0], 0],
    ['BREAK in brackets', '(a BREAK a:1.1)', [3], 3],
  ])('%s', (_, text, expected, tokens) => {
    expect(sizes(text, 'a1111')).toEqual(expected);
    expect(rows(text, 'a1111').tokens).toBe(tokens);
  });
});

describe('chunks in ComfyUI', () => {
  it('keeps a group of fewer than 8 tokens whole, and cuts longer ones', () => {
    expect(sizes(`${words(70)}(${words(7)}:1.2)`, 'comfyui')).toEqual([70, 7]);
    expect(sizes(`${words(70)}(${words(8)}:1.2)`, 'comfyui')).toEqual([75, 3]);
    expect(sizes(`${words(70)},${words(10)}`, 'comfyui')).toEqual([75, 6]);
    expect(sizes('', 'comfyui')).toEqual([0]);
  });
});

describe('embeddings', () => {
  const style = { name: 'my style', vectors: 3 };
  const wide = { name: 'my', vectors: 2 };

  it('are known to A1111 by the tokens of their bare names, the longest first', () => {
    const { chunks } = rows('a (My Style:1.5) my', 'a1111', [wide, style]);
    expect(chunks[0].ids.slice(0, 8)).toEqual([49406, 301, 0, 0, 0, 0, 0, 49407]);
    expect(chunks[0].weights.slice(0, 8)).toEqual([1, 1, 1.5, 1.5, 1.5, 1, 1, 1]);
    expect(chunks[0].vectors).toEqual([
      { position: 2, name: 'my style', index: 0 },
      { position: 3, name: 'my style', index: 1 },
      { position: 4, name: 'my style', index: 2 },
      { position: 5, name: 'my', index: 0 },
      { position: 6, name: 'my', index: 1 },
    ]);
  });

  it('are not found across segments, and go to the next chunk where they do not fit', () => {
    expect(rows('my (style)', 'a1111', [style]).chunks[0].vectors).toEqual([]);
    expect(sizes(`${words(74)}my style a`, 'a1111', [style])).toEqual([74, 4]);
    expect(sizes('my style a', 'a1111', [{ ...style, vectors: 160 }])).toEqual([75, 75, 11]);
  });

  it('lose the word before them that ComfyUI would need, in A1111 too', () => {
    const { chunks } = rows('a embedding:my style, embedding:a', 'a1111', [style]);
    expect(chunks[0].ids.slice(0, 10)).toEqual([49406, 301, 0, 0, 0, 267, ...encode('embedding:a'), 49407]);
  });

  it('are known to ComfyUI by embedding:name, with or without extension, a comma after it', () => {
    const [found] = [rows('a (embedding:My.pt, a:1.5)', 'comfyui', [wide])];
    expect(found.chunks[0].ids.slice(0, 7)).toEqual([49406, 301, 0, 0, 267, 301, 49407]);
    expect(found.chunks[0].weights.slice(1, 6)).toEqual([1, 1.5, 1.5, 1.5, 1.5]);
    expect(found.unknown).toEqual([]);
  });

  it('that ComfyUI does not know are left out and named', () => {
    const { chunks, unknown } = rows('a embedding:ugly, a\nembedding:bad embedding:ugly', 'comfyui', [wide]);
    expect(unknown).toEqual(['ugly', 'bad']);
    expect(chunks[0].ids.slice(0, 5)).toEqual([49406, 301, 267, 301, 49407]);
    expect(rows('xembedding:my', 'comfyui', [wide]).chunks[0].vectors).toEqual([]);
  });
});

describe('namedEmbeddings', () => {
  const named = (text: string, names: readonly string[], dialect: Dialect = 'a1111') => [
    ...namedEmbeddings([text], names, { tokenizer: CLIP, reading: { dialect } }),
  ];

  it('gives the longest names that stand in the texts', () => {
    expect(named('a (My Style:1.5), other', ['my', 'my style', 'style', 'b'])).toEqual(['my style']);
    expect(named('a my embedding:b', ['my', 'b'], 'comfyui')).toEqual(['b']);
  });
});

describe('chunkText', () => {
  const text = '(a:2) BREAK a';
  it('reads brackets and BREAK as text in the mode None', () => {
    const { chunks } = chunkText(text, CLIP, { dialect: 'a1111', emphasis: 'none' });
    expect(chunks).toHaveLength(1);
    expect(chunks[0].ids.slice(1, 8)).toEqual(encode(text));
    expect(chunks[0].weights.every((weight) => weight === 1)).toBe(true);
  });

  it('reads them otherwise, and in ComfyUI as ComfyUI', () => {
    expect(chunkText(text, CLIP, { dialect: 'a1111', emphasis: 'ignore' }).chunks).toHaveLength(2);
    expect(chunkText(text, CLIP, { dialect: 'comfyui', emphasis: 'none' }).chunks[0].weights[1]).toBe(2);
  });
});

describe('countPrompt', () => {
  const count = (text: string, dialect: Dialect = 'a1111', isNegative = false) =>
    countPrompt(text, CLIP, { dialect, isNegative, calls: 20 });

  it('counts the longest of the texts, without comments, networks and brackets', () => {
    expect(count('')).toEqual({ tokens: 0, limit: 75 });
    expect(count('(a:1.2) <lora:x:1> [a:a a a:0.5] # a a a')).toEqual({ tokens: 4, limit: 75 });
    expect(count('a a AND a a a:0.5')).toEqual({ tokens: 3, limit: 75 });
    expect(count('a a a BREAK a a a a')).toEqual({ tokens: 79, limit: 150 });
    expect(count('a a a BREAK')).toEqual({ tokens: 75, limit: 75 });
    expect(count(words(76))).toEqual({ tokens: 76, limit: 150 });
  });

  it('counts an embedding for as many tokens as it has vectors', () => {
    const embeddings = [{ name: 'my style', vectors: 8 }];
    const counted = (text: string) => countPrompt(text, CLIP, { dialect: 'a1111', calls: 20, embeddings });
    expect(counted('a my style a')).toEqual({ tokens: 10, limit: 75 });
    expect(counted(`${words(70)}my style`)).toEqual({ tokens: 83, limit: 150 });
  });

  it('counts tags and AND of a negative prompt, and all of ComfyUI, as text', () => {
    expect(count('a <b:c> AND a', 'a1111', true).tokens).toBe(8);
    expect(count('[a|a] # a', 'comfyui').tokens).toBe(7);
  });
});
