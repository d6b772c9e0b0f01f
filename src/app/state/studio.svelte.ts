/** All state of the page in one place, and what a person can do with it. */
import type { Catalog, ModelEntry } from '../../core/catalog';
import type { AppError } from '../../core/errors';
import type { LibraryApi } from '../../engine/library-api';
import type { GenerationRequest } from '../../core/request';
import type { EngineHandle } from '../worker/client';
import { EngineSession } from './engine-session.svelte';
import { FormHistory } from './form-history.svelte';
import { GalleryView } from './gallery-view.svelte';
import { Gallery } from './gallery.svelte';
import type { GalleryStore } from './gallery-store';
import { ModelLibrary } from './library.svelte';
import { finishPicture } from './picture';
import { PictureActions } from './picture-actions.svelte';
import { QUEUE_SIZE, Queue, type Deliver } from './queue.svelte';
import { isProviderChoice, Settings, type FieldId } from './settings.svelte';
import type { Store } from './storage';
import { isPictureView, type PictureView } from './view';

export interface StudioOptions {
  api: EngineHandle;
  catalog: Catalog;
  store: Store;
  library: { api: LibraryApi; store: Store };
  /** Folder the app is served from, absolute. */
  baseUrl: string;
  /** The page's query: `?provider=wasm` decides for this visit alone. */
  query?: URLSearchParams;
  galleryStore: GalleryStore;
  finish?: typeof finishPicture;
}

export class Studio {
  readonly settings: Settings;
  readonly engine: EngineSession;
  readonly queue: Queue;
  readonly gallery: Gallery;
  readonly library: ModelLibrary;
  readonly galleryView: GalleryView;
  readonly form: FormHistory;
  readonly actions: PictureActions;
  readonly baseUrl: string;
  readonly #store: Store;
  readonly #stored: Record<string, unknown>;
  readonly #savedProvider: unknown;
  readonly #queryProvider: string | null;

  /** How pictures are shown. */
  view = $state<PictureView>('pixels');
  /** Said in passing; gone after a while. */
  said = $state<string>();
  #isFull = $state(false);
  #hasTried = $state(false);

  /** The picture on the easel: the chosen one, else the last made while nothing is under way. */
  readonly shown = $derived.by(() => this.gallery.chosen ?? (this.queue.current ? undefined : this.gallery.newest));
  /** Why Generate did not begin; gone as soon as it would. */
  readonly complaint = $derived.by(() => this.#complain());
  /** What stands between the person and a picture: a failed generation, else a failed load. */
  readonly error: AppError | undefined = $derived.by(
    () => this.queue.failure?.error ?? (this.queue.current ? undefined : this.engine.error),
  );

  constructor({ api, catalog, store, library, galleryStore, baseUrl, query, finish = finishPicture }: StudioOptions) {
    const stored = store.read();
    this.#store = store;
    this.#stored = stored;
    this.#savedProvider = stored['provider'];
    this.#queryProvider = query?.get('provider') ?? null;
    this.baseUrl = baseUrl;
    this.library = new ModelLibrary(library.api, catalog, library.store);
    this.settings = new Settings(usableModels(this.library), stored);
    if (isProviderChoice(this.#queryProvider)) this.settings.provider = this.#queryProvider;
    if (isPictureView(stored['view'])) this.view = stored['view'];
    this.engine = new EngineSession(api, baseUrl, () => this.settings.provider);
    this.gallery = new Gallery(galleryStore);
    const deliver: Deliver = async (made, { model }, notices) => {
      await this.gallery.add(await finish(made, { modelName: model.name, notices, infotext: '' }));
    };
    this.queue = new Queue(this.engine, deliver);
    this.galleryView = new GalleryView(this.gallery);
    this.form = new FormHistory(this.settings);
    this.actions = new PictureActions({
      settings: this.settings,
      gallery: this.gallery,
      view: this.galleryView,
      form: this.form,
      enqueue: (request) => this.enqueue(request),
      say: (words) => (this.said = words),
    });
  }

  /** Models that can paint now. */
  get models(): readonly ModelEntry[] {
    return this.library.usable;
  }

  /** Finds what is on this computer and loads the model of the last visit. */
  async start(): Promise<void> {
    const isHere = this.#stored['model'] === undefined || this.#stored['model'] === this.settings.model.id;
    if (isHere) this.warmUp();
    await this.library.open();
    if (isHere) return;
    this.settings.reopen(this.#stored);
    this.warmUp();
  }

  /** Asks for a picture with the settings as they are. Returns the first wrong field where there is one. */
  generate(): FieldId | undefined {
    this.#hasTried = true;
    const [wrong] = Object.keys(this.settings.problems) as FieldId[];
    if (wrong) return wrong;
    this.#hasTried = false;
    if (this.enqueue(this.settings.toRequest())) this.gallery.follow();
    return undefined;
  }

  /** Puts a request in line. False where the line is full; a model that is not here is replaced by the chosen one. */
  enqueue(request: GenerationRequest): boolean {
    const model = this.models.find(({ id }) => id === request.model) ?? this.settings.model;
    this.#isFull = !this.queue.add({ request: { ...request, model: model.id }, model });
    return !this.#isFull;
  }

  cancel(): void {
    this.#isFull = false;
    this.queue.cancel();
  }

  /** One picture newer (−1) or older (+1). */
  walk(by: 1 | -1): void {
    this.gallery.walk(by, this.queue.current !== undefined);
  }

  /** Makes the failed picture again, or loads the model again. */
  retry(): void {
    const failure = this.queue.failure;
    if (failure) this.queue.add(failure.work);
    else this.warmUp();
  }

  /** Loads the model again with a fresh worker, then makes the failed picture if there was one. */
  reload(): void {
    this.engine.restart();
    this.retry();
  }

  useProvider(provider: 'auto' | 'webgpu' | 'wasm'): void {
    this.settings.provider = provider;
    this.retry();
  }

  useModel(id: string): void {
    this.settings.useModel(id);
    this.warmUp();
  }

  /** The built-in one takes its place where it was in use. */
  async deleteModel(id: string): Promise<void> {
    const [first] = this.models;
    if (this.settings.model.id === id && first) this.useModel(first.id);
    await this.library.delete(id);
  }

  /** Loads the model in the background; what goes wrong is kept in `engine.error`. */
  warmUp(): void {
    this.engine.prepare(this.settings.model).catch((error: unknown) => console.info('The model is not ready.', error));
  }

  save(): void {
    const stored: Record<string, unknown> = { ...this.settings.toStored(), view: this.view };
    // A choice made for this visit by the address is not kept.
    const isForVisit = stored['provider'] === this.#queryProvider;
    this.#store.write(isForVisit ? { ...stored, provider: this.#savedProvider } : stored);
  }

  #complain(): string | undefined {
    const problems = Object.values(this.settings.problems);
    if (this.#hasTried && problems.length > 0) return problems.join(' ');
    if (this.#isFull && this.queue.waiting.length >= QUEUE_SIZE)
      return `${QUEUE_SIZE} pictures are waiting already: let one finish, or cancel.`;
    return undefined;
  }
}

/** As a list that grows and shrinks with the library. */
function usableModels(library: ModelLibrary): { readonly models: ModelEntry[] } {
  return {
    get models() {
      return [...library.usable];
    },
  };
}
