/** The page's end of the library's worker. */
import { proxy, wrap, type Remote } from 'comlink';
import { AppError, toAppError } from '../../core/errors';
import type { LibraryApi } from '../../engine/library-api';

function spawnLibrary(): Worker {
  return new Worker(new URL('../../../workers/library.worker.ts', import.meta.url), {
    type: 'module',
    name: 'library',
  });
}

/** The worker starts with the first call; every rejection is an AppError. */
export function createLibraryClient(spawn: () => Worker = spawnLibrary): LibraryApi {
  let remote: Remote<LibraryApi> | undefined;
  /** Calls under way: they must not hang when the worker cannot be loaded. */
  const pending = new Set<(error: AppError) => void>();

  function connect(): Remote<LibraryApi> {
    const worker = spawn();
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      remote = undefined;
      const why = event.message ? `The library stopped: ${event.message}` : 'The library could not be started.';
      for (const reject of [...pending]) reject(new AppError('internal', why));
    });
    return wrap<LibraryApi>(worker);
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
    open: (setup, onChange) => call((api) => api.open(setup, proxy(onChange))),
    useHub: (hub) => void call((api) => api.useHub(hub)).catch(() => undefined), // open() has told it already
    download: (entry) => call((api) => api.download(entry)),
    pause: (id) => call((api) => api.pause(id)),
    cancel: (id) => call((api) => api.cancel(id)),
    importFiles: (files, plan) => call((api) => api.importFiles(files, plan)),
    delete: (id) => call((api) => api.delete(id)),
    export: (id) => call((api) => api.export(id)),
    addByAddress: (address) => call((api) => api.addByAddress(address)),
    measureDevice: () => call((api) => api.measureDevice()),
  };
}
