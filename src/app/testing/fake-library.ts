/** A library for tests and for work on the page: models come in two seconds, or not at all. */
import type { ModelEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { LibraryApi, LibrarySnapshot, StoredModel, Transfer } from '../../engine/library-api';

export interface FakeLibrary extends LibraryApi {
  readonly calls: string[];
  /** What the page is to see next. */
  show(change: Partial<LibrarySnapshot>): void;
}

export function createFakeLibrary(start: Partial<LibrarySnapshot> = {}, stepMs = 0): FakeLibrary {
  const calls: string[] = [];
  let listener: (snapshot: LibrarySnapshot) => void = () => undefined;
  let snapshot: LibrarySnapshot = {
    ...{ models: [], adapters: [], entries: [], transfers: [] },
    storage: { usedBytes: 30e6, quotaBytes: 60e9, isPersistent: true },
    ...start,
  };
  const show = (change: Partial<LibrarySnapshot>): void => {
    snapshot = { ...snapshot, ...change };
    listener(snapshot);
  };
  const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const stored = ({ id, name, family = 'sd15', role, plan = 'q8', downloadBytes = 0 }: ModelEntry): StoredModel => {
    const helper = role && { isHelper: true };
    return { id, name, family, plan, bytes: downloadBytes, addedAt: 0, fileName: `${id}.safetensors`, ...helper };
  };
  const transfer = (change: Partial<Transfer> & { id: string }): void => {
    const others = snapshot.transfers.filter(({ id }) => id !== change.id);
    const before = snapshot.transfers.find(({ id }) => id === change.id);
    const fresh = { name: change.id, state: 'downloading', doneBytes: 0, totalBytes: 100, canPause: true } as const;
    show({ transfers: [...others, { ...fresh, ...before, ...change }] });
  };
  const remove = (id: string): void => show({ transfers: snapshot.transfers.filter((one) => one.id !== id) });
  return {
    calls,
    show,
    open: (_setup, onChange) => {
      listener = onChange;
      return Promise.resolve(snapshot);
    },
    useHub: (hub) => void calls.push(`useHub ${hub}`),
    async download(entry) {
      calls.push(`download ${entry.id}${entry.plan && entry.plan !== 'q8' ? ` as ${entry.plan}` : ''}`);
      const { id, name, downloadBytes: totalBytes = 0 } = entry;
      for (let part = 0; part <= 10; part++) {
        const doneBytes = (totalBytes * part) / 10;
        transfer({
          id,
          name,
          doneBytes,
          totalBytes,
          bytesPerSecond: 24e6,
          secondsLeft: (totalBytes - doneBytes) / 24e6,
        });
        await rest(stepMs);
        if (snapshot.transfers.find((one) => one.id === id)?.state !== 'downloading') return;
      }
      remove(id);
      show({ models: [...snapshot.models, stored(entry)] });
    },
    pause: (id) => {
      calls.push(`pause ${id}`);
      transfer({ id, state: 'paused' });
      return Promise.resolve();
    },
    cancel: (id) => {
      calls.push(`cancel ${id}`);
      remove(id);
      return Promise.resolve();
    },
    importFiles: (files, plan) => {
      calls.push(`import ${files.map(({ path }) => path).join(' ')} as ${plan}`);
      return Promise.resolve([]);
    },
    delete: (id) => {
      calls.push(`delete ${id}`);
      show({
        models: snapshot.models.filter((model) => model.id !== id),
        adapters: snapshot.adapters.filter((adapter) => adapter.id !== id),
        entries: snapshot.entries.filter((entry) => entry.id !== id),
      });
      return Promise.resolve();
    },
    adapterFiles: (ids) => Promise.resolve(ids.map((id) => new Blob([id]))),
    adapterPreview: () => Promise.resolve(undefined),
    export: (id) => {
      calls.push(`export ${id}`);
      return Promise.resolve(new Blob(['tar']));
    },
    lookUp: (address) => Promise.reject(new AppError('bad-address', `${address}: nothing is there.`)),
    add: (entries) => {
      calls.push(`add ${entries.map(({ id }) => id).join(' ')}`);
      const ids = new Set(entries.map(({ id }) => id));
      show({ entries: [...snapshot.entries.filter(({ id }) => !ids.has(id)), ...entries] });
      return Promise.resolve(entries);
    },
    measureDevice: () =>
      Promise.resolve({
        hasWebGpu: true,
        adapter: 'nvidia ada-lovelace',
        isSoftware: false,
        shaderF16: true,
        maxBufferBytes: 2 ** 31,
        tflops: 4,
      }),
  };
}
