/** CLIP's tokenizer on tokenizers.js, made from a model's own tokenizer.json and tokenizer_config.json. */
import type { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import { AppError } from '../../core/errors';
import { cleanText, type Tokenizer } from '../../core/tokenizer';

const TOKENIZER_FILE = 'tokenizer/tokenizer.json';
const CONFIG_FILE = 'tokenizer/tokenizer_config.json';

/** CLIP has 77, its long variants some hundred; files without a limit say 1e30, which no text encoder has. */
const MAX_CONTEXT = 8192;

type Json = Record<string, unknown>;

/**
 * Every id comes from the files.
 *
 * @throws AppError 'bad-file' naming the file and what is wrong in it
 */
export async function createClipTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): Promise<Tokenizer> {
  const json = asObject(tokenizerJson, TOKENIZER_FILE);
  const config = withPlainTokens(asObject(tokenizerConfig, CONFIG_FILE));
  const contextLength = readContextLength(config);
  const tokenizer = await construct(json, config);
  const startId = tokenId(tokenizer, config, 'bos_token');
  const endId = tokenId(tokenizer, config, 'eos_token');
  return {
    encode: (text) => tokenizer.encode(cleanText(text), { add_special_tokens: false }).ids,
    startId,
    endId,
    padId: config['pad_token'] === undefined ? endId : tokenId(tokenizer, config, 'pad_token'),
    commaId: tokenizer.token_to_id(`,${wordEnd(json)}`),
    contextLength,
  };
}

/** The library is a chunk of its own, loaded beside the model. */
async function construct(json: Json, config: Json): Promise<HubTokenizer> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  try {
    return new Tokenizer(json, config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('bad-file', `${TOKENIZER_FILE} does not describe a tokenizer: ${reason}`, { cause });
  }
}

/** Special tokens are written as text, or as an object with the text in `content`. */
function withPlainTokens(config: Json): Json {
  const plain = { ...config };
  for (const key of ['bos_token', 'eos_token', 'pad_token', 'unk_token']) {
    const value = config[key] ?? undefined;
    plain[key] = typeof value === 'object' && 'content' in value ? value.content : value;
  }
  return plain;
}

function readContextLength(config: Json): number {
  const value = config['model_max_length'];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 3 && value <= MAX_CONTEXT) return value;
  const found = JSON.stringify(value) ?? 'absent';
  throw new AppError(
    'bad-file',
    `${CONFIG_FILE}: model_max_length must be a whole number from 3 to ${MAX_CONTEXT}, not ${found}.`,
  );
}

function tokenId(tokenizer: HubTokenizer, config: Json, key: string): number {
  const token = config[key];
  const id = typeof token === 'string' ? tokenizer.token_to_id(token) : undefined;
  if (id !== undefined) return id;
  const found = JSON.stringify(token) ?? 'absent';
  throw new AppError('bad-file', `${CONFIG_FILE}: ${key} must be a token of ${TOKENIZER_FILE}, not ${found}.`);
}

/** What a word's last symbol carries in the vocabulary: `</w>` in CLIP. */
function wordEnd(json: Json): string {
  const suffix = asObject(json['model'], `${TOKENIZER_FILE}: model`)['end_of_word_suffix'];
  return typeof suffix === 'string' ? suffix : '';
}

function asObject(value: unknown, where: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new AppError('bad-file', `${where} must hold a JSON object.`);
}
