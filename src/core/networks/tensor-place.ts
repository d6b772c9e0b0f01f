/** Where a tensor of ours lies in a file, or of which stored ones it is made. */

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
  /** Names of the stored tensors in the file. */
  from: readonly string[];
  /** Shape of the tensor that is made. */
  shape: readonly number[];
  make(values: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer>;
}
