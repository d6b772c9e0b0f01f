/** Pictures to start from, in memory. */
import { pixelHash } from '../../core/image/pixel-hash';
import type { Pixels } from '../../engine/api';
import type { AssetStore } from '../state/start/asset-store';

export interface MemoryAssetStore extends AssetStore {
  readonly kept: Map<string, Pixels>;
}

export function memoryAssetStore(): MemoryAssetStore {
  const kept = new Map<string, Pixels>();
  return {
    kept,
    put(pixels) {
      const hash = pixelHash(pixels);
      kept.set(hash, pixels);
      return Promise.resolve(hash);
    },
    get: (hash) => Promise.resolve(kept.get(hash)),
    keys: () => Promise.resolve([...kept.keys()]),
    remove(hashes) {
      for (const hash of hashes) kept.delete(hash);
      return Promise.resolve();
    },
  };
}

/** A small picture of one colour. */
export function plainPicture(level: number, width = 8, height = 8): Pixels {
  return { width, height, data: new Uint8ClampedArray(width * height * 4).fill(level) };
}
