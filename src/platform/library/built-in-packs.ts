/** The model that comes with the app, for what fits no published one: a LoRA of its own size. */
import { readJsonSource } from '../../core/checkpoints/json-source';
import { parsePack, type Pack } from '../../core/packs';
import { createFetchFiles } from '../net/fetch-files';

/** Folder below the app's address. */
const FOLDER = 'models/starter/';

/** @param baseUrl the app's address. @returns none where it cannot be fetched: without it nothing else is worse */
export function fetchBuiltInPacks(
  baseUrl: string,
  files = createFetchFiles(new URL(FOLDER, baseUrl).href),
): () => Promise<Pack[]> {
  return async () => {
    try {
      return [parsePack(FOLDER, await readJsonSource(await files.open('pack.json')))];
    } catch (error) {
      console.info('The built-in model could not be fetched.', error);
      return [];
    }
  };
}
