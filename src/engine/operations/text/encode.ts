/** Prompt texts → contexts: rows through the text encoder, weighed, joined along the token axis. */
import { AppError } from '../../../core/errors';
import type { ToldNumbers } from '../../../core/families';
import { joinFloats } from '../../../core/math';
import {
  chunkText,
  hasNoWeights,
  weighA1111,
  weighComfy,
  type Chunk,
  type EncodedRow,
  type ReadingOptions,
} from '../../../core/prompt';
import type { ModelEmbedding } from '../../models/embeddings';
import type { Encoder, PlacedVector } from '../../models/encoder';

/** Numbers of a picture, each as ToldNumbers has it. */
export type Told = Readonly<Partial<Record<ToldNumbers, readonly number[]>>>;

/** What the U-Net reads of a text. */
export interface Context {
  /** What cross-attention reads: [1, tokens, width]. Not to be written to. */
  data: Float32Array;
  tokens: number;
  width: number;
  /** The text in one vector, of its first chunk, where the encoder gives one: SDXL. */
  pooled?: Float32Array;
  /** What graphs tell of the picture in place of what is so. */
  told?: Told;
}

export interface EncodeOptions extends ReadingOptions {
  embeddings?: readonly ModelEmbedding[];
  /** Awaited before each row; what it throws ends the work. */
  pause?(): Promise<void>;
}

export interface EncodedTexts {
  /** Contexts by text. Those of A1111's dialect have all the same number of tokens. */
  contexts: Map<string, Context>;
  /** Names after `embedding:` that are not there. */
  unknown: string[];
}

/** A text's rows, and how often it occurs among those encoded together. */
interface TextRows {
  text: string;
  times: number;
  rows: EncodedRow[];
  pooled: Float32Array | undefined;
}

/**
 * All texts of a prompt's schedule, repeated ones too: A1111 encodes them as one batch, over which its emphasis 'original'
 * takes the mean, and which it fills up with empty chunks. Prompts of any length work: rows are encoded one by one.
 *
 * @throws AppError 'not-a-number' when weights are too large for float32
 * @see A1111 modules/sd_hijack_clip.py; ComfyUI comfy/sd1_clip.py encode_token_weights
 */
export async function encodeTexts(
  texts: readonly string[],
  encoder: Encoder,
  options: EncodeOptions,
): Promise<EncodedTexts> {
  const read = [...new Set(texts)].map((text) => ({ text, ...chunkText(text, encoder.tokenizer, options) }));
  const isComfy = options.dialect === 'comfyui';
  const length = isComfy ? 0 : Math.max(...read.map(({ chunks }) => chunks.length));
  const [emptyChunk] = chunkText('', encoder.tokenizer, options).chunks;
  const encodeChunk = async ({ ids, weights, vectors }: Chunk): Promise<EncodedRow & Pick<Context, 'pooled'>> => {
    await options.pause?.();
    const placed = placedVectors(vectors, options.embeddings ?? []);
    return { ...(await encoder.encodeRow(ids, placed)), weights };
  };
  const all: TextRows[] = [];
  for (const { text, chunks } of read) {
    const rows: Awaited<ReturnType<typeof encodeChunk>>[] = [];
    for (let i = 0; i < Math.max(length, chunks.length); i++) rows.push(await encodeChunk(chunks[i] ?? emptyChunk));
    all.push({ text, times: texts.filter((other) => other === text).length, rows, pooled: rows[0].pooled });
  }
  if (isComfy) await weighTextsComfy(all, () => encodeChunk(emptyChunk));
  else weighTextsA1111(all, options);
  const contexts = new Map(all.map((read) => [read.text, joinRows(read, encoder.width)]));
  return { contexts, unknown: [...new Set(read.flatMap(({ unknown }) => unknown))] };
}

function placedVectors(places: Chunk['vectors'], embeddings: readonly ModelEmbedding[]): PlacedVector[] {
  return places.map(({ position, name, index }) => {
    const embedding = embeddings.find((one) => one.name === name);
    if (!embedding) throw new RangeError(`no embedding "${name}"`); // rows are made with these names alone
    return { position, embedding, index };
  });
}

/** Weighs texts in place: each row's vectors are replaced, not changed. */
function weighTextsA1111(all: readonly TextRows[], { emphasis = 'original' }: ReadingOptions): void {
  const [first] = all;
  first?.rows.forEach((_, i) => {
    const column = all.map(({ rows, times }) => ({ ...rows[i], times }));
    weighA1111(column, emphasis).forEach((hidden, j) => (all[j].rows[i] = { ...column[j], hidden }));
  });
}

async function weighTextsComfy(all: readonly TextRows[], encodeEmpty: () => Promise<EncodedRow>): Promise<void> {
  for (const { rows } of all) {
    if (rows.every(hasNoWeights)) continue;
    const empty = await encodeEmpty();
    rows.forEach((row, i) => (rows[i] = { ...row, hidden: weighComfy(row, empty.hidden) }));
  }
}

function joinRows({ text, rows, pooled }: TextRows, width: number): Context {
  const data = joinFloats(rows.map(({ hidden }) => hidden));
  const context = { data, tokens: data.length / width, width, ...(pooled ? { pooled } : {}) };
  if (data.every(Number.isFinite) && (pooled ?? []).every(Number.isFinite)) return context;
  throw new AppError(
    'not-a-number',
    `The text encoder gives values that are not numbers for "${shortened(text)}". Try smaller weights in the prompt.`,
  );
}

/** What of a text a message shows. */
const SHOWN_LENGTH = 60;

function shortened(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
