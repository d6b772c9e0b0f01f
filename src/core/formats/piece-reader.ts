/** Protobuf fields of a large file, one after another, with little of it in memory. */
import { AppError } from '../errors';
import type { ByteSource } from './byte-source';

export interface Field {
  number: number;
  /** Wire type 2: a text, bytes or a message. Its content is from the reader's position to `end`. */
  isBytes: boolean;
  end: number;
  /** Place where its tag begins. */
  start: number;
}

const WINDOW_BYTES = 256 * 1024;
/** More in one piece is no field of a graph. */
const MAX_TAKEN_BYTES = 256 * 2 ** 20;

export class PieceReader {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;
  position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get name(): string {
    return this.#source.name;
  }

  /** The next field's head; the position is then where its content begins. @param limit  where its message ends */
  async field(limit: number): Promise<Field> {
    const start = this.position;
    const tag = await this.#varint(limit);
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number < 1) this.#fail('has a field without a number; this is no ONNX file');
    const length = wire === 2 ? await this.#varint(limit) : await this.#plainLength(wire, limit);
    const end = this.position + length;
    if (end > limit) this.#fail(`ends in the middle of a field of ${length} bytes; the file is incomplete`);
    return { number, isBytes: wire === 2, start, end };
  }

  /** The whole field with its tag; the position is then behind it. */
  async take({ start, end }: Field): Promise<Uint8Array> {
    if (end - start > MAX_TAKEN_BYTES) this.#fail(`has a field of ${end - start} bytes in its graph`);
    const bytes = await this.#read(start, end - start);
    this.position = end;
    return bytes;
  }

  skip({ end }: Field): void {
    this.position = end;
  }

  async #plainLength(wire: number, limit: number): Promise<number> {
    if (wire === 0) {
      const start = this.position;
      await this.#varint(limit);
      const length = this.position - start;
      this.position = start;
      return length;
    }
    if (wire === 1) return 8;
    return wire === 5 ? 4 : this.#fail('has a field of an unknown kind; this is no ONNX file');
  }

  /** A number of at most ten bytes; what does not fit into a double's integers is no length and no tag, but may be a value. */
  async #varint(limit: number): Promise<number> {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (this.position >= limit) this.#fail('ends in the middle of a number; the file is incomplete');
      const [byte] = await this.#read(this.position++, 1);
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    return this.#fail('has a number of more than ten bytes; this is no ONNX file');
  }

  async #read(start: number, length: number): Promise<Uint8Array> {
    const end = start + length;
    if (start < this.#windowStart || end > this.#windowStart + this.#window.length) {
      const wanted = Math.min(Math.max(length, WINDOW_BYTES), this.#source.size - start);
      this.#window = await this.#source.read(start, wanted);
      this.#windowStart = start;
    }
    return this.#window.slice(start - this.#windowStart, end - this.#windowStart);
  }

  #fail(what: string): never {
    throw new AppError('bad-file', `${this.name}: ${what}`);
  }
}
