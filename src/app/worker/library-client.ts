/** The page's end of the library's worker. */
import { proxy, wrap, type Remote } from 'comlink';
import { AppError, toAppError } from '../../core/errors';
import type { LibraryApi, LibrarySnapshot } from '../../engine/library-api';

function spawnLibrary(): Worker {
  return new Worker(new URL('../../../workers/library.worker.ts', import.meta.url), {
    type: 'module',
    name: 'library',
  });
}

/** The worker starts with the first call, and anew after a crash; every rejection is an AppError. */
export function createLibraryClient(spawn: () => Worker = spawnLibrary): LibraryApi {
  let remote: Remote<LibraryApi> | undefined;
  /** What a new worker must be told that takes the place of a crashed one. */
  let opened: { hub: string; onChange: (snapshot: LibrarySnapshot) => void } | undefined;
  /** Calls under way: they must not hang when the worker cannot be loaded. */
  const pending = new Set<(error: AppError) => void>();

  function connect(): Remote<LibraryApi> {
    const worker = spawn();
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      worker.terminate(); // with its locks: a new one may take up its downloads
      remote = undefined;
      const why = event.message ? `The library stopped: ${event.message}` : 'The library could not be started.';
      for (const reject of [...pending]) reject(new AppError('internal', why));
    });
    const api = wrap<LibraryApi>(worker);
    if (opened) {
      const { hub, onChange } = opened;
      // Where it fails, so does the call that started this worker.
      api.open({ hub }, proxy(onChange)).then(onChange, () => undefined);
    }
    return api;
  }

  function call<T>(work: (api: Remote<LibraryApi>) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      pending.add(reject);
      work((remote ??= connect()))
        .then(resolve, (error: unknown) => reject(toAppError(error)))
        .finally(() => pending.delete(reject));
    });
  }

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
    export: (id) => call((api) => api.export(id)),
    lookUp: (address) => call((api) => api.lookUp(address)),
    add: (entries) => call((api) => api.add(entries)),
    measureDevice: () => call((api) => api.measureDevice()),
  };
}
