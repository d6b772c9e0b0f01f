/** CLIP's ids (by OpenAI's tokenizer) and A1111's chunks, through the command line. */
import { describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

interface Answer {
  chunks: number[][];
  weights?: number[][];
  rows?: number[][];
  unknown?: string[];
}

const COMMA = 267;

/** So many tokens, with a comma at the index. */
function words(count: number, comma: number): string {
  return Array.from({ length: count }, (_, i) => (i === comma ? ',' : 'a')).join(' ');
}

describe('tokens', () => {
  it('answers in the documented form', async () => {
    expect(await ask('tokens', 'a photo')).toEqual({ chunks: [[320, 1125]] });
    expect(await ask('tokens', '')).toEqual({ chunks: [[]] });
  });

  it.each([
    ['a photo of an astronaut riding a horse on mars', '320 1125 539 550 18376 6765 320 4558 525 7496'],
    ['masterpiece, best quality, 1girl', '12066 267 949 3027 267 272 1611'],
    ['Hello World!', '3306 1002 256'],
    ['(x:1.3)', '263 343 281 272 269 274 264'],
    ['2024', '273 271 273 275'],
    ['1024x768', '272 271 273 275 343 278 277 279'],
    ["it's", '585 568'],
    ["don't", '847 713'],
    ['café', '15304'],
    ['cafe\u0301', '15304'],
    ['猫', '163 234 360'],
    ['\u{1F642}', '14860'],
    ['EasyNegative', '18308 8869'],
  ])('%s', async (text, ids) => {
    expect(await ask('tokens --emphasis none', text)).toEqual({ chunks: [ids.split(' ').map(Number)] });
  });

  it('reads weights, and BREAK', async () => {
    const answer = await ask<Answer>('tokens --weights', 'a (photo:1.2) BREAK of a cat');
    expect(answer).toEqual({
      chunks: [
        [320, 1125],
        [539, 320, 2368],
      ],
      weights: [
        [1, 1.2],
        [1, 1, 1],
      ],
    });
    expect((await ask<Answer>('tokens', '\\(x:1.3\\)')).chunks).toEqual([[263, 343, 281, 272, 269, 274, 264]]);
  });

  it.each([
    [81, 70, [71, 10]],
    [86, 55, [56, 30]],
    [85, 54, [75, 10]],
    [76, 75, [75, 1]],
  ])('breaks %i tokens with a comma at %i as A1111 does', async (count, comma, lengths) => {
    const { chunks } = await ask<Answer>('tokens', words(count, comma));
    expect(chunks.map((ids) => ids.length)).toEqual(lengths);
    expect(chunks.flat()[comma]).toBe(COMMA);
  });

  it('pads rows with the end token, or with 0', async () => {
    const { rows } = await ask<Answer>('tokens --rows', 'a photo');
    expect(rows).toEqual([[49406, 320, 1125, ...new Array<number>(74).fill(49407)]]);
    const open = await ask<Answer>('tokens --rows --pad openclip', 'a photo');
    expect(open.rows).toEqual([[49406, 320, 1125, 49407, ...new Array<number>(73).fill(0)]]);
  });

  it('keeps an end token that someone wrote', async () => {
    expect((await ask<Answer>('tokens', 'a <|endoftext|> b')).chunks).toEqual([[320, 49407, 321]]);
    expect((await ask<Answer>('tokens', 'a <|endoftext|>')).chunks).toEqual([[320, 49407]]);
  });

  it("knows the starter model's vocabulary", async () => {
    expect(await ask('tokens --model starter', 'a red apple')).toEqual({ chunks: [[320, 556, 732]] });
  });

  it('says which embeddings are not there', async () => {
    const answer = await ask<Answer>('tokens --dialect comfyui', 'a embedding:foo');
    expect(answer).toEqual({ chunks: [[320]], unknown: ['foo'] });
  });

  it('refuses what is no model', async () => {
    const problem = '--model must be one of clip, starter, not "t5".';
    expect(await run('tokens --model t5 a')).toEqual({ code: 2, problem });
  });
});
