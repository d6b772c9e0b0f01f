/** SDXL's two encoders: what is joined, what is pooled, what an empty negative becomes. Vectors hold ids, as in conditioning.test. */
import { describe, expect, it } from 'vitest';
import type { Tokenizer } from '../../../core/tokenizer';
import { createConditioning } from '../../testing/conditioning';
import type { Context } from './encode';
import { createEncoder, type Encoder } from '../../models/encoder';
import { usedClipSkip } from '../../models/traits';

const [START, END] = [50, 60];
/** Letters are tokens: a is 1. Chunks hold 4. */
const tokenizer = (padId: number): Tokenizer => ({
  encode: (text) => [...text.replace(/[^a-z]/g, '')].map((sign) => sign.charCodeAt(0) - 96),
  startId: START,
  endId: END,
  padId,
  commaId: undefined,
  contextLength: 6,
});

const ran: string[] = [];
const encoders: Encoder[] = [
  createEncoder({
    tokenizer: tokenizer(END),
    width: 1,
    encodeRow: (ids) => {
      ran.push('first');
      return Promise.resolve({ hidden: Float32Array.from(ids) });
    },
  }),
  createEncoder({
    tokenizer: tokenizer(0),
    width: 2,
    encodeRow: (ids) => {
      ran.push('second');
      return Promise.resolve({
        hidden: Float32Array.from(ids.flatMap((id) => [id, -id])),
        pooled: Float32Array.of(ids[1]),
      });
    },
  }),
];

type Fields = Parameters<typeof createConditioning>[0];
const base: Fields = { prompt: 'ab', negativePrompt: 'c', cfgScale: 7, dialect: 'a1111', emphasis: 'original' };
const at0 = async (changes: Partial<Fields>) =>
  (await createConditioning({ ...base, ...changes }, encoders, { calls: 4, zeroesEmptyNegative: true })).at(0);
const isZero = ({ data, pooled }: Context): boolean => [...data, ...(pooled ?? [1])].every((value) => value === 0);

describe('SDXL', () => {
  it('joins both encoders channel by channel, each with its own padding', async () => {
    const { positive, negative } = await at0({});
    const [{ context }] = positive;
    expect([context.tokens, context.width]).toEqual([6, 3]);
    expect([...context.data]).toEqual([
      START,
      START,
      -START,
      1,
      1,
      -1,
      2,
      2,
      -2,
      END,
      END,
      -END,
      END,
      0,
      -0,
      END,
      0,
      -0,
    ]);
    expect([...(context.pooled ?? [])]).toEqual([1]);
    expect([...(negative?.pooled ?? [])]).toEqual([3]);
  });

  it('pools the first chunk, also of an AND part that is filled up', async () => {
    const { positive } = await at0({ prompt: 'bcdefg AND d' });
    expect(positive.map(({ context }) => [context.tokens, ...(context.pooled ?? [])])).toEqual([
      [12, 2],
      [12, 4],
    ]);
  });

  it('leaves the pooled vector alone where words are weighed', async () => {
    const [plain] = (await at0({})).positive;
    const [weighed] = (await at0({ prompt: '(ab:1.5)', emphasis: 'no_norm' })).positive;
    expect(weighed.context.data).not.toEqual(plain.context.data);
    expect(weighed.context.pooled).toEqual(plain.context.pooled);
  });

  it('gives zeros for an empty negative as A1111 does, and the empty prompt as ComfyUI does', async () => {
    const zero = (await at0({ negativePrompt: '' })).negative;
    expect(zero && isZero(zero)).toBe(true);
    const space = (await at0({ negativePrompt: ' ' })).negative;
    expect(space && isZero(space)).toBe(false);
    const comfy = (await at0({ negativePrompt: '', dialect: 'comfyui' })).negative;
    expect(comfy && isZero(comfy)).toBe(false);
  });

  it('runs all rows of one encoder before the first of the other', async () => {
    ran.length = 0;
    await at0({ prompt: 'x AND y', negativePrompt: 'z' });
    expect(ran).toEqual(['first', 'first', 'first', 'second', 'second', 'second']);
  });
});

describe('usedClipSkip', () => {
  it('is the last layer but one for SDXL, deeper only where ComfyUI’s dialect says so; none for OpenCLIP alone', () => {
    expect([1, 2, 4].map((n) => usedClipSkip('from_two', n, 'a1111'))).toEqual([2, 2, 2]);
    expect([1, 2, 4].map((n) => usedClipSkip('from_two', n, 'comfyui'))).toEqual([2, 2, 4]);
    expect([1, 2, 4].map((n) => usedClipSkip('any', n, 'a1111'))).toEqual([1, 2, 4]);
    expect([1, 2, 4].map((n) => usedClipSkip('none', n, 'comfyui'))).toEqual([1, 1, 1]);
  });
});
