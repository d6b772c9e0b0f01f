/** The models: what is on this computer, what is on its way, what can be got; and what a person does with them. */
import type { Catalog, ModelEntry } from '../../../core/catalog/catalog';
import { judge, recommend, type DeviceFacts, type Verdict } from '../../../core/catalog/verdict';
import { AppError, toAppError } from '../../../core/errors';
import type { LibraryApi, LibrarySnapshot, PickedFile, StoredAdapter, StoredModel } from '../../../engine/library-api';
import { Adding } from './adding.svelte';
import { BUILT_IN_CONTROLS } from '../control/built-in-control';
import { listHelpers, listModels, type LibraryItem, type ListedFrom } from './library-items';
import { LibraryPreferences, texts } from './preferences.svelte';
import { Removals } from './removals.svelte';
import { saveFile } from '../pictures/save-file';
import type { Store } from '../kept/storage';

/** What went wrong, and with which model where it was with one. */
interface Trouble {
  error: AppError;
  id?: string;
}

const NOTHING: LibrarySnapshot = {
  models: [],
  adapters: [],
  entries: [],
  transfers: [],
  storage: { usedBytes: 0, isPersistent: false },
};

export class ModelLibrary {
  readonly #api: LibraryApi;
  #catalog = $state.raw<Catalog>({ version: 1, models: [] });
  /** Fetches the catalogue until it is here. */
  #fetchCatalog: (() => Promise<Catalog>) | undefined;
  readonly #store: Store;
  /** Asks the browser not to clear what is stored. */
  readonly #persist: () => void;

  readonly adding: Adding;
  readonly preferences: LibraryPreferences;
  readonly #removals: Removals;

