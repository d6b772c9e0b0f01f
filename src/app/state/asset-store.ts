/** The port behind pictures that others start from. Fulfilled by platform/storage in main.ts. */
import type { Pixels } from '../../engine/api';

/** Pictures by the hash of their pixels, each kept once. */
export interface AssetStore {
  /** @returns its hash: see core/image/pixel-hash. @throws AppError 'quota' */
  put(pixels: Pixels): Promise<string>;
  /** To the byte, as it was given; undefined where it is not here. */
  get(hash: string): Promise<Pixels | undefined>;
  keys(): Promise<readonly string[]>;
  remove(hashes: readonly string[]): Promise<void>;
}
