/** The port behind pictures that others start from. Fulfilled by platform/storage in main.ts. */
import type { Pixels } from '../../../engine/api';

/** Pictures by the hash of their pixels, each kept once. */
export interface AssetStore {
  /** @returns its hash: see core/image/pixel-hash. @throws AppError 'quota' */
  put(pixels: Pixels): Promise<string>;
  /** The pixels as they were given, to the byte; undefined where they are not here. */
  get(hash: string): Promise<Pixels | undefined>;
  keys(): Promise<readonly string[]>;
  remove(hashes: readonly string[]): Promise<void>;
}

/** One that is fetched when it is first asked for something; where it does not come, the next call tries again. */
export function lateAssetStore(load: () => Promise<AssetStore>): AssetStore {
  let store: Promise<AssetStore> | undefined;
  const open = (): Promise<AssetStore> =>
    (store ??= load().catch((error: unknown) => {
      store = undefined;
      throw error;
    }));
  return {
    put: async (pixels) => (await open()).put(pixels),
    get: async (hash) => (await open()).get(hash),
    keys: async () => (await open()).keys(),
    remove: async (hashes) => (await open()).remove(hashes),
  };
}
