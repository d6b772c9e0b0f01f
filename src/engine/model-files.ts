/** JSON files of a bundled model. */
import { AppError } from '../core/errors';
import type { ModelFiles } from './ports';

/** A JSON file of the app is at most some MB (CLIP's tokenizer is 3.6 MB); more is not what it says it is. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** @throws AppError 'bad-file' naming the file when it is not JSON */
export async function readJson(files: ModelFiles, path: string): Promise<unknown> {
  const source = await files.open(path);
  if (source.size > MAX_JSON_BYTES)
    throw new AppError('bad-file', `${path}: ${source.size} bytes is too much for a JSON file`);
  const bytes = await source.read(0, source.size);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new AppError('bad-file', `${path}: is not JSON (${words})`, { cause: error });
  }
}

/** As readJson, undefined where the file does not exist. */
export async function readOptionalJson(files: ModelFiles, path: string): Promise<unknown> {
  return readJson(files, path).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'missing-file') return undefined;
    throw error;
  });
}
