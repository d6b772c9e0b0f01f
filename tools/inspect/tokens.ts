/** `tokens`: a text's token ids, chunk by chunk. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chunkText } from '../../src/core/prompt';
import type { Tokenizer } from '../../src/core/tokenizer';
import { createClipTokenizer } from '../../src/platform/text/clip-tokenizer';
import {
  CLIP_MERGES,
  createClipTokenizerFiles,
  unpackMerges,
  type TokenizerFiles,
} from '../../src/platform/text/clip-tokenizer-files';
import { ROOT, STARTER_MODEL } from '../lib/paths.mjs';
import { DIALECT, readChoice, readDialect } from './names';
import { EMPHASIS, readEmphasis } from './prompt';
import type { Question } from './question';

/** Stands where a row has no token of the text; no id is negative. */
const NO_TOKEN = -1;

export const TOKENS: Question = {
  summary: 'a text\'s token ids without start, end and padding, one list a chunk: {"chunks":[[320,1125]]}',
  examples: ['tokens "a photo"', 'tokens "a (photo:1.2) BREAK of a cat" --weights', 'tokens "(x:1.3)" --emphasis none'],
  options: {
    model: { value: 'clip|starter', help: "whose vocabulary: CLIP's own (default) or the starter model's" },
    dialect: DIALECT,
    emphasis: EMPHASIS,
    weights: { help: 'adds "weights", one for each id' },
    rows: { help: 'adds "rows": the ids with start, end and padding' },
    pad: { value: 'clip|openclip', help: 'what rows are padded with: the end token (default), or 0' },
  },
  async ask(args) {
    const text = args.text();
    const options = { dialect: readDialect(args), emphasis: readEmphasis(args) };
    const model = readChoice(args, 'model', ['clip', 'starter']) ?? 'clip';
    const pad = readChoice(args, 'pad', ['clip', 'openclip']) ?? 'clip';
    const tokenizer = await tokenizerOf(model, pad);
    const { chunks, unknown } = chunkText(text, withoutSpecials(tokenizer), options);
    const rows = (): number[][] => chunkText(text, tokenizer, options).chunks.map(({ ids }) => ids);
    return {
      chunks: chunks.map(({ ids }) => ids.filter(isToken)),
      ...(args.has('weights') && {
        weights: chunks.map(({ ids, weights }) => weights.filter((_, i) => isToken(ids[i]))),
      }),
      ...(args.has('rows') && { rows: rows() }),
      ...(unknown.length > 0 && { unknown }),
    };
  },
};

/** Kept for the next question, which only tests have: each takes a third of a second to build. */
const tokenizers = new Map<string, Promise<Tokenizer>>();

function tokenizerOf(model: 'clip' | 'starter', pad: 'clip' | 'openclip'): Promise<Tokenizer> {
  const key = `${model} ${pad}`;
  const tokenizer = tokenizers.get(key) ?? createTokenizer(model, pad);
  tokenizers.set(key, tokenizer);
  return tokenizer;
}

async function createTokenizer(model: 'clip' | 'starter', pad: 'clip' | 'openclip'): Promise<Tokenizer> {
  const { json, config } = await (model === 'clip' ? clipFiles() : starterFiles());
  return createClipTokenizer(json, pad === 'clip' ? config : { ...config, pad_token: '!' });
}

/** So that the end token, where someone writes it in a prompt, is not taken for the row's own. */
function withoutSpecials({ encode, commaId, contextLength }: Tokenizer): Tokenizer {
  return { encode, commaId, contextLength, startId: NO_TOKEN, endId: NO_TOKEN, padId: NO_TOKEN };
}

function isToken(id: number): boolean {
  return id !== NO_TOKEN;
}

async function clipFiles(): Promise<TokenizerFiles> {
  return createClipTokenizerFiles(await unpackMerges(await readFile(join(ROOT, 'public', CLIP_MERGES))));
}

async function starterFiles(): Promise<TokenizerFiles> {
  const read = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(STARTER_MODEL, 'tokenizer', name), 'utf8')) as Record<string, unknown>;
  return { json: await read('tokenizer.json'), config: await read('tokenizer_config.json') };
}
