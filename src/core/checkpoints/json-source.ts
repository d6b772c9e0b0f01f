/** JSON files that lie beside weights, of bounded size. */
import { AppError } from '../errors';
import type { ByteSource } from '../formats';

/** An index of SDXL's shards has 0.3 MB; a config some kB. */
const MAX_JSON_BYTES = 16_000_000;

/** @returns an object @throws AppError 'bad-file' naming the file */
export async function readJsonSource(source: ByteSource): Promise<object> {
  const bad = (what: string, cause?: unknown): never => {
    throw new AppError('bad-file', `${source.name}: ${what}`, { cause });
  };
  if (source.size > MAX_JSON_BYTES)
    bad(`${source.size} bytes are too many for a JSON file (at most ${MAX_JSON_BYTES})`);
  const text = new TextDecoder().decode(await source.read(0, source.size));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return bad(`is not JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : bad('must hold a JSON object');
}
