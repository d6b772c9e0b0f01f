/** What an embedding is once it is read. */
import type { ComponentId } from '../../networks';
import type { ModelFamily } from '../../families';

export interface EncoderVectors {
  component: ComponentId;
  /** Tokens that it stands for. */
  count: number;
  width: number;
  /** The vectors, [count, width]. */
  values: Float32Array;
}

export interface Embedding {
  /** Name by which prompts call it: the file's name without its ending, a picture's own, or a token. */
  name: string;
  /** Undefined where it fits a model of no published size. */
  family: ModelFamily | undefined;
  /** One for each text encoder that it changes, in the order of the family. */
  vectors: readonly EncoderVectors[];
  /** Tensors that are of no use here, each with the reason: "clip_l_out is added at the encoder's end". */
  ignored: readonly string[];
}

/** Positions of a prompt's chunk. */
export const MOST_VECTORS = 75;
