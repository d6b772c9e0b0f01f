/** All state of the page in one place, and what a person can do with it. */
import type { ModelEntry } from '../../core/catalog';
import type { AppError } from '../../core/errors';
import type { GenerationRequest } from '../../core/recipe/request';
import { Attention } from './telling/attention.svelte';
import type { Bench, BenchOptions } from './device/bench.svelte';
import { Asking } from './line/asking.svelte';
import { Batch } from './line/batch.svelte';
import { EngineSession } from './device/engine-session.svelte';
import { FormHistory } from './settings/form-history.svelte';
import { GalleryView } from './gallery/gallery-view.svelte';
import { Gallery } from './gallery/gallery.svelte';
import { lateInputs } from './line/late-inputs';
import { ModelUse } from './library/model-use';
import { ModelLibrary, usableModels } from './library/library.svelte';
import { Grids } from './grids/grids.svelte';
import { tidyPictures } from './start/tidy-pictures';
import { Inbox } from './arriving/inbox.svelte';
import { Notifier } from './telling/notifier.svelte';
import type { Picture } from './pictures/picture';
import { Offers, type Offer } from './telling/offers.svelte';
import { PictureActions } from './pictures/picture-actions.svelte';
import { KeptLine } from './line/kept-line.svelte';
import { KeptPage } from './kept/kept-page';
import { Room } from './device/room.svelte';
import { RoomTiles } from './device/room-tiles.svelte';
import { PromptStore } from './prompt/prompt-store.svelte';
import { queueParts } from './line/queue-parts';
import { Queue } from './line/queue.svelte';
import type { AddOptions } from './line/work';
import { KEPT_FORM, Settings, type FieldId } from './settings/settings.svelte';
import { StartPictures } from './start/start-pictures.svelte';
import { Starting } from './start/starting.svelte';
import type { StudioOptions } from './studio-options';
import { Watchdog } from './device/watchdog.svelte';
import type { PictureView } from './pictures/view';
import { Drawing } from './words/drawing.svelte';
import { fetchSubjects } from './library/subjects';

export class Studio {
  // The form, and what is kept of it.
  readonly settings: Settings;
  readonly form: FormHistory;
  readonly shelf: PromptStore;
  readonly startPictures: StartPictures;
  readonly starting: Starting;
  readonly inbox: Inbox;
  readonly drawing: Drawing;
  readonly #kept: KeptPage;
  readonly #isAlone: () => Promise<boolean>;

  // Painting it.
  readonly asking: Asking;
  readonly queue: Queue;
  readonly line: KeptLine;
  readonly batch: Batch;
  readonly grids: Grids;
  readonly engine: EngineSession;
  readonly watchdog: Watchdog;
  readonly room: Room;
  /** Where a picture with these settings will probably find no room on this GPU. */
  readonly roomTiles: RoomTiles;
  readonly library: ModelLibrary;
  readonly #use: ModelUse;
  readonly benchOptions: BenchOptions;
  /** Made when it is first opened. */
  bench: Bench | undefined;
  readonly baseUrl: string;

  // What came of it.
  readonly gallery: Gallery;
  readonly galleryView: GalleryView;
  readonly actions: PictureActions;

  // What is said.
  readonly notifier = new Notifier();
  readonly offers = new Offers();
  readonly attention = new Attention(globalThis);

  /** Pictures that are looked at, and that nothing names yet: by their hashes. */
  readonly held = new Set<string>();

  /** How pictures are shown. */
  view = $state<PictureView>('smooth');
  /** What floats above the page. */
  opened = $state<
    'queue' | 'grid' | 'styles' | 'mask' | 'sketch' | 'extend' | 'loras' | 'bench' | 'preferences' | 'try' | 'words'
  >();
  /** The model whose card is shown. */
  card = $state.raw<ModelEntry>();
  /** The picture whose link is shown as a QR code. */
  coded = $state.raw<Picture>();
  /** Said in passing; gone after a while. */
  said = $state<string>();
  readonly say = (words: string): void => void (this.said = words);
  /** The picture on the easel: the chosen one, else the last made while nothing is under way. */
  readonly shown = $derived.by(() => this.gallery.chosen ?? (this.queue.current ? undefined : this.gallery.newest));
  /** What the model says it can draw; fetched once a model, when somebody asks. */
  readonly subjects = $derived.by(() => fetchSubjects(this.settings.model, this.baseUrl));
  /** What stands between the person and a picture: a failed generation, else a failed load. */
  readonly error: AppError | undefined = $derived.by(
    () => this.queue.failure?.error ?? (this.queue.current ? undefined : this.engine.error),
  );

