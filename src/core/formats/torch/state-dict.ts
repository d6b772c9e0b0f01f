/** Finds the tensors in what a torch file holds, and brings them to entries of a tensor file. */
import { AppError } from '../../errors';
import { DTYPE_BYTES, type TensorEntry } from '../tensor-file';
import { PickleError } from './pickle-error';
import { Tuple } from './pickle-values';
import { TorchTensor, type Storage } from './torch-objects';

/** Lightning puts the weights in "state_dict", beside the optimizer's; some tools nest it again. */
const STATE_DICT = 'state_dict';
const MAX_NESTING = 3;

/** The longest name in a checkpoint has about 120 letters. */
const MAX_NAME = 500;
/** A checkpoint with its copies for training has about 10⁴. */
const MAX_TENSORS = 100_000;

/**
 * Names with dots between the levels: "string_to_param.*".
 * @throws PickleError when there are more than any model has
 */
export function findTensors(value: unknown): Map<string, TorchTensor> {
  let root = value;
  for (let i = 0; i < MAX_NESTING && root instanceof Map && root.get(STATE_DICT) instanceof Map; i++)
    root = root.get(STATE_DICT);
  const found = new Map<string, TorchTensor>();
  collect(root, { prefix: '', depth: 0 }, { found, seen: new Set() });
  return found;
}

interface Search {
  found: Map<string, TorchTensor>;
  /** A dictionary that is in many others is looked at once. */
  seen: Set<unknown>;
}

function collect(value: unknown, { prefix, depth }: { prefix: string; depth: number }, search: Search): void {
  if (!(value instanceof Map || value instanceof Tuple || Array.isArray(value)) || search.seen.has(value)) return;
  search.seen.add(value);
  for (const [key, inner] of entriesOf(value)) {
    if (typeof key !== 'string' && typeof key !== 'number') continue;
    const name = prefix + String(key);
    if (name.length > MAX_NAME) throw new PickleError(`a name has ${name.length} letters`);
    if (inner instanceof TorchTensor) search.found.set(name, inner);
    else if (depth < MAX_NESTING) collect(inner, { prefix: `${name}.`, depth: depth + 1 }, search);
    if (search.found.size > MAX_TENSORS) throw new PickleError(`it has more than ${MAX_TENSORS} tensors`);
  }
}

/** Hypernetworks keep two layers together by their places, and embeddings the vectors of two text encoders. */
function entriesOf(value: Map<unknown, unknown> | Tuple | readonly unknown[]): Iterable<[unknown, unknown]> {
  if (value instanceof Map) return value;
  return (value instanceof Tuple ? value.items : value).entries();
}

/** Where a storage's bytes lie. */
export interface StoragePlace {
  offset: number;
  byteLength: number;
}

/** @throws AppError 'bad-file' when a tensor is larger than its storage, or its storage than the file */
export function tensorEntry(
  { storage, dtype, offset, shape, strides }: TorchTensor,
  place: StoragePlace,
  { file, name }: { file: string; name: string },
): TensorEntry {
  const bad = (what: string): never => {
    throw new AppError('bad-file', `${file}: tensor ${JSON.stringify(name.slice(0, 120))} ${what}`);
  };
  if (dtype === undefined) return bad('has a type of numbers that Gesso does not know');
  const size = DTYPE_BYTES[dtype];
  const count = shape.reduce((product, n) => product * n, 1);
  const stored = elementsOf(storage, size);
  if (stored * size > place.byteLength)
    return bad(`has a storage of ${stored * size} bytes but the file has ${place.byteLength} for it; fetch it again`);
  const span = count === 0 ? 0 : shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis], 1);
  if (offset + span > stored || count > stored)
    return bad(`has shape [${shape.join(', ')}] but its storage has ${stored} elements; the file is damaged`);
  const entry = { dtype, shape, offset: place.offset + offset * size, byteLength: span * size };
  return isRowMajor(shape, strides) || count === 0 ? entry : { ...entry, strides };
}

const elementsOf = ({ dtype, count }: Storage, size: number): number =>
  dtype === undefined ? Math.floor(count / size) : count;

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}
