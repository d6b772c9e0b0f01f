/** Checks a pack.json that comes from elsewhere, as far as fetching and storing its shards needs; loading checks the rest. */
import { AppError } from '../errors';
import { PACK_VERSIONS, type Pack } from './pack';

/** Contract of packs: shards of at most 256 MB. */
const MAX_SHARD_BYTES = 256 * 1024 * 1024;

/** @param name  of the model, or where it comes from @throws AppError 'bad-file' */
export function parsePack(name: string, value: unknown): Pack {
  const fail = (what: string): never => {
    throw new AppError('bad-file', `${name}: pack.json ${what}`);
  };
  const pack = (value ?? {}) as Partial<Pack>;
  if (typeof value !== 'object' || !PACK_VERSIONS.some((version) => version === pack.version))
    return fail(`must have version ${PACK_VERSIONS.join(' or ')}, not ${String(pack.version)}`);
  for (const key of ['id', 'name', 'family', 'plan'] as const)
    if (typeof pack[key] !== 'string') return fail(`must have a ${key}`);
  if (typeof pack.source?.name !== 'string') return fail('must say what its source was');
  if (!isObject(pack.components)) return fail('must have components');
  const seen = new Set<string>();
  for (const [id, component] of Object.entries(pack.components)) {
    if (!isObject(component) || !Array.isArray(component.shards) || !isObject(component.weights))
      return fail(`has a component without shards: ${id}`);
    for (const { file, byteLength, sha256 } of component.shards.map((shard) => shard ?? {})) {
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

function isObject<T>(value: T | null | undefined): value is T & object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
