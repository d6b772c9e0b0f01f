/** All state of the page in one place, and what a person can do with it. */
import type { ModelEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { Grid } from '../../core/recipe/grids';
import type { GenerationRequest } from '../../core/recipe/request';
import { Attention } from './telling/attention.svelte';
import type { Bench, BenchOptions } from './device/bench.svelte';
import { Batch } from './line/batch.svelte';
import { deliverTo } from './line/deliver';
import { EngineSession } from './device/engine-session.svelte';
import { FormHistory } from './settings/form-history.svelte';
import { GalleryView } from './gallery/gallery-view.svelte';
import { Gallery } from './gallery/gallery.svelte';
import { lateInputs } from './line/late-inputs';
import { ModelLibrary, usableModels } from './library/library.svelte';
import { Grids } from './grids/grids.svelte';
import { tidyPictures } from './start/tidy-pictures';
import { Inbox } from './arriving/inbox.svelte';
import { Notifier } from './telling/notifier.svelte';
import { fetchKeepers, finishPicture } from './pictures/finish-picture';
import type { Picture } from './pictures/picture';
import { Offers, type Offer } from './telling/offers.svelte';
import { PictureActions } from './pictures/picture-actions.svelte';
import { cancelledText } from './line/job';
import { KeptLine } from './line/kept-line.svelte';
import { KeptPage } from './kept/kept-page';
import { Room, roomModel, type RoomModel } from './device/room.svelte';
import { RoomTiles } from './device/room-tiles.svelte';
import { PromptShelf } from './prompt/prompt-shelf.svelte';
import { Queue } from './line/queue.svelte';
import { QUEUE_SIZE } from './line/queue-options';
import type { AddOptions } from './line/work';
import { KEPT_FORM, Settings, type FieldId, type Snapshot } from './settings/settings.svelte';
import { withoutUsual } from './settings/usual-enlarger';
import { MASK_MISSING, PICTURE_MISSING, StartPictures } from './start/start-pictures.svelte';
import { Starting } from './start/starting.svelte';
import type { StudioOptions } from './studio-options';
import { Watchdog } from './device/watchdog.svelte';
import type { PictureView } from './pictures/view';
import { Drawing } from './words/drawing.svelte';
import { fetchSubjects } from './library/subjects';

const leftOut = (error: unknown): void => console.info('It is not asked for.', error);

export class Studio {
  readonly settings: Settings;
  readonly engine: EngineSession;
  readonly queue: Queue;
  readonly gallery: Gallery;
  readonly batch: Batch;
  readonly startPictures: StartPictures;
  readonly starting: Starting;
  readonly library: ModelLibrary;
  readonly galleryView: GalleryView;
  readonly form: FormHistory;
  readonly actions: PictureActions;
  readonly #kept: KeptPage;
  readonly inbox: Inbox;
  readonly grids: Grids;
  readonly benchOptions: BenchOptions;
  /** Made when it is first opened. */
  bench: Bench | undefined;
  readonly notifier = new Notifier();
  readonly offers = new Offers();
  readonly attention = new Attention(globalThis);
  readonly shelf: PromptShelf;
  readonly watchdog: Watchdog;
  readonly room: Room;
  readonly baseUrl: string;
  readonly line: KeptLine;
  readonly #isAlone: () => Promise<boolean>;
  readonly drawing: Drawing;

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
  #isFull = $state(false);
  #hasTried = $state(false);
  /** The picture on the easel: the chosen one, else the last made while nothing is under way. */
  readonly shown = $derived.by(() => this.gallery.chosen ?? (this.queue.current ? undefined : this.gallery.newest));
  /** What the model says it can draw; fetched once a model, when somebody asks. */
  readonly subjects = $derived.by(() => fetchSubjects(this.settings.model, this.baseUrl));
  /** The control that is wrong says why, and has got the focus. */
  isToldAtField = $state(false);
  /** Why Generate did not begin; gone as soon as it would. */
  readonly complaint = $derived.by(() => this.#complain());
  /** Where a picture with these settings will probably find no room on this GPU. */
  readonly roomTiles: RoomTiles;
  /** What stands between the person and a picture: a failed generation, else a failed load. */
  readonly error: AppError | undefined = $derived.by(
    () => this.queue.failure?.error ?? (this.queue.current ? undefined : this.engine.error),
  );

  constructor(options: StudioOptions) {
    const { api, catalog, store, library, queueStore, baseUrl, query, version, finish = finishPicture } = options;
    const stored = KEPT_FORM.raise(store.read());
    this.baseUrl = baseUrl;
    this.library = new ModelLibrary(library.api, catalog, library.store, { fetchCatalog: options.fetchCatalog });
    this.startPictures = new StartPictures(options.assetStore);
    this.settings = new Settings(usableModels(this.library), stored, (hash, what) => {
      if (!this.startPictures.isMissing(hash)) return undefined;
      return what === 'mask' ? MASK_MISSING : PICTURE_MISSING;
    });
    this.#kept = new KeptPage(store, this, stored, query?.get('provider'));
    this.#isAlone = options.isAlone ?? (() => Promise.resolve(true));
    this.engine = new EngineSession(
      api,
      baseUrl,
      () => this.settings.device,
      lateInputs(this.startPictures, this.library),
    );
    this.gallery = new Gallery(options.galleryStore);
    this.room = new Room(options.roomStore);
    this.roomTiles = new RoomTiles(this, (entry, units) => this.#roomModel(entry, units));
    const deliver = deliverTo({
      ...{ gallery: this.gallery, library: this.library, finish, version },
      queueStore: () => this.line.store,
      onKept: (id) => {
        this.batch.add(id);
        import('./line/after-picture').then(({ afterPicture }) => afterPicture(this, id)).catch(leftOut);
      },
      onPainted: ({ request, device }, { model }) => this.roomTiles.painted(model, request, device),
    });
    this.queue = new Queue({
      engine: this.engine,
      findModel: (id) => this.#findModel(id),
      deliver,
      onBegin: () =>
        void fetchKeepers().catch((error: unknown) => console.info('What keeps a picture is not here yet.', error)),
      onJobEnd: (job) => this.grids.finish(job),
      onCancelled: (left) => this.offer({ words: cancelledText(left), undo: () => this.queue.undoCancel() }),
      onFailure: ({ request, graph }, { code }) => {
        const model = graph ? undefined : this.models.find(({ id }) => id === request.model);
        if (code === 'out-of-memory' && model) this.roomTiles.refused(model, request);
      },
      onDone: (count) => {
        this.attention.finish(count);
        void this.notifier.tell(count === 1 ? 'Your picture is ready.' : `${count} pictures are ready.`);
      },
      again: () => (this.#isSound() ? this.drawing.again(this.#asked(), this.settings.extras) : undefined),
    });
    this.batch = new Batch(this);
    this.watchdog = new Watchdog({
      lastSignAt: () => this.engine.lastSignAt,
      cancelAskedAt: () => this.queue.cancelAskedAt,
    });
    this.line = new KeptLine(this.queue, queueStore, (request) => this.gallery.has(request));
    this.shelf = new PromptShelf(options.shelfStore);
    this.galleryView = new GalleryView(this.gallery);
    this.form = new FormHistory(this.settings);
    const say = (words: string): void => void (this.said = words);
    this.drawing = new Drawing({
      openStore: options.openWordStore,
      enqueue: (request, added) => this.enqueue(request, added),
      say,
    });
    const { settings, form, gallery, startPictures: pictures } = this;
    this.starting = new Starting({ settings, form, gallery, pictures, say });
    this.actions = new PictureActions({
      settings: this.settings,
      gallery: this.gallery,
      library: this.library,
      view: this.galleryView,
      form: this.form,
      starting: this.starting,
      startPictures: this.startPictures,
      enqueue: (request, options) => this.enqueue(request, options),
      say,
      baseUrl,
    });
    this.grids = new Grids({
      gallery: this.gallery,
      factsOf: (id) => ({ ...this.library.modelFacts(id), version }),
      say,
    });
    this.benchOptions = {
      handle: options.bench,
      baseUrl,
      program: version,
      provider: () => this.settings.provider,
      models: () => this.models,
      release: () => this.engine.restart(),
      again: () => this.warmUp(),
    };
    this.inbox = new Inbox({
      settings: this.settings,
      form: this.form,
      library: this.library,
      shelf: this.shelf,
      starting: this.starting,
      startPictures: this.startPictures,
      say,
    });
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
    [this.#hasTried, this.isToldAtField] = [true, false];
    const [wrong] = Object.keys(this.settings.problems) as FieldId[];
    if (wrong) return wrong;
    this.#hasTried = false;
    this.inbox.hasArrived = false;
    const { batchCount, extras } = this.settings;
    this.shelf.remember(this.settings);
    if (this.drawing.ask(this.#asked(), { count: batchCount ?? 1, extras })) this.gallery.follow();
    return undefined;
  }

  /** Puts a request in line. False where the line is full. */
  enqueue(request: GenerationRequest, options: AddOptions = {}): boolean {
    this.#isFull = !this.queue.add(request, options);
    return !this.#isFull;
  }

  /** Puts the grid in line. False where the form or the axes are wrong. @param read  the axes, for a request */
  generateGrid(read: (request: GenerationRequest) => Grid | string): boolean {
    if (!this.#isSound()) return this.generate() === undefined;
    const request = withoutUsual(this.#asked(), this.settings.model);
    const grid = read(request);
    if (typeof grid === 'string' || !this.drawing.ask(request, { grid, extras: this.settings.extras })) return false;
    this.gallery.follow();
    return true;
  }

  /** Makes pictures with the form as it is, one after another, until it is stopped. */
  generateForever(): FieldId | undefined {
    this.queue.isForever = true;
    const wrong = this.queue.current ? undefined : this.generate();
    if (wrong) this.queue.isForever = false;
    return wrong;
  }

  /** Pictures to start from that nothing names any more go. Never rejects; another tab's line may name any. */
  async tidy(): Promise<void> {
    await tidyPictures(this, async () => (await this.#isAlone()) && (await this.line.isWhole()));
  }

  cancel(): void {
    this.#isFull = false;
    this.queue.cancel();
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
    this.settings.useModel(id, left);
    this.warmUp();
  }

  /** Takes a model out of the list, until it is taken back; the built-in one takes its place where it was in use. */
  removeModel(id: string): void {
    const [first] = this.models;
    const isInUse = this.settings.model.id === id;
    const before = this.settings.toSnapshot();
    if (isInUse && first) this.useModel(first.id);
    this.library.remove(id, isInUse ? () => this.#comeBack(before) : undefined);
  }

  /** Goes back to a model and its settings; what has been typed by now stays. */
  #comeBack(before: Snapshot): void {
    const { prompt, negativePrompt } = this.settings;
    this.settings.useSnapshot(before);
    Object.assign(this.settings, { prompt, negativePrompt });
    this.warmUp();
  }

  /** Loads the model in the background, for a picture of the present settings; what goes wrong is kept in `engine.error`. */
  warmUp(): void {
    if (this.#roomModel(this.settings.model, this.settings))
      this.room.open().catch((error: unknown) => console.info('What fits cannot be estimated.', error));
    const shape = this.#isSound() ? this.settings.toDraft() : undefined;
    this.engine
      .prepare(this.settings.model, shape)
      .catch((error: unknown) => console.info('The model is not ready.', error));
  }

  /** Keeps what is to be kept, but not before something is changed. */
  save(): void {
    this.#kept.save();
  }

  #roomModel(entry: ModelEntry, { control }: Partial<Pick<Settings, 'control'>>): RoomModel | undefined {
    return roomModel(entry, this.library.snapshot.models, control);
  }

  #findModel(id: string): ModelEntry {
    const model = this.models.find((known) => known.id === id);
    if (!model) throw new AppError('missing-file', `The model "${id}" is not on this computer: get it under Models.`);
    return model;
  }

  #asked = (): GenerationRequest => this.roomTiles.apply(this.settings.toRequest());

  #isSound(): boolean {
    return Object.keys(this.settings.problems).length === 0;
  }

  #complain(): string | undefined {
    const problems = Object.values(this.settings.problems);
    if (this.#hasTried && problems.length > 0) return problems.join(' ');
    if (this.#isFull && this.queue.waiting.length >= QUEUE_SIZE)
      return `${QUEUE_SIZE} requests are waiting already: let one finish, or cancel.`;
    return undefined;
  }
}
