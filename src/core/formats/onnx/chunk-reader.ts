/** Reads a byte stream forwards, holding no more than what is asked for. */
import { AppError } from '../../errors';

/** Varints have at most ten bytes. */
const VARINT_BYTES = 10;

export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Bytes before #chunk. */
  #before = 0;

  constructor(
    chunks: AsyncIterable<Uint8Array>,
    readonly file: string,
  ) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  get position(): number {
    return this.#before + this.#at;
  }

  async isAtEnd(): Promise<boolean> {
    return this.#at === this.#chunk.length && !(await this.#next());
  }

  /** @throws AppError 'bad-file' when the stream ends before */
  async bytes(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const out = new Uint8Array(length);
    let done = 0;
    await this.pieces(length, (piece) => {
      out.set(piece, done);
      done += piece.length;
    });
    return out;
  }

  /** Hands on the next bytes as they come, without copying them. */
  async pieces(length: number, take: (piece: Uint8Array) => void): Promise<void> {
    for (let left = length; left > 0;) {
      if (this.#at === this.#chunk.length && !(await this.#next())) this.#failEarly();
      const piece = this.#chunk.subarray(this.#at, this.#at + left);
      take(piece);
      this.#at += piece.length;
      left -= piece.length;
    }
  }

  /** Lengths, and numbers that are not negative. */
  async varint(): Promise<number> {
    return Number(await this.varint64());
  }

  async varint64(): Promise<bigint> {
    let value = 0n;
    for (let i = 0; i < VARINT_BYTES; i++) {
      if (this.#at === this.#chunk.length && !(await this.#next())) this.#failEarly();
      const byte = this.#chunk[this.#at++];
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return value;
    }
    return this.fail('a number has more than ten bytes; this is no ONNX file');
  }

  fail(what: string): never {
    throw new AppError('bad-file', `${this.file}: byte ${this.position}: ${what}`);
  }

  #failEarly(): never {
    return this.fail('the file ends here, too early: the download is incomplete, fetch it again');
  }

  async #next(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      this.#before += this.#chunk.length;
      [this.#chunk, this.#at] = [value, 0];
      if (value.length > 0) return true;
    }
  }
}
