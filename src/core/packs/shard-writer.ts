/** Cuts stored weights into shards, one of them in memory at a time. */
import { sha256 } from '../math/sha256';
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

/** SHA-256 in hex; the bytes do not change meanwhile. */
export type ShardHash = (bytes: Uint8Array<ArrayBuffer>) => string | Promise<string>;

/** A shard is hashed and kept while the next is filled: all are there after `flush`. */
export class ShardWriter {
  readonly shards: PackShard[] = [];
  readonly #draft: PackDraft;
  readonly #component: string;
  readonly #limit: number;
  readonly #hashOf: ShardHash;
  #count = 0;
  /** The shard before this one is kept, or why it could not be. */
  #kept: Promise<void> = Promise.resolve();
  #parts: { offset: number; bytes: Uint8Array }[] = [];
  #end = 0;

  /** @param component  begins the shards' names */
  constructor(draft: PackDraft, component: string, limit = SHARD_BYTES, hashOf: ShardHash = sha256) {
    this.#draft = draft;
    this.#component = component;
    this.#limit = limit;
    this.#hashOf = hashOf;
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
    await this.#close();
    await this.#kept;
  }

  /** Resolves when nothing is being written any more, however that ended. */
  async settled(): Promise<void> {
    await this.#kept.catch(() => undefined);
  }

  async #close(): Promise<void> {
    await this.#kept; // two in memory, and no more
    if (this.#end === 0) return;
    const bytes = new Uint8Array(this.#end);
    for (const part of this.#parts) bytes.set(part.bytes, part.offset);
    const file = `${this.#component}-${this.#count}.bin`;
    this.#parts = [];
    this.#end = 0;
    this.#count += 1;
    this.#kept = this.#keep(file, bytes);
    this.#kept.catch(() => undefined); // told when the next is closed
  }

  async #keep(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const sha256 = await this.#hashOf(bytes);
    await this.#draft.addShard(file, bytes, sha256);
    this.shards.push({ file, byteLength: bytes.length, sha256 });
  }

  async #makeRoom(size: number): Promise<void> {
    if (this.#end > 0 && aligned(this.#end) + size > this.#limit) await this.#close();
  }

  #place(bytes: Uint8Array): ShardRange {
    const offset = aligned(this.#end);
    this.#parts.push({ offset, bytes });
    this.#end = offset + bytes.length;
    return { shard: this.#count, offset, byteLength: bytes.length };
  }
}
