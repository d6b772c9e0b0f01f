/** Reads parts of an adapter's layers; whole numbers too, as which some trainers store alpha. */
import { isFloatDtype, toFloat32 } from '../checkpoints/to-float32';
import { readStored } from '../checkpoints/stored-tensor';
import { AppError } from '../errors';
import { DTYPE_BYTES, type TensorDtype, type TensorFile } from '../formats';
import type { Part } from './kind';

type View = new (buffer: ArrayBuffer) => ArrayLike<number | bigint>;

const WHOLE: Partial<Record<TensorDtype, View>> = {
  I64: BigInt64Array,
  U64: BigUint64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** As alpha and flags may be stored, but no factors. */
export const isWhole = (dtype: TensorDtype): boolean => Object.hasOwn(WHOLE, dtype);

/** @throws AppError 'bad-file' naming the tensor, where a value is not a number */
export const readPart = async (file: TensorFile, key: string): Promise<Part> => (await holdPart(file, key))();

/** Reads its bytes; they become numbers whenever the part is asked for. @throws as `readPart`, then or now */
export async function holdPart(file: TensorFile, key: string): Promise<() => Part> {
  const entry = file.tensors.get(key);
  if (!entry) throw new AppError('bad-file', `${file.source.name}: tensor "${key}" is missing`);
  const { shape, dtype } = entry;
  if (entry.strides) {
    const values = await readStored({ file, key, entry, shape });
    return () => ({ shape, values });
  }
  const bytes = await file.source.read(entry.offset, entry.byteLength);
  return () => ({ shape, values: numbersOf(bytes, dtype, `${file.source.name}: tensor "${key}"`) });
}

function numbersOf(bytes: Uint8Array<ArrayBuffer>, dtype: TensorDtype, where: string): Float32Array {
  const Whole = WHOLE[dtype];
  if (isFloatDtype(dtype) || !Whole) return toFloat32(bytes, dtype, where);
  const whole = bytes.byteLength % DTYPE_BYTES[dtype] === 0 ? new Whole(bytes.slice().buffer) : [];
  return Float32Array.from(Array.from(whole, Number));
}

/** Reads at once that a slow source is asked for. */
const BATCH = 64;

/** The values of tensors that hold one number each. */
export async function readNumbers(file: TensorFile, keys: readonly string[]): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for (let at = 0; at < keys.length; at += BATCH)
    await Promise.all(
      keys.slice(at, at + BATCH).map(async (key) => numbers.set(key, (await readPart(file, key)).values[0])),
    );
  return numbers;
}
