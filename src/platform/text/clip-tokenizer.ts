/** CLIP's tokenizer on transformers.js, made from a model's own tokenizer.json and tokenizer_config.json. */
import { AppError } from '../../core/errors';
import { cleanText, type Tokenizer } from '../../core/tokenizer';
import { importTransformers, type Transformers } from './transformers';

const TOKENIZER_FILE = 'tokenizer/tokenizer.json';
const CONFIG_FILE = 'tokenizer/tokenizer_config.json';

/** CLIP has 77, its long variants some hundred; files without a limit say 1e30, which no text encoder has. */
const MAX_CONTEXT = 8192;

type Json = Record<string, unknown>;
type ClipTokenizer = InstanceType<Transformers['CLIPTokenizer']>;

/**
 * Nothing is fetched but this app's own chunk with transformers.js. Every id comes from the files.
 *
 * @throws AppError 'bad-file' naming the file and what is wrong in it
 */
export async function createClipTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): Promise<Tokenizer> {
  const json = asObject(tokenizerJson, TOKENIZER_FILE);
  const config = withPlainTokens(asObject(tokenizerConfig, CONFIG_FILE));
  const contextLength = readContextLength(config);
  const { CLIPTokenizer } = await importTransformers();
  const tokenizer = construct(CLIPTokenizer, json, config);
  const startId = tokenId(tokenizer, config, 'bos_token');
  const endId = tokenId(tokenizer, config, 'eos_token');
  return {
    encode: (text) => tokenizer.encode(cleanText(text), { add_special_tokens: false }),
    startId,
    endId,
    padId: config['pad_token'] === undefined ? endId : tokenId(tokenizer, config, 'pad_token'),
    commaId: idOf(tokenizer, `,${wordEnd(json)}`),
    contextLength,
  };
}

function construct(CLIPTokenizer: Transformers['CLIPTokenizer'], json: Json, config: Json): ClipTokenizer {
  try {
    return new CLIPTokenizer(json, config);
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

function tokenId(tokenizer: ClipTokenizer, config: Json, key: string): number {
  const token = config[key];
  const id = typeof token === 'string' ? idOf(tokenizer, token) : undefined;
  if (id !== undefined) return id;
  const found = JSON.stringify(token) ?? 'absent';
  throw new AppError('bad-file', `${CONFIG_FILE}: ${key} must be a token of ${TOKENIZER_FILE}, not ${found}.`);
}

/** transformers.js types the result as a number, but gives undefined for a token that it does not know. */
function idOf(tokenizer: ClipTokenizer, token: string): number | undefined {
  return tokenizer.convert_tokens_to_ids(token) as number | undefined;
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
