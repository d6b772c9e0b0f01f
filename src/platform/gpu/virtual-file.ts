/**
 * An external data file whose ranges are made when ONNX Runtime asks for them: no file, no array of its size.
 *
 * onnxruntime-web 1.31 takes anything that is `instanceof Uint8Array`, compares `byteLength` with the ranges in the graph and
 * calls `subarray` once for each initializer, which goes straight to its GPU buffer or its place in the wasm heap. All of it
 * is internal to that version: the tests beside this file fail where another does otherwise. onnxruntime-node copies the
 * whole array instead and cannot use this.
 */
import type { LazyFile } from '../../core/weights';

export class VirtualFile extends Uint8Array<ArrayBuffer> {
  readonly #file: LazyFile;
  /** What a weight threw: ONNX Runtime keeps only that something failed. */
  failure: unknown;

  constructor(file: LazyFile) {
    super(new ArrayBuffer(0));
    this.#file = file;
  }

  /** Arrays derived from this one (slice, map) are plain. */
  static get [Symbol.species](): typeof Uint8Array {
    return Uint8Array;
  }

  override get byteLength(): number {
    return this.#file.byteLength;
  }

  override subarray(begin = 0, end = this.#file.byteLength): Uint8Array<ArrayBuffer> {
    try {
      return this.#file.read(begin, end - begin);
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
