/** A bundled model: a pack in a folder below the app's own, whose shards are fetched when a component is opened. */
import { readJsonSource } from '../../core/checkpoints/json-source';
import { AppError } from '../../core/errors';
import { bytesSyncSource, type SyncByteSource } from '../../core/formats';
import { sha256Beside } from '../../core/math/sha256';
import { assertShard, parsePack, shardsOf } from '../../core/packs';
import type { ModelFiles, OpenPack } from '../ports';

export const BUNDLED_PATHS = {
  pack: 'pack.json',
  /** Optional: what a pack does not hold (colours of latents, for previews; names of subjects). */
  extras: 'gesso.json',
  /** Optional: names of subjects in other languages. */
  names: 'names.json',
} as const;

/** Told with the file being fetched and the bytes of all shards so far. */
export type ReadingProgress = (file: string, loadedBytes: number) => void;

export interface BundledInput {
  files: ModelFiles;
  /** Name of the model. */
  name: string;
  onProgress: ReadingProgress;
  /** Whether the model has extras, which are then asked for. */
  hasExtras?: boolean;
}

export interface BundledPack extends OpenPack {
  extras: unknown;
}

/** Shards stay in memory: bundled models are small. @throws AppError 'missing-file', 'offline' or 'bad-file' naming the file */
export async function openBundledPack(input: BundledInput): Promise<BundledPack> {
  const { files, name, onProgress, hasExtras = true } = input;
  const pack = parsePack(name, await readJsonSource(await files.open(BUNDLED_PATHS.pack)));
  const extras = hasExtras ? await readExtras(files) : undefined;
  const shards = new Map(shardsOf(pack).map((shard) => [shard.file, shard]));
  const loaded = new Map<string, number>();
  const fetched = new Map<string, SyncByteSource>();

  async function fetchShard(file: string): Promise<SyncByteSource> {
    const source = await files.open(file, (bytes) => {
      loaded.set(file, bytes);
      onProgress(
        file,
        [...loaded.values()].reduce((sum, n) => sum + n, 0),
      );
    });
    const bytes = await source.read(0, source.size);
    assertShard(file, bytes, shards.get(file), await sha256Beside(bytes));
    return bytesSyncSource(file, bytes);
  }

  return {
    pack,
    extras,
    shard: async (file) => {
      const shard = fetched.get(file) ?? (await fetchShard(file));
      fetched.set(file, shard);
      return shard;
    },
  };
}

async function readExtras(files: ModelFiles): Promise<unknown> {
  try {
    return await readJsonSource(await files.open(BUNDLED_PATHS.extras));
  } catch (error) {
    if (error instanceof AppError && error.code === 'missing-file') return undefined;
    throw error;
  }
}
