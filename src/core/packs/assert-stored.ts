/** Holds what pack.json says of a weight against its shards: packs come from anywhere. */
import { AppError } from '../errors';
import { elementCount, fitsNbits, packedShapes } from '../graph';
import { paletteSizes } from '../weights/palette';
import type { ShardRange } from './pack';
import type { StoredForm } from '../graph';

/** Bytes of data and scales of a weight. */
const SIZES: Record<StoredForm, (shape: readonly number[]) => { data: number; scales?: number }> = {
  float32: (shape) => ({ data: 4 * elementCount(shape) }),
  float16: (shape) => ({ data: 2 * elementCount(shape) }),
  int8_channel: (shape) => ({ data: elementCount(shape), scales: 4 * shape[0] }),
  palette4: (shape) => paletteSizes(elementCount(shape), 4),
  palette5: (shape) => paletteSizes(elementCount(shape), 5),
  palette6: (shape) => paletteSizes(elementCount(shape), 6),
  nbits8: (shape) => packedSizes(shape, 'nbits8'),
  nbits4: (shape) => packedSizes(shape, 'nbits4'),
};

function packedSizes(shape: readonly number[], form: 'nbits8' | 'nbits4'): { data: number; scales: number } {
  const { quants, scales } = packedShapes(shape, form);
  return { data: elementCount(quants), scales: 2 * elementCount(scales) };
}

/** @param where  names pack, component and weight @throws AppError 'bad-file' */
export function assertStored(where: string, stored: unknown, shardSizes: readonly number[]): void {
  const fail = (what: string): never => {
    throw new AppError('bad-file', `${where} ${what}; get the model again.`);
  };
  const { form, shape, data, scales } = (stored ?? {}) as Record<string, unknown>;
  if (typeof form !== 'string' || !Object.hasOwn(SIZES, form)) return fail(`is stored as ${JSON.stringify(form)}`);
  if (!isShape(shape)) return fail(`has the shape ${JSON.stringify(shape)}`);
  if (form.startsWith('nbits') && !fitsNbits(shape)) return fail(`is packed but no matrix: [${shape.join(', ')}]`);
  const sizes = SIZES[form as StoredForm](shape);
  for (const [name, range, size] of [
    ['values', data, sizes.data],
    ['scales', scales, sizes.scales],
  ] as const) {
    if (size === undefined) continue;
    if (!isRange(range, shardSizes)) return fail(`has its ${name} outside of the shards`);
    if (range.byteLength !== size) return fail(`has ${range.byteLength} bytes of ${name} instead of ${size}`);
  }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isShape(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((n) => isSize(n) && n > 0) && isSize(elementCount(value))
  );
}

function isRange(value: unknown, shardSizes: readonly number[]): value is ShardRange {
  const { shard, offset, byteLength } = (value ?? {}) as Record<string, unknown>;
  return isSize(shard) && isSize(offset) && isSize(byteLength) && offset + byteLength <= (shardSizes[shard] ?? -1);
}