  /** Whether its sheet is open. */
  isOpen = $state(false);
  #snapshot = $state.raw(NOTHING);
  #isReady = $state(false);
  #facts = $state.raw<DeviceFacts>();
  #trouble = $state.raw<Trouble>();
  /** A transfer tells of its failure itself, some time after the call has failed. */
  readonly #isTold = $derived.by(() =>
    this.#snapshot.transfers.some(({ error }) => error !== undefined && error.message === this.#trouble?.error.message),
  );

  readonly items: readonly LibraryItem[] = $derived.by(() => listModels(this.#listed));
  /** Helpers of the catalogue: they paint nothing themselves. */
  readonly helpers: readonly LibraryItem[] = $derived.by(() => listHelpers(this.#listed));
  /** Models that can paint, the built-in one first. */
  readonly usable: readonly ModelEntry[] = $derived(
    this.items.filter(({ isUsable }) => isUsable).map(({ entry }) => entry),
  );
  /** LoRAs and embeddings that can be used now. */
  readonly adapters: readonly StoredAdapter[] = $derived(
    this.#snapshot.adapters.filter(({ id }) => !this.isRemoved(id)),
  );
  readonly #here = $derived(this.#snapshot.models.filter(({ id }) => !this.isRemoved(id)));
  readonly upscalers: readonly StoredModel[] = $derived(this.#here.filter(({ isUpscaler }) => isUpscaler));
  /** ControlNets, T2I-Adapters and their like. */
  readonly controls: readonly StoredModel[] = $derived([
    ...BUILT_IN_CONTROLS,
    ...this.#here.filter(({ control }) => control),
  ]);
  readonly vaes: readonly StoredModel[] = $derived(this.#here.filter(({ isVae }) => isVae));
  /** Files of text encoders. */
  readonly texts: readonly StoredModel[] = $derived(this.#here.filter(({ isText }) => isText));
  readonly freeBytes = $derived.by(() => {
    const { quotaBytes, usedBytes } = this.#snapshot.storage;
    return quotaBytes === undefined ? undefined : Math.max(0, quotaBytes - usedBytes);
  });
  /** What to get first on this device, once it has been measured. */
  readonly recommended = $derived.by(() => {
    const isAbsent = ({ isUsable, isRemoved, entry }: LibraryItem): boolean => !isUsable && !isRemoved && !entry.role;
    const absent = this.items.filter(isAbsent).map(({ entry }) => entry);
    return this.#facts ? recommend(absent, this.#facts, this.freeBytes) : undefined;
  });

  constructor(
    api: LibraryApi,
    catalog: Catalog,
    store: Store,
    {
      fetchCatalog,
      persist = () => navigator.storage?.persist?.() ?? Promise.resolve(false),
    }: { fetchCatalog?: (() => Promise<Catalog>) | undefined; persist?: () => Promise<unknown> } = {},
  ) {
    this.#api = api;
    this.#catalog = catalog;
    this.#fetchCatalog = fetchCatalog;
    this.#store = store;
    // Firefox asks the person, and answers when they do.
    this.#persist = () => void persist().catch((error: unknown) => console.info('Storage may not last.', error));
    const { removed } = store.read();
    this.#removals = new Removals({ api, keep: () => this.#keep(), onGone: (id) => this.#forget(id) }, texts(removed));
    this.adding = new Adding({
      api,
      entries: () => this.items.map(({ entry }) => entry),
      stored: () => this.#snapshot.models.map(({ id }) => id),
      before: () => this.#removals.settle(),
    });
    this.preferences = new LibraryPreferences({ keep: () => this.#keep(), onHub: (hub) => api.useHub(hub) });
    this.preferences.take(store.read());
    store.onLate?.((values) => {
      this.preferences.take(values);
      if (this.isReady) api.useHub(this.preferences.hub);
    });
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
    return this.#isTold ? undefined : this.#trouble?.error;
  }
  /** The same, where it was with this model. */
  problemOf(id: string): AppError | undefined {
    return this.#trouble?.id === id ? this.problem : undefined;
  }
  /** The same, where it was with none. */
  get generalProblem(): AppError | undefined {
    return this.#trouble?.id === undefined ? this.problem : undefined;
  }

  /** A model's words in a picture's recipe: the file's name and hash as A1111 has them, else its id. */
  modelFacts(id: string): { model: string; modelHash?: string } {
    const stored = this.items.find(({ entry }) => entry.id === id)?.stored;
    if (!stored?.sha256) return { model: id };
    return { model: stored.fileName.replace(/\.[^.]+$/, ''), modelHash: stored.sha256.slice(0, 10) };
  }

  /**
   * Never rejects: without its storage the page still paints with what is built in.
   *
   * @param isAlone  no other tab is open: what was removed and not deleted is this one's to delete
   */
  async open(isAlone = true): Promise<void> {
    if (!isAlone) this.#removals.leave();
    await this.#complete();
    try {
      this.#snapshot = await this.#api.open(
        { hub: this.preferences.hub },
        (snapshot) => void (this.#snapshot = snapshot),
      );
      this.#isReady = true;
      await this.#removals.settle();
    } catch (error) {
      this.#trouble = { error: toAppError(error) };
    }
  }

  /** All of the catalogue. Never rejects: without it there is what is built in and what was stored, until it is asked for again. */
  async #complete(): Promise<void> {
    try {
      this.#catalog = (await this.#fetchCatalog?.()) ?? this.#catalog;
      this.#fetchCatalog = undefined;
    } catch (error) {
      console.info('The catalogue could not be fetched.', error);
    }
  }

  /** Opens the sheet; the device is measured the first time. */
  show(): void {
    this.isOpen = true;
    void this.#complete();
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

  /** Begins or goes on; what goes wrong is in its transfer. */
  get(entry: ModelEntry): Promise<void> {
    return this.#try(entry.id, async () => {
      if (this.preferences.mustAccept(entry))
        throw new AppError('bad-request', `${entry.name}: agree to its licence first.`);
      await this.#removals.settle();
      this.#persist();
      await this.#api.download($state.snapshot(entry) as ModelEntry);
    });
  }

  pause(id: string): Promise<void> {
    return this.#try(id, () => this.#api.pause(id));
  }

  cancel(id: string): Promise<void> {
    return this.#try(id, () => this.#api.cancel(id));
  }

  /** Takes a model out of the list at once; its bytes go when it can no longer be taken back. @param onBack when it is */
  remove(id: string, onBack?: () => void): void {
    this.#removals.add(id, onBack);
  }

  /** Just now; it can be taken back. */
  isRemoved(id: string): boolean {
    return this.#removals.has(id);
  }

  /** It can no longer be taken back. */
  isGoing(id: string): boolean {
    return this.#removals.isGoing(id);
  }

  takeBack(id: string): void {
    this.#removals.takeBack(id);
  }

  /** What was removed is deleted now. */
  settle(): Promise<void> {
    return this.#try(undefined, () => this.#removals.settle());
  }

  /** Saves the pack as a file. */
  export(id: string): Promise<void> {
    return this.#try(id, async () => saveFile(await this.#api.export(id), `${id}.tar`));
  }

  /** Their bytes are still on the disk. @throws AppError 'missing-file' */
  adapterFiles(ids: readonly string[]): Promise<Blob[]> {
    return this.#api.adapterFiles([...ids]);
  }

  adapterPreview(id: string): Promise<Blob | undefined> {
    return this.#api.adapterPreview(id);
  }

  /** Files that were picked or dropped: checkpoints and packs, LoRAs and embeddings with what lies beside them. What goes wrong is told by `adding`, or by a transfer. */
  importFiles(files: Iterable<File | PickedFile>): Promise<void> {
    const picked: PickedFile[] = [...files].map((file) =>
      file instanceof File ? { path: file.webkitRelativePath || file.name, file } : file,
    );
    return this.adding.importing(async () => {
      this.#persist();
      return await this.#api.importFiles(picked, this.preferences.storedAs);
    });
  }

  async #try(id: string | undefined, work: () => Promise<void>): Promise<void> {
    this.#trouble = undefined;
    try {
      await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'cancelled') this.#trouble = { error, ...(id !== undefined && { id }) };
    }
  }

  /** The worker tells of it a little later. */
  #forget(id: string): void {
    const { models, adapters, entries, transfers, storage } = this.#snapshot;
    const isOther = (one: { id: string }): boolean => one.id !== id;
    this.#snapshot = {
      models: models.filter(isOther),
      adapters: adapters.filter(isOther),
      entries: entries.filter(isOther),
      transfers: transfers.filter(isOther),
      storage,
    };
  }

  #keep(): void {
    this.#store.write({ ...this.preferences.toStored(), removed: this.#removals.ids });
  }

  get #listed(): ListedFrom {
    const isRemoved = (id: string): boolean => this.isRemoved(id);
    return { catalog: this.#catalog, snapshot: this.#snapshot, plan: this.preferences.storedAs, isRemoved };
  }
}

/** Models that can paint, as a list that grows and shrinks with the library. */
export function usableModels(library: ModelLibrary): { readonly models: ModelEntry[] } {
  return {
    get models() {
      return [...library.usable];
    },
  };
}
