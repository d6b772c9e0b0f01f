/** Cuts stored weights into shards, one of them in memory at a time. */
import { sha256 as hashOf } from '../math/sha256';
import type { StoredBytes } from '../weights/stored-form';
import type { PackShard, ShardRange, StoredWeight } from './pack';
import type { StoredForm } from '../graph';
import type { PackDraft } from './pack-io';

/**
 * A shard is closed when the next weight would pass this. Small enough to be hosted anywhere (GitHub takes files below
 * 100 MB); a weight that is larger has a shard of its own: SDXL's token table of 126 MB in half precision.
 */
const SHARD_BYTES = 64 * 1024 * 1024;

/** Ranges begin at multiples of this: views over a shard may be arrays of any number type. */
const ALIGNMENT = 64;

const aligned = (end: number): number => Math.ceil(end / ALIGNMENT) * ALIGNMENT;

export class ShardWriter {
  readonly shards: PackShard[] = [];
  readonly #draft: PackDraft;
  readonly #component: string;
  readonly #limit: number;
  #parts: { offset: number; bytes: Uint8Array }[] = [];
  #end = 0;

  /** @param component  begins the shards' names */
  constructor(draft: PackDraft, component: string, limit = SHARD_BYTES) {
    this.#draft = draft;
    this.#component = component;
    this.#limit = limit;
  }

  async add({ data, scales }: StoredBytes, form: StoredForm, shape: readonly number[]): Promise<StoredWeight> {
    await this.#makeRoom(data.length + (scales ? ALIGNMENT + scales.length : 0));
    return { form, shape, data: this.#place(data), ...(scales ? { scales: this.#place(scales) } : {}) };
  }

  /** Bytes that are no weight of ours: a ready-made graph, and what it reads. */
  async put(bytes: Uint8Array): Promise<ShardRange> {
    await this.#makeRoom(bytes.length);
    return this.#place(bytes);
  }

  /** Writes what is not yet written. */
  async flush(): Promise<void> {
    if (this.#end === 0) return;
    const bytes = new Uint8Array(this.#end);
    for (const part of this.#parts) bytes.set(part.bytes, part.offset);
    const file = `${this.#component}-${this.shards.length}.bin`;
    this.#parts = [];
    this.#end = 0;
    const sha256 = hashOf(bytes);
    await this.#draft.addShard(file, bytes, sha256);
    this.shards.push({ file, byteLength: bytes.length, sha256 });
  }

  async #makeRoom(size: number): Promise<void> {
    if (this.#end > 0 && aligned(this.#end) + size > this.#limit) await this.flush();
  }

  #place(bytes: Uint8Array): ShardRange {
    const offset = aligned(this.#end);
    this.#parts.push({ offset, bytes });
    this.#end = offset + bytes.length;
    return { shard: this.shards.length, offset, byteLength: bytes.length };
  }
}
