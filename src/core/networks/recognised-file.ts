/** What is found in a file of one network or two that share their tensors. */
import type { ComponentId } from './components';
import type { Config } from './published/published';

/** Where a tensor of ours lies. */
export interface TensorPlace {
  /** Its name in the file. */
  key: string;
  /** One of several equal parts of the rows there. */
  rows?: { part: number; of: number };
  /** Stored as [in, out]. */
  isTransposed?: boolean;
}

/** A tensor of ours that is computed of stored ones. */
export interface MadePlace {
  /** Their names in the file. */
  from: readonly string[];
  /** Of what is made. */
  shape: readonly number[];
  make(values: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer>;
}

export interface RecognisedFile {
  /** What a pack keeps of it; they share tensors and config. */
  components: readonly ComponentId[];
  /** By our names. */
  names: ReadonlyMap<string, TensorPlace>;
  /** By our names too: these go before. */
  made?: ReadonlyMap<string, MadePlace>;
  /** Without what lies beside the file. */
  config: Config;
  /** Within a sentence: "a ControlNet". */
  name: string;
}
