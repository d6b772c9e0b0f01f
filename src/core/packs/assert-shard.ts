/** Whether a shard is the one that pack.json means: not half of it, a page in its place, or one of another version. */
import { AppError } from '../errors';
import { sha256 as hashOf } from '../math/sha256';
import type { PackShard } from './pack';

/**
 * @param where   as people know it
 * @param sha256  where it has been computed while the bytes came
 * @throws AppError 'bad-file'
 */
export function assertShard(where: string, bytes: Uint8Array, shard: PackShard | undefined, sha256?: string): void {
  const fail = (what: string): never => {
    throw new AppError('bad-file', `${where}: ${what}; get it again`);
  };
  if (!shard) return fail('is not of this pack');
  if (bytes.length !== shard.byteLength) fail(`has ${bytes.length} bytes instead of ${shard.byteLength}`);
  if ((sha256 ?? hashOf(bytes)) !== shard.sha256) fail('is not what its SHA-256 says');
}
