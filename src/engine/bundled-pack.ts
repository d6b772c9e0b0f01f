/** A bundled model: a pack in a folder below the app's own, whose shards are fetched when a component is opened. */
import { AppError } from '../core/errors';
import { bytesSyncSource, type SyncByteSource } from '../core/formats';
import { sha256 } from '../core/math/sha256';
import { parsePack, type Pack, type PackShard } from '../core/packs';
import { readJson, readOptionalJson } from './model-files';
import type { ModelFiles, OpenPack } from './ports';

export const BUNDLED_PATHS = {
  pack: 'pack.json',
  /** Optional: what a pack does not hold (colours of latents, for previews; names of subjects). */
  extras: 'gesso.json',
} as const;

/** Of the file being fetched, and of all shards so far. */
export type LoadProgress = (file: string, loadedBytes: number) => void;

export interface BundledInput {
  files: ModelFiles;
  /** Of the model. */
  name: string;
  onProgress: LoadProgress;
}

export interface BundledPack extends OpenPack {
  extras: unknown;
}

/** Shards stay in memory: bundled models are small. @throws AppError 'missing-file', 'offline' or 'bad-file' naming the file */
export async function openBundledPack({ files, name, onProgress }: BundledInput): Promise<BundledPack> {
  const pack = parsePack(name, await readJson(files, BUNDLED_PATHS.pack));
  const extras = await readOptionalJson(files, BUNDLED_PATHS.extras);
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
    assertWhole(bytes, file, shards.get(file));
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

const shardsOf = ({ components }: Pack): PackShard[] => Object.values(components).flatMap(({ shards }) => shards);

/** Half of a file, a page in its place, or a file of another version. */
function assertWhole(bytes: Uint8Array, file: string, shard: PackShard | undefined): void {
  const fail = (what: string): never => {
    throw new AppError('bad-file', `${file}: ${what}; reload the page to get it again`);
  };
  if (!shard) fail('is not of this pack');
  else if (bytes.length !== shard.byteLength) fail(`has ${bytes.length} bytes instead of ${shard.byteLength}`);
  else if (sha256(bytes) !== shard.sha256) fail('its bytes are not those of this model (SHA-256)');
}
