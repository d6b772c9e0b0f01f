/** The reader of a bundled model that describes one in its gesso.json. */
import { toAppError } from '../../core/errors';
import { readJsonSource } from '../../core/checkpoints/json-source';
import {
  createLanguages,
  createPlainReader,
  readNamesFile,
  readReaderFacts,
  type Languages,
  type PlainReader,
} from '../../core/plain-words';
import { BUNDLED_PATHS } from './bundled-pack';
import type { ModelFiles } from '../ports';

/** @throws AppError 'bad-file' */
export function openReader(extras: unknown, files: ModelFiles): PlainReader | undefined {
  const facts = readReaderFacts(extras, BUNDLED_PATHS.extras);
  if (!facts) return undefined;
  return createPlainReader(facts, () => openLanguages(files));
}

/** Where the file cannot be had, offline for one, English has to do. */
async function openLanguages(files: ModelFiles): Promise<Languages | undefined> {
  try {
    const json = await readJsonSource(await files.open(BUNDLED_PATHS.names));
    return createLanguages(readNamesFile(json, BUNDLED_PATHS.names));
  } catch (thrown) {
    if (toAppError(thrown).code === 'internal') throw thrown;
    return undefined;
  }
}
