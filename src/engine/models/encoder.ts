/** Rows of token ids through a text encoder, the last ones kept. */
import type { Tokenizer } from '../../core/tokenizer';

export interface EncodedIds {
  /** [contextLength, width], not to be written to. */
  hidden: Float32Array;
  /** [pooled width], where the encoder gives one. */
  pooled?: Float32Array;
}

/** A text encoder with its vocabulary. */
export interface Encoder {
  readonly tokenizer: Tokenizer;
  /** Of its vectors. */
  readonly width: number;
  /** @param ids [contextLength] */
  encodeRow(ids: readonly number[]): Promise<EncodedIds>;
}

/** Most prompts come again with another seed: 32 rows are 7.5 MB with Stable Diffusion 1.5, 20 MB with SDXL's two encoders. */
const KEPT_ROWS = 32;

/** `encodeRow` is asked only for rows that are not kept. */
export function createEncoder({ encodeRow, tokenizer, width }: Encoder): Encoder {
  const kept = new Map<string, EncodedIds>();
  return {
    tokenizer,
    width,
    async encodeRow(ids) {
      const key = ids.join();
      const row = kept.get(key) ?? (await encodeRow(ids));
      kept.delete(key);
      kept.set(key, row);
      const [oldest] = kept.keys();
      if (kept.size > KEPT_ROWS && oldest !== undefined) kept.delete(oldest);
      return row;
    },
  };
}