  constructor(options: StudioOptions) {
    const { catalog, store, library, baseUrl, query, version, finish } = options;
    const stored = KEPT_FORM.raise(store.read());
    this.baseUrl = baseUrl;
    this.#isAlone = options.isAlone ?? (() => Promise.resolve(true));
    this.library = new ModelLibrary(library.api, catalog, library.store, { fetchCatalog: options.fetchCatalog });
    this.startPictures = new StartPictures(options.assetStore);
    this.settings = new Settings(usableModels(this.library), stored, (...of) => this.startPictures.problem(...of));
    this.#kept = new KeptPage(store, this, stored, query?.get('provider'));
    this.form = new FormHistory(this.settings);
    this.shelf = new PromptStore(options.shelfStore);
    this.gallery = new Gallery(options.galleryStore);
    this.galleryView = new GalleryView(this.gallery);

    const inputs = lateInputs(this.startPictures, this.library);
    this.engine = new EngineSession(options.api, baseUrl, () => this.settings.device, inputs);
    this.room = new Room(options.roomStore);
    this.#use = new ModelUse(this);
    this.roomTiles = new RoomTiles(this, (entry, units) => this.#use.roomModel(entry, units));
    this.queue = new Queue(
      queueParts(this, {
        ...{ version, finish },
        findModel: (id) => this.#use.find(id),
        afterPicture: (id) => void this.#afterPicture(id),
      }),
    );
    this.line = new KeptLine(this.queue, options.queueStore, (request) => this.gallery.has(request));
    this.batch = new Batch(this);
    this.watchdog = new Watchdog({
      lastSignAt: () => this.engine.lastSignAt,
      cancelAskedAt: () => this.queue.cancelAskedAt,
    });
    const factsOf = (id: string) => ({ ...this.library.modelFacts(id), version });
    this.grids = new Grids({ gallery: this.gallery, factsOf, say: this.say });
    this.drawing = new Drawing({
      openStore: options.openWordStore,
      enqueue: (...of) => this.enqueue(...of),
      say: this.say,
    });

    this.starting = new Starting(this);
    this.inbox = new Inbox(this);
    this.asking = new Asking(this);
    this.actions = new PictureActions(this);
    this.benchOptions = this.#benchOptions(options.bench, version);
  }

  #benchOptions(handle: BenchOptions['handle'], program: string): BenchOptions {
    return {
      ...{ handle, program, baseUrl: this.baseUrl },
      provider: () => this.settings.provider,
      models: () => this.models,
      release: () => this.engine.restart(),
      again: () => this.warmUp(),
    };
  }

  async #afterPicture(id: number): Promise<void> {
    try {
      await (await import('./line/after-picture')).afterPicture(this, id);
    } catch (error) {
      console.info('It is not asked for.', error);
    }
  }

  /** Models that can paint now. */
  get models(): readonly ModelEntry[] {
    return this.library.usable;
  }

  /** Finds what is on this computer and loads the model of the last visit. @param alone  whether no other tab is open */
  async start(alone: Promise<boolean> = Promise.resolve(true)): Promise<void> {
    const { stored } = this.#kept;
    const isHere = stored['model'] === undefined || stored['model'] === this.settings.model.id;
    if (isHere) this.warmUp();
    await this.library.open(await alone);
    if (isHere && stored === this.#kept.stored) return;
    this.settings.reopen(this.#kept.stored);
    this.warmUp();
  }

  /** Asks for a picture with the settings as they are. Returns the first wrong field where there is one. */
  generate(): FieldId | undefined {
    return this.asking.generate();
  }

  /** Puts a request in line. False where the line is full. */
  enqueue(request: GenerationRequest, options: AddOptions = {}): boolean {
    return this.asking.enqueue(request, options);
  }

  /** Pictures to start from that nothing names any more go. Never rejects; another tab's line may name any. */
  async tidy(): Promise<void> {
    await tidyPictures(this, async () => (await this.#isAlone()) && (await this.line.isWhole()));
  }

  cancel(): void {
    this.asking.cancel();
  }

  /** Ends the engine where it does not follow a cancel or says nothing, and loads the model again. */
  stopNow(): void {
    if (!this.queue.isCancelling) this.cancel();
    this.engine.restart();
    this.warmUp();
  }

  /** Empties the line behind the picture under way. */
  forgetWaiting(): void {
    const count = this.queue.waitingCount;
    this.#offerForgotten(count === 1 ? '1 picture forgotten.' : `${count} pictures forgotten.`, () =>
      this.queue.clearWaiting(),
    );
  }

  /** Takes one request out of the line. */
  forgetJob(id: number): void {
    this.#offerForgotten('Taken out of the line.', () => this.queue.remove(id));
  }

  #offerForgotten(words: string, forget: () => void): void {
    this.offers.end();
    forget();
    this.offer({ words, undo: () => this.queue.undoForget(), onGone: () => this.queue.letForgottenGo() });
  }

  /** Says what was just done, and takes it back where it is asked to. */
  offer(offer: Offer): void {
    this.said = undefined;
    this.form.dismiss();
    this.offers.make(offer);
  }

  /** Shows a picture over the whole window. */
  enlarge(id: number): void {
    this.galleryView.isOpen = true;
    this.galleryView.largeId = id;
  }

  /** One picture newer (−1) or older (+1). */
  walk(by: 1 | -1): void {
    this.gallery.walk(by, this.queue.current !== undefined);
  }

  /** Makes the failed picture again, or loads the model again. */
  retry(): void {
    if (this.queue.failure) this.queue.resume();
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

  /** @param left  see Settings.useModel */
  useModel(id: string, left?: ModelEntry): void {
    this.#use.use(id, left);
  }

  /** Takes a model out of the list, until it is taken back. */
  removeModel(id: string): void {
    this.#use.remove(id);
  }

  /** Loads the model in the background. */
  warmUp(): void {
    this.#use.warmUp();
  }

  /** Keeps what is to be kept, but not before something is changed. */
  save(): void {
    this.#kept.save();
  }
}
