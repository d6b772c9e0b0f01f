/** CLIP's real vocabulary against its own tokenizer, the starter model's against its golden ids, and damaged files. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { chunkText } from '../../core/prompt';
import type { Tokenizer } from '../../core/tokenizer';
import { createClipTokenizer } from './clip-tokenizer';
import { CLIP_MERGES, createClipTokenizerFiles, unpackMerges, type TokenizerFiles } from './clip-tokenizer-files';
import fixture from './fixtures/clip-ids.json';

const PUBLIC = new URL('../../../public/', import.meta.url);

function readStarter(name: string): Record<string, unknown> {
  const file = new URL(`../../../tools/starter/model/tokenizer/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

describe("createClipTokenizer with OpenAI's vocabulary", () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const merges = await unpackMerges(readFileSync(new URL(CLIP_MERGES, PUBLIC)));
    const { json, config } = createClipTokenizerFiles(merges);
    tokenizer = await createClipTokenizer(json, config);
  });

  it.each(fixture.cases)('gives the ids of open_clip for $text', ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  it('has the ids that Stable Diffusion knows', () => {
    const { startId, endId, padId, commaId, contextLength } = tokenizer;
    expect({ startId, endId, padId, commaId, contextLength }).toEqual({
      startId: 49406,
      endId: 49407,
      padId: 49407,
      commaId: 267,
      contextLength: 77,
    });
  });

  it('reads special tokens written in a prompt as such', () => {
    expect(tokenizer.encode('a <|endoftext|> b')).toEqual([320, 49407, 321]);
  });

  it('encodes a very long prompt in time and loses nothing', () => {
    const ids = tokenizer.encode('a red apple, '.repeat(5000));
    expect(ids.length).toBe(20000);
    const { chunks } = chunkText('a red apple, '.repeat(5000), tokenizer, { dialect: 'a1111' });
    expect(chunks.every((chunk) => chunk.ids.length === 77)).toBe(true);
    expect(chunks.flatMap((chunk) => chunk.ids.filter((id) => id < tokenizer.startId))).toEqual(ids);
  });

  it.each(['a1111', 'comfyui'] as const)('gives each token of a weighted prompt its weight (%s)', (dialect) => {
    const { chunks, tokens } = chunkText('masterpiece, (best quality:1.2), 1girl', tokenizer, { dialect });
    expect([chunks.length, tokens]).toEqual([1, 7]);
    expect(chunks[0].ids.slice(0, 9)).toEqual([49406, 12066, 267, 949, 3027, 267, 272, 1611, 49407]);
    expect(chunks[0].weights).toEqual([1, 1, 1, 1.2, 1.2, ...new Array<number>(72).fill(1)]);
  });
});

describe('createClipTokenizer with the starter model', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await createClipTokenizer(readStarter('tokenizer.json'), readStarter('tokenizer_config.json'));
  });

  // reference.json of the model, made by transformers.
  it('gives its golden rows for a prompt and for the empty prompt', () => {
    const ids = tokenizer.encode('a red apple');
    expect(ids).toEqual([320, 556, 732]);
    const rows = (text: string) => chunkText(text, tokenizer, { dialect: 'a1111' }).chunks.map((chunk) => chunk.ids);
    expect(rows('a red apple')).toEqual([[2046, 320, 556, 732, ...new Array<number>(73).fill(2047)]]);
    expect(rows('')).toEqual([[2046, ...new Array<number>(76).fill(2047)]]);
  });

  it('splits what it never saw into bytes that it has', () => {
    for (const text of ['café', '🙂', '猫', "it's", '§ßñ', '\u0000\u0007']) {
      const ids = tokenizer.encode(text);
      expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < 2046)).toBe(true);
    }
    expect(tokenizer.encode('CAFÉ')).toEqual(tokenizer.encode('cafe\u0301'));
  });
});

describe('createClipTokenizer', () => {
  // A vocabulary of bytes and a few merges: enough for what the files say about it.
  const { json, config } = createClipTokenizerFiles(['i n', 't h', 'a n', 'r e'].join('\n'));
  const create = (changes: Partial<TokenizerFiles>) =>
    createClipTokenizer(changes.json ?? json, changes.config ?? config);

  it('takes the padding of OpenCLIP, which is token 0', async () => {
    const tokenizer = await create({ config: { ...config, pad_token: '!' } });
    expect([tokenizer.padId, tokenizer.startId, tokenizer.endId]).toEqual([0, 516, 517]);
  });

  it('pads with the end token where the files name no padding', async () => {
    expect((await create({ config: { ...config, pad_token: undefined } })).padId).toBe(517);
    expect((await create({ config: { ...config, pad_token: null } })).padId).toBe(517);
  });

  it('reads special tokens written as objects, and another context length', async () => {
    const written = {
      bos_token: { content: '<|startoftext|>' },
      eos_token: { __type: 'AddedToken', content: '<|endoftext|>' },
    };
    const tokenizer = await create({ config: { ...config, ...written, model_max_length: 248 } });
    expect([tokenizer.startId, tokenizer.endId, tokenizer.contextLength]).toEqual([516, 517, 248]);
  });

  it('knows no comma where the vocabulary has none', async () => {
    const model = json['model'] as { vocab: Record<string, number> };
    const vocab = Object.fromEntries(Object.entries(model.vocab).filter(([symbol]) => symbol !== ',</w>'));
    expect((await create({ json: { ...json, model: { ...model, vocab } } })).commaId).toBeUndefined();
  });

  it.each([
    ['a text', { json: 'vocab' as unknown as Record<string, unknown> }, /^tokenizer\/tokenizer\.json must/],
    ['no model', { json: { ...json, model: undefined } }, /^tokenizer\/tokenizer\.json/],
    ['no merges', { json: { ...json, model: { type: 'BPE', vocab: {} } } }, /^tokenizer\/tokenizer\.json does not/],
    ['no added tokens', { json: { ...json, added_tokens: undefined } }, /^tokenizer\/tokenizer\.json does not/],
    ['an unknown model', { json: { ...json, model: { type: 'Magic' } } }, /^tokenizer\/tokenizer\.json does not/],
    ['no length', { config: { ...config, model_max_length: undefined } }, /model_max_length .* not absent/],
    ['an endless length', { config: { ...config, model_max_length: 1e30 } }, /model_max_length .* not 1e\+30/],
    ['a length without room', { config: { ...config, model_max_length: 2 } }, /model_max_length .* not 2/],
    ['no start', { config: { ...config, bos_token: undefined } }, /bos_token .* not absent/],
    ['an unknown end', { config: { ...config, eos_token: '<eos>' } }, /eos_token .* not "<eos>"/],
    ['an unknown padding', { config: { ...config, pad_token: '<pad>' } }, /pad_token .* not "<pad>"/],
  ])('names the file and the fault of files with %s', async (_, files, message) => {
    await expect(create(files)).rejects.toMatchObject({ code: 'bad-file', message: expect.stringMatching(message) });
  });
});
