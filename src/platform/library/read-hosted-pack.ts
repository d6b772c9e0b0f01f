/** Checks a pack.json that comes from elsewhere, as far as storing it needs; loading checks the rest. */
import { AppError } from '../../core/errors';
import { PACK_VERSION, type Pack } from '../../core/packs';

/** Contract of packs: shards of at most 256 MB. */
const MAX_SHARD_BYTES = 256 * 1024 * 1024;

/** @throws AppError 'bad-file' */
export function readHostedPack(name: string, value: unknown): Pack {
  const fail = (what: string): never => {
    throw new AppError('bad-file', `${name}: pack.json ${what}`);
  };
  const pack = (value ?? {}) as Partial<Pack>;
  if (typeof value !== 'object' || pack.version !== PACK_VERSION) return fail(`must have version ${PACK_VERSION}`);
  if (typeof pack.family !== 'string' || typeof pack.plan !== 'string') return fail('must name its family and plan');
  if (typeof pack.components !== 'object' || Array.isArray(pack.components)) return fail('must have components');
  const seen = new Set<string>();
  for (const [id, component] of Object.entries(pack.components)) {
    if (!Array.isArray(component?.shards) || typeof component.weights !== 'object')
      return fail(`has a component without shards: ${id}`);
    for (const { file, byteLength, sha256 } of component.shards) {
      if (typeof file !== 'string' || !/^[\w-][\w.-]*$/.test(file) || seen.has(file))
        return fail(`has a shard with a strange name: ${String(file)}`);
      if (!Number.isSafeInteger(byteLength) || byteLength <= 0 || byteLength > MAX_SHARD_BYTES)
        return fail(`has a shard of ${String(byteLength)} bytes; 256 MB is the most`);
      if (!/^[0-9a-f]{64}$/.test(String(sha256))) return fail(`has a shard without a SHA-256: ${file}`);
      seen.add(file);
    }
  }
  return value as Pack;
}
