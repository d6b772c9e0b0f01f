/** Reads a pickle's arguments, and never beyond its end. */
import { PickleError } from './pickle-error';

/** Whole numbers in a checkpoint have 64 bits, its first one 80; longer ones only slow a reader down. */
const MAX_INTEGER_BYTES = 32;
const MAX_DIGITS = 100;

export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#position = start;
  }

  get position(): number {
    return this.#position;
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** The one number with its first byte first. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** Two's complement, little-endian; a bigint where a number would not be exact. */
  long(length: number): number | bigint {
    if (length > MAX_INTEGER_BYTES) throw new PickleError(`a whole number of ${length} bytes is too long`);
    const bytes = this.bytes(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    const signed = length === 0 ? 0n : BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.bytes(length));
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw new PickleError('it ends within a line');
    const text = this.text(end - this.#position);
    this.#position = end + 1;
    return text;
  }

  /** A quoted text of protocol 0; its escapes are left as they are, as no name of a tensor has any. */
  quotedLine(): string {
    const line = this.line();
    if (line.length < 2 || !/^['"]/.test(line) || line.at(-1) !== line[0])
      throw new PickleError('a text has no quotes');
    return line.slice(1, -1);
  }

  /** "12", "12L", and "01" for true: protocol 0. */
  decimalInteger(): number {
    const line = this.line();
    if (line.length > MAX_DIGITS || !/^[+-]?\d+L?$/.test(line)) throw new PickleError('a whole number is none');
    return Number.parseInt(line, 10);
  }

  decimal(): number {
    const line = this.line();
    if (line.length > MAX_DIGITS) throw new PickleError('a number is too long');
    return Number(line);
  }

  #take(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.length - start)
      throw new PickleError(`it ends within byte ${start} and ${start + length}`);
    this.#position = start + length;
    return start;
  }
}
