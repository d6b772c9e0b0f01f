/** Rows of token ids through a text encoder, the last ones kept. */
import type { Tokenizer } from '../../core/tokenizer';
import type { ModelEmbedding } from './embeddings';

export interface EncodedIds {
  /** [contextLength, width], not to be written to. */
  hidden: Float32Array;
  /** [pooled width], where the encoder gives one. */
  pooled?: Float32Array;
}

/** A place of a row that has a vector in place of its id's. */
export interface PlacedVector {
  position: number;
  embedding: ModelEmbedding;
  /** Which of the embedding's vectors it is, from 0. */
  index: number;
}

/** A text encoder with its vocabulary. */
export interface Encoder {
  readonly tokenizer: Tokenizer;
  /** Width of its vectors. */
  readonly width: number;
  /** @param ids [contextLength] */
  encodeRow(ids: readonly number[], vectors?: readonly PlacedVector[]): Promise<EncodedIds>;
}

/** Most prompts come again with another seed: 32 rows are 7.5 MB with Stable Diffusion 1.5, 20 MB with SDXL's two encoders. */
const KEPT_ROWS = 32;

/** `encodeRow` is asked only for rows that are not kept. */
export function createEncoder({ encodeRow, tokenizer, width }: Encoder): Encoder {
  const kept = new Map<string, EncodedIds>();
  return {
    tokenizer,
    width,
    async encodeRow(ids, vectors = []) {
      const key = rowKey(ids, vectors);
      const row = kept.get(key) ?? (await encodeRow(ids, vectors));
      kept.delete(key);
      kept.set(key, row);
      const [oldest] = kept.keys();
      if (kept.size > KEPT_ROWS && oldest !== undefined) kept.delete(oldest);
      return row;
    },
  };
}

function rowKey(ids: readonly number[], vectors: readonly PlacedVector[]): string {
  if (vectors.length === 0) return ids.join();
  return JSON.stringify([ids, vectors.map(({ position, embedding, index }) => [position, embedding.key, index])]);
}
