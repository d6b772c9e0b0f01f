/** What is found in a file of one network or two that share their tensors. */
import type { ComponentId } from './components';
import type { Config } from './published/published';

/** Where a tensor of ours lies. */
export interface TensorPlace {
  /** Name of the tensor in the file. */
  key: string;
  /** One of several equal parts of the rows there. */
  rows?: { part: number; of: number };
  /** The matrix is stored as [in, out]. */
  isTransposed?: boolean;
}

/** A tensor of ours that is computed of stored ones. */
export interface MadePlace {
  /** Their names in the file. */
  from: readonly string[];
  /** Shape of the tensor that is made. */
  shape: readonly number[];
  make(values: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer>;
}

export interface RecognisedFile {
  /** What a pack keeps of it; they share tensors and config. */
  components: readonly ComponentId[];
  /** Where tensors are in the file, by our names. */
  names: ReadonlyMap<string, TensorPlace>;
  /** Tensors that are made of those, by our names; where both have one, these count. */
  made?: ReadonlyMap<string, MadePlace>;
  /** Config as far as the file tells it, without what lies beside. */
  config: Config;
  /** Name within a sentence: "a ControlNet". */
  name: string;
}
