/** A checkpoint tensor's bytes as float32, checked for values that are not numbers. */
import { AppError } from '../errors';
import type { TensorDtype } from '../formats';
import { E4M3FN, E5M2, float8ToFloat } from '../math/float8';
import { bfloatToFloat, halfToFloat } from '../math/half';

type Bytes = Uint8Array<ArrayBuffer>;

const READERS: Partial<Record<TensorDtype, (bytes: Bytes) => Float32Array<ArrayBuffer>>> = {
  F32: (b) => new Float32Array(b.buffer, b.byteOffset, b.length / 4),
  F16: (b) => halfToFloat(new Uint16Array(b.buffer, b.byteOffset, b.length / 2)),
  BF16: (b) => bfloatToFloat(new Uint16Array(b.buffer, b.byteOffset, b.length / 2)),
  F64: (b) => Float32Array.from(new Float64Array(b.buffer, b.byteOffset, b.length / 8)),
  F8_E4M3: (b) => float8ToFloat(b, E4M3FN),
  F8_E5M2: (b) => float8ToFloat(b, E5M2),
};

export const isFloatDtype = (dtype: TensorDtype): boolean => dtype in READERS;

/** The dtypes a weight may have, for messages. */
export const FLOAT_DTYPES = Object.keys(READERS).join(', ');

/**
 * @param bytes  little-endian, with an offset that is a multiple of the element's size
 * @param where  file and tensor, for the message
 * @throws AppError 'bad-file' on NaN, infinity, or a dtype that is no float
 */
export function toFloat32(bytes: Bytes, dtype: TensorDtype, where: string): Float32Array<ArrayBuffer> {
  const read = READERS[dtype];
  if (!read) throw new AppError('bad-file', `${where} has dtype ${dtype}; a weight must be one of ${FLOAT_DTYPES}`);
  const values = read(bytes);
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new AppError(
        'bad-file',
        `${where} holds ${values[i]} at element ${i}; the file is damaged: fetch it again`,
      );
  return values;
}
