/** The page's end of the library's worker. */
import { proxy } from 'comlink';
import { AppError } from '../core/errors';
import type { LibraryApi, LibrarySnapshot } from '../engine/library-api';
import { createWorkerLine } from './worker-line';

function spawnLibrary(): Worker {
  return new Worker(new URL('../../workers/library.worker.ts', import.meta.url), {
    type: 'module',
    name: 'library',
  });
}

/** After a crash its locks are gone with it: a new worker may take up its downloads. */
export function createLibraryClient(spawn: () => Worker = spawnLibrary): LibraryApi {
  /** What a new worker must be told that takes the place of a crashed one. */
  let opened: { hub: string; onChange: (snapshot: LibrarySnapshot) => void } | undefined;
  const { call } = createWorkerLine<LibraryApi>({
    spawn,
    failure: (message) =>
      new AppError(
        'internal',
        message === undefined ? 'The library could not be started.' : `The library stopped: ${message}`,
      ),
    onStart(remote) {
      if (!opened) return;
      const { hub, onChange } = opened;
      // Where it fails, so does the call that started this worker.
      remote.open({ hub }, proxy(onChange)).then(onChange, () => undefined);
    },
  });

  return {
    open(setup, onChange) {
      const snapshot = call((api) => api.open(setup, proxy(onChange)));
      opened = { hub: setup.hub, onChange };
      return snapshot;
    },
    useHub(hub) {
      if (opened) opened.hub = hub;
      call((api) => api.useHub(hub)).catch(() => undefined); // open() has told it already
    },
    download: (entry) => call((api) => api.download(entry)),
    pause: (id) => call((api) => api.pause(id)),
    cancel: (id) => call((api) => api.cancel(id)),
    importFiles: (files, plan) => call((api) => api.importFiles(files, plan)),
    delete: (id) => call((api) => api.delete(id)),
    adapterFiles: (ids) => call((api) => api.adapterFiles(ids)),
    adapterPreview: (id) => call((api) => api.adapterPreview(id)),
    export: (id) => call((api) => api.export(id)),
    lookUp: (address) => call((api) => api.lookUp(address)),
    add: (entries) => call((api) => api.add(entries)),
    measureDevice: () => call((api) => api.measureDevice()),
  };
}
