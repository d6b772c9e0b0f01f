/** Gathers weights into shards, none of which cuts a tensor. */
import type { ExternalRange } from './external-data';

/** Typed arrays of any element may lie on the bytes of a shard, and files be mapped by page lines. */
const ALIGNMENT = 64;

interface Target {
  nameOf(index: number): string;
  addShard(location: string, pieces: readonly Uint8Array[], byteLength: number): Promise<void>;
}

export class ShardWriter {
  readonly #target: Target;
  readonly #shardBytes: number;
  #index = 0;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(target: Target, shardBytes: number) {
    this.#target = target;
    this.#shardBytes = shardBytes;
  }

  /** Makes room for a tensor, whose bytes must follow with `add`. */
  async place(byteLength: number): Promise<ExternalRange> {
    const start = Math.ceil(this.#length / ALIGNMENT) * ALIGNMENT;
    if (this.#length > 0 && start + byteLength > this.#shardBytes) await this.finish();
    else if (start > this.#length) this.add(new Uint8Array(start - this.#length));
    return { location: this.#target.nameOf(this.#index), offset: this.#length, byteLength };
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** Hands on what there is. */
  async finish(): Promise<void> {
    if (this.#length === 0) return;
    const [pieces, length] = [this.#pieces, this.#length];
    [this.#pieces, this.#length] = [[], 0];
    await this.#target.addShard(this.#target.nameOf(this.#index++), pieces, length);
  }
}
