/** The models: what is on this computer, what is on its way, what can be got; and what a person does with them. */
import {
  entryWithoutCatalog,
  helperAsModel,
  HUB,
  isStoredAs,
  judge,
  recommend,
  storedAs,
  type Catalog,
  type DeviceFacts,
  type ModelEntry,
  type StoredAs,
  type Verdict,
} from '../../core/catalog';
import { AppError, toAppError } from '../../core/errors';
import type { LibraryApi, LibrarySnapshot, PickedFile, StoredModel, Transfer } from '../../engine/library-api';
import { saveFile } from './save-file';
import type { Store } from './storage';

export interface LibraryItem {
  entry: ModelEntry;
  /** On this computer, when it is. */
  stored?: StoredModel;
  transfer?: Transfer;
  /** It can paint now. */
  isUsable: boolean;
}

const NOTHING: LibrarySnapshot = {
  models: [],
  entries: [],
  transfers: [],
  storage: { usedBytes: 0, isPersistent: false },
};

export class ModelLibrary {
  readonly #api: LibraryApi;
  readonly #catalog: Catalog;
  readonly #store: Store;
  /** Asks the browser not to clear what is stored. */
  readonly #persist: () => Promise<unknown>;

  /** Whether its sheet is open. */
  isOpen = $state(false);
  #snapshot = $state.raw(NOTHING);
  #isReady = $state(false);
  #facts = $state.raw<DeviceFacts>();
  #problem = $state.raw<AppError>();
  /** A transfer tells of its failure itself, some time after the call has failed. */
  readonly #isTold = $derived.by(() =>
    this.#snapshot.transfers.some(({ error }) => error !== undefined && error.message === this.#problem?.message),
  );
  #hub = $state(HUB);
  #storedAs = $state<StoredAs>('q8');
  #accepted = $state.raw<readonly string[]>([]);

  readonly items: readonly LibraryItem[] = $derived.by(() => this.#list());
  /** Helpers of the catalogue: they paint nothing themselves. */
  readonly helpers: readonly LibraryItem[] = $derived.by(() =>
    (this.#catalog.helpers ?? []).map((helper) => this.#item(helperAsModel(helper))),
  );
  /** Models that can paint, the built-in one first. */
  readonly usable: readonly ModelEntry[] = $derived(
    this.items.filter(({ isUsable }) => isUsable).map(({ entry }) => entry),
  );
  readonly freeBytes = $derived.by(() => {
    const { quotaBytes, usedBytes } = this.#snapshot.storage;
    return quotaBytes === undefined ? undefined : Math.max(0, quotaBytes - usedBytes);
  });
  /** What to get first on this device, once it has been measured. */
  readonly recommended = $derived.by(() => {
    const absent = this.items.filter(({ isUsable }) => !isUsable).map(({ entry }) => entry);
    return this.#facts ? recommend(absent, this.#facts, this.freeBytes) : undefined;
  });

  constructor(
    api: LibraryApi,
    catalog: Catalog,
    store: Store,
    persist = () => navigator.storage?.persist?.() ?? Promise.resolve(false),
  ) {
    this.#api = api;
    this.#catalog = catalog;
    this.#store = store;
    this.#persist = persist;
    const { hub, accepted, storedAs: plan } = store.read();
    if (isStoredAs(plan)) this.#storedAs = plan;
    if (typeof hub === 'string' && isAddress(hub)) this.#hub = hub;
    if (Array.isArray(accepted)) this.#accepted = accepted.filter((id): id is string => typeof id === 'string');
  }

  get snapshot(): LibrarySnapshot {
    return this.#snapshot;
  }
  /** Whether what is stored is known yet. */
  get isReady(): boolean {
    return this.#isReady;
  }
  get facts(): DeviceFacts | undefined {
    return this.#facts;
  }
  /** What the last thing asked for came to, where it went wrong; a transfer's own error is in the transfer. */
  get problem(): AppError | undefined {
    return this.#isTold ? undefined : this.#problem;
  }
  get hub(): string {
    return this.#hub;
  }
  /** How models that come from now on are kept. */
  get storedAs(): StoredAs {
    return this.#storedAs;
  }

  /** A model's words in a picture's recipe: the file's name and hash as A1111 has them, else its id. */
  modelFacts(id: string): { model: string; modelHash?: string } {
    const stored = this.items.find(({ entry }) => entry.id === id)?.stored;
    if (!stored?.sha256) return { model: id };
    return { model: stored.fileName.replace(/\.[^.]+$/, ''), modelHash: stored.sha256.slice(0, 10) };
  }

  /** Never rejects: without its storage the page still paints with what is built in. */
  async open(): Promise<void> {
    try {
      this.#snapshot = await this.#api.open({ hub: this.#hub }, (snapshot) => void (this.#snapshot = snapshot));
      this.#isReady = true;
    } catch (error) {
      this.#problem = toAppError(error);
    }
  }

  /** Opens the sheet; the device is measured the first time. */
  show(): void {
    this.isOpen = true;
    this.measure();
  }

  measure(): void {
    if (this.#facts) return;
    this.#api.measureDevice().then(
      (facts) => void (this.#facts = facts),
      (error: unknown) => console.info('The device could not be measured.', error),
    );
  }

  verdict(entry: ModelEntry): Verdict | undefined {
    return this.#facts ? judge(entry, this.#facts, this.freeBytes) : undefined;
  }

  mustAccept({ id, licence }: ModelEntry): boolean {
    return licence.mustAccept === true && !this.#accepted.includes(id);
  }

  accept({ id }: ModelEntry): void {
    this.#accepted = [...this.#accepted, id];
    this.#keep();
  }

  /** Begins or goes on; what goes wrong is in its transfer. */
  get(entry: ModelEntry): Promise<void> {
    return this.#try(async () => {
      if (this.mustAccept(entry)) throw new AppError('bad-request', `${entry.name}: agree to its licence first.`);
      await this.#persist();
      await this.#api.download($state.snapshot(entry) as ModelEntry);
    });
  }

  pause(id: string): Promise<void> {
    return this.#try(() => this.#api.pause(id));
  }

  cancel(id: string): Promise<void> {
    return this.#try(() => this.#api.cancel(id));
  }

  delete(id: string): Promise<void> {
    return this.#try(() => this.#api.delete(id));
  }

  /** Saves the pack as a file. */
  export(id: string): Promise<void> {
    return this.#try(async () => saveFile(await this.#api.export(id), `${id}.tar`));
  }

  /** Files that were picked or dropped: checkpoints and packs. */
  importFiles(files: Iterable<File>): Promise<void> {
    const picked: PickedFile[] = [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    return this.#try(async () => {
      await this.#persist();
      await this.#api.importFiles(picked, this.#storedAs);
    });
  }

  storeAs(plan: StoredAs): void {
    this.#storedAs = plan;
    this.#keep();
  }

  addByAddress(address: string): Promise<void> {
    return this.#try(async () => void (await this.#api.addByAddress(address)));
  }

  /** What is no address is kept as the problem. */
  useHub(address: string): void {
    const hub = address.trim().replace(/\/+$/, '') || HUB;
    if (!isAddress(hub)) {
      this.#problem = new AppError('bad-request', `"${hub}" is no https:// address of a mirror.`);
      return;
    }
    this.#problem = undefined;
    this.#hub = hub;
    this.#api.useHub(hub);
    this.#keep();
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#problem = undefined;
    try {
      await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'cancelled') this.#problem = error;
    }
  }

  #keep(): void {
    this.#store.write({ hub: this.#hub, accepted: this.#accepted, storedAs: this.#storedAs });
  }

  #list(): LibraryItem[] {
    const helpers = new Set(this.#catalog.helpers?.map(({ id }) => id));
    const models = this.#snapshot.models.filter(({ isHelper }) => !isHelper);
    const transfers = this.#snapshot.transfers.filter(({ id }) => !helpers.has(id));
    const known = new Map(this.#catalog.models.map((entry) => [entry.id, entry]));
    for (const entry of this.#snapshot.entries) if (!known.has(entry.id)) known.set(entry.id, entry);
    for (const { id, name, family, bytes } of models)
      if (!known.has(id))
        known.set(id, entryWithoutCatalog(id, name, family, { source: { kind: 'imported' }, downloadBytes: bytes }));
    for (const { id, name } of transfers)
      if (!known.has(id))
        known.set(id, entryWithoutCatalog(id, name, undefined, { source: { kind: 'imported' }, downloadBytes: 1 }));
    return [...known.values()].map((entry) => this.#item(entry));
  }

  /** With what there is of it here. */
  #item(entry: ModelEntry): LibraryItem {
    const { models, transfers } = this.#snapshot;
    const stored = models.find(({ id }) => id === entry.id);
    const transfer = transfers.find(({ id }) => id === entry.id);
    const isUsable = entry.source.kind === 'bundled' || stored !== undefined;
    const found = isUsable ? entry : storedAs(entry, this.#storedAs);
    return { entry: found, isUsable, ...(stored && { stored }), ...(transfer && { transfer }) };
  }
}

function isAddress(text: string): boolean {
  return /^https:\/\/[^/\s]+(\/\S*)?$/.test(text) || /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(text);
}

/** As a list that grows and shrinks with the library. */
export function usableModels(library: ModelLibrary): { readonly models: ModelEntry[] } {
  return {
    get models() {
      return [...library.usable];
    },
  };
}
