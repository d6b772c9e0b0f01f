/** A tensor of ours inside a file: which bytes of which stored tensor, and what is done to them on the way out. */
import { AppError } from '../errors';
import type { TensorEntry, TensorFile } from '../formats';
import type { MadePlace } from '../networks/tensor-place';
import { transposed } from '../math';
import { toFloat32 } from './to-float32';

export interface Stored {
  file: TensorFile;
  /** Its name in the file. */
  key: string;
  entry: TensorEntry;
}

export interface StoredTensor extends Stored {
  /** Shape in which it is given out. */
  shape: readonly number[];
  /** Which of the stored rows; all where absent. */
  rows?: { start: number; count: number };
  /** Stored as [in, out], given out as [out, in]. */
  transposed?: boolean;
  /** It is computed of these. */
  made?: { of: readonly StoredTensor[]; make: MadePlace['make'] };
  /** Scaled float8: what the values are multiplied by, one number or one a row. */
  scale?: Stored;
}

export const whereIs = ({ file, key }: Stored): string => `${file.source.name}: tensor "${key}"`;

/** @throws AppError 'bad-file' naming file and tensor */
export async function readStored(tensor: StoredTensor): Promise<Float32Array<ArrayBuffer>> {
  if (tensor.made) {
    const values: Float32Array<ArrayBuffer>[] = [];
    for (const one of tensor.made.of) values.push(await readStored(one));
    return tensor.made.make(values);
  }
  const values = await readRows(tensor);
  if (tensor.scale) multiply(values, await readRows(tensor.scale), whereIs(tensor.scale));
  const [rows, columns] = tensor.entry.shape;
  return tensor.transposed ? transposed(values, rows, columns) : values;
}

async function readRows(stored: Stored & Pick<StoredTensor, 'rows'>): Promise<Float32Array<ArrayBuffer>> {
  const { file, entry } = stored;
  const where = whereIs(stored);
  if (entry.strides) return gather(stored, entry.strides, where);
  const rows = stored.rows ?? { start: 0, count: entry.shape[0] ?? 1 };
  const rowBytes = entry.byteLength / Math.max(entry.shape[0] ?? 1, 1);
  const bytes = await file.source.read(entry.offset + rows.start * rowBytes, rows.count * rowBytes);
  return toFloat32(bytes, entry.dtype, where);
}

/** Tensors of torch files that were saved transposed or as a part of another. */
async function gather(
  { file, entry, rows }: Stored & Pick<StoredTensor, 'rows'>,
  strides: readonly number[],
  where: string,
) {
  const bytes = await file.source.read(entry.offset, entry.byteLength);
  const stretch = toFloat32(bytes, entry.dtype, where);
  const count = entry.shape.reduce((product, n) => product * n, 1);
  const values = new Float32Array(count);
  const index = entry.shape.map(() => 0);
  for (let i = 0, at = 0; i < count; i++) {
    values[i] = stretch[at];
    for (let axis = index.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < entry.shape[axis]) break;
      at -= strides[axis] * index[axis];
      index[axis] = 0;
    }
  }
  const rowLength = count / Math.max(entry.shape[0] ?? 1, 1);
  return rows ? values.slice(rows.start * rowLength, (rows.start + rows.count) * rowLength) : values;
}

function multiply(values: Float32Array, scales: Float32Array, where: string): void {
  const rowLength = values.length / scales.length;
  if (scales.length === 0 || !Number.isInteger(rowLength))
    throw new AppError('bad-file', `${where} has ${scales.length} scales for ${values.length} values`);
  for (let row = 0; row < scales.length; row++)
    for (let i = row * rowLength; i < (row + 1) * rowLength; i++) values[i] *= scales[row];
}

/** @returns undefined where the file lacks one that it is made of */
export function madeTensor(file: TensorFile, { from, shape, make }: MadePlace): StoredTensor | undefined {
  const of = from.flatMap((key): StoredTensor[] => {
    const entry = file.tensors.get(key);
    return entry ? [{ file, key, entry, shape: entry.shape }] : [];
  });
  const [first] = of;
  return of.length < from.length ? undefined : { ...first, shape, made: { of, make } };
}
