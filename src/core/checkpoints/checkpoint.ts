/** A component's tensors by name, wherever and however they are stored. */
import { AppError } from '../errors';
import { openTensorFile, type ByteSource, type TensorFile } from '../formats';
import { exprTensors, type BuiltGraph } from '../graph';
import { currentName } from '../networks/names/diffusers-names';
import type { TensorReader } from './opened';
import { readStored, whereIs, type StoredTensor } from './stored-tensor';
import { FLOAT_DTYPES, isFloatDtype } from './to-float32';

export class Checkpoint implements TensorReader {
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #files: string;

  /** @param tensors by diffusers' names */
  constructor(tensors: ReadonlyMap<string, StoredTensor>) {
    this.#tensors = tensors;
    this.#files = [...new Set([...tensors.values()].map(({ file }) => file.source.name))].join(', ');
  }

  /**
   * Opens files of one component that have diffusers' names.
   * @throws AppError 'bad-file' when a header is not sound
   */
  static async open(sources: readonly ByteSource[]): Promise<Checkpoint> {
    const files = await Promise.all(sources.map(openTensorFile));
    return new Checkpoint(new Map(files.flatMap(diffusersTensors)));
  }

  /**
   * Checks that every tensor the graph needs is there, with its shape and a float dtype, before anything is read.
   * @param isElsewhere  of tensors that come from somewhere else
   * @throws AppError 'bad-file' naming file and tensor
   */
  assertFits(graph: BuiltGraph, isElsewhere = (_name: string): boolean => false): void {
    for (const { name, shape } of exprTensors(graph.weights.map((w) => w.expr)))
      if (!isElsewhere(name)) assertFits(this.#find(name), shape);
  }

  names(): string[] {
    return [...this.#tensors.keys()];
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  shape(name: string): readonly number[] {
    return this.#find(name).shape;
  }

  async read(name: string): Promise<Float32Array<ArrayBuffer>> {
    return readStored(this.#find(name));
  }

  #find(name: string): StoredTensor {
    const found = this.#tensors.get(name);
    if (!found)
      throw new AppError(
        'bad-file',
        `${this.#files}: tensor "${name}" is missing: the file is not whole, or of another model`,
      );
    return found;
  }
}

/** @throws AppError 'bad-file' */
export function assertFits(tensor: StoredTensor, shape: readonly number[], wanted = 'its config.json asks for'): void {
  if (tensor.shape.join() !== shape.join())
    throw new AppError(
      'bad-file',
      `${whereIs(tensor)} has shape [${tensor.shape.join(', ')}]; ${wanted} [${shape.join(', ')}]`,
    );
  if (!isFloatDtype(tensor.entry.dtype))
    throw new AppError(
      'bad-file',
      `${whereIs(tensor)} has dtype ${tensor.entry.dtype}; a weight must be one of ${FLOAT_DTYPES}`,
    );
}

function diffusersTensors(file: TensorFile): [string, StoredTensor][] {
  return [...file.tensors].map(([key, entry]) => [currentName(key), { file, key, entry, shape: entry.shape }]);
}
