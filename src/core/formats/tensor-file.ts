/** What every file of tensors comes to: a table of names with dtype, shape and place, read by range. */
import type { ByteSource } from './byte-source';

/** Bytes of one element. @see huggingface/safetensors, format description: dtype names; safetensors/src/tensor.rs */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
  F8_E8M0: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  C64: 8,
} as const satisfies Record<string, number>;

export type TensorDtype = keyof typeof DTYPE_BYTES;

export interface TensorEntry {
  dtype: TensorDtype;
  shape: readonly number[];
  /** Place from the start of the file, in bytes. */
  offset: number;
  /** Bytes of the whole stretch that holds the tensor: more than its elements where `strides` skip some. */
  byteLength: number;
  /** Elements from one index to the next, for each axis; absent where the tensor is row-major without gaps. */
  strides?: readonly number[];
}

export interface TensorFile {
  source: ByteSource;
  format: 'safetensors' | 'torch';
  tensors: Map<string, TensorEntry>;
  /** What the file says of itself in words. */
  metadata: Record<string, string>;
}
