/** How packs are read and written, wherever they lie. */
import type { SyncByteSource } from '../formats';
import type { Pack } from './pack';

/** A complete pack, ready to be loaded. */
export interface OpenPack {
  readonly pack: Pack;
  /** @param file name of a shard of the pack */
  shard(file: string): Promise<SyncByteSource>;
}

/** A pack being written. Nothing of it is visible before `commit`, nothing is left of it after `abort`. */
export interface PackDraft {
  /**
   * Shards are written one after another, each whole.
   *
   * @param sha256  hex, where it is known: bytes that another pack has already need not be kept again
   * @throws AppError 'quota' when there is no room
   */
  addShard(file: string, bytes: Uint8Array<ArrayBuffer>, sha256?: string): Promise<void>;
  commit(pack: Pack): Promise<void>;
  abort(): Promise<void>;
}

/** Writes a pack: the draft is committed at the end, and aborted on every failure. */
export async function writePack(draft: PackDraft, make: (draft: PackDraft) => Promise<Pack>): Promise<Pack> {
  try {
    const pack = await make(draft);
    await draft.commit(pack);
    return pack;
  } catch (error) {
    await draft.abort();
    throw error;
  }
}
