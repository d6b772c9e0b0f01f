/** LoRAs and embeddings that come with the app: listed with those of a person, fetched from beside it when they are wanted. */
import { AppError } from '../../core/errors';
import type { StoredAdapter } from '../../engine/library-api';
import type { AdapterStore } from '../storage/adapter-store';
import list from './built-in-adapters.json';

/** Folder below the app's address. */
export const ADD_ONS_FOLDER = 'models/starter-add-ons/';

/** Written by tools/ship-add-ons.mjs. */
export const BUILT_IN_ADAPTERS: readonly StoredAdapter[] = list as StoredAdapter[];

/** @throws AppError 'missing-file' */
export type FetchBuiltIn = (file: string) => Promise<Blob>;

/** Those of a store, and before them the built-in ones, which are never written nor deleted. */
export function withBuiltIn(
  store: AdapterStore,
  fetchFile: FetchBuiltIn,
  builtIn: readonly StoredAdapter[] = BUILT_IN_ADAPTERS,
): AdapterStore {
  const own = (id: string): StoredAdapter | undefined => builtIn.find((one) => one.id === id);
  return {
    list: async () => {
      // The same file, added by somebody before it was built in, is listed once.
      const stored = (await store.list()).filter(({ id }) => !own(id));
      return [...builtIn, ...stored];
    },
    put: (facts, file, preview) => store.put(facts, file, preview),
    update: async (facts, preview) => {
      if (!own(facts.id)) await store.update(facts, preview);
    },
    delete: (id) => store.delete(id),
    file: (id) => {
      const found = own(id);
      return found ? fetchFile(found.fileName) : store.file(id);
    },
    preview: async (id) => {
      const found = own(id);
      if (!found) return store.preview(id);
      // Who looks at it may use it offline: the service worker keeps what was fetched once.
      void fetchFile(found.fileName).catch((error: unknown) => console.info(`${found.name} could not be kept.`, error));
      return fetchFile(`${found.name}.webp`).catch(() => undefined);
    },
  };
}

/** @param baseUrl  the app's address */
export function fetchBuiltIn(baseUrl: string): FetchBuiltIn {
  return async (file) => {
    try {
      const answer = await fetch(new URL(ADD_ONS_FOLDER + file, baseUrl));
      if (answer.ok) return await answer.blob();
    } catch (error) {
      console.info(`${file} could not be fetched.`, error);
    }
    throw new AppError('missing-file', `${file} is built in, but could not be fetched: connect to the internet once.`);
  };
}
