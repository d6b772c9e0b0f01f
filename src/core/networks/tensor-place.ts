/** Where a tensor of ours lies in a file, or of which stored ones it is made. */

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
