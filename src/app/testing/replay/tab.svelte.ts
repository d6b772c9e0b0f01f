/** A tab on a computer: the page as main.ts puts it together, with everything that is not the page's own a stub of the world. */
import { AppError } from '../../../core/errors';
import type { LibraryApi } from '../../../engine/library-api';
import { Library } from '../../../platform/library/library';
import { stubImport } from '../../../platform/library/testing/stub-import';
import { createAdapterStore } from '../../../platform/storage/adapter-store';
import { createGalleryStore } from '../../../platform/storage/gallery-store';
import { createLocks } from '../../../platform/storage/locks';
import { createPackStore } from '../../../platform/storage/pack-store';
import { tellingStore, type GalleryNews } from '../../state/gallery/gallery-news';
import { KeptStore } from '../../state/kept/kept-store';
import { keepInOneTab } from '../../state/line/one-tab';
import { isAlone, openTab } from '../../state/page/other-tabs';
import type { Picture } from '../../state/pictures/picture';
import { Studio } from '../../state/studio.svelte';
import { memoryAssetStore } from '../asset-store';
import { CATALOG } from '../catalog';
import { DrillEngine } from '../drill-engine';
import { createFakeBench } from '../fake-bench';
import { Copies, Database, RelaxedValues } from './disks';
import type { Ledger } from './ledger';
import { Channel, SharedLocks } from './locks';
import { CHUNK_BYTES, createLine } from './site';
import { Life, PlainBlob, type World } from './world';

const NAMES = ['gesso', 'gesso-library', 'gesso-prompts', 'gesso-queue'] as const;
/** Pause between keys, as in main.ts. */
const TYPING_MS = 300;

/** What is there while no tab is. */
export class Computer {
  readonly world: World;
  readonly ledger: Ledger;
  readonly copies: Copies;
  readonly pictures: Database;
  readonly packs: RelaxedValues;
  readonly downloads: RelaxedValues;
  readonly adapters: RelaxedValues;
  readonly locks: SharedLocks;
  readonly galleryNews: Channel<GalleryNews>;
  readonly libraryNews: Channel<string>;

  constructor(world: World, ledger: Ledger) {
    this.world = world;
    this.ledger = ledger;
    this.copies = new Copies(world);
    this.pictures = new Database(world);
    [this.packs, this.downloads, this.adapters] = [1, 2, 3].map(() => new RelaxedValues(world)) as [
      RelaxedValues,
      RelaxedValues,
      RelaxedValues,
    ];
    this.locks = new SharedLocks(world);
    this.galleryNews = new Channel(world);
    this.libraryNews = new Channel(world);
  }
}

export interface Tab {
  readonly life: Life;
  readonly studio: Studio;
  readonly engine: DrillEngine;
  /** The library's worker ends; the next call starts another. */
  killLibrary(): void;
  /** Hides the tab, as the browser does before it is closed. */
  hide(): void;
}

export async function openReplayTab(computer: Computer, life: Life): Promise<Tab> {
  const { world, ledger } = computer;
  const gallery = watchedGallery(computer, life);
  const locks = computer.locks.for(life);
  let studio: Studio | undefined = undefined;
  const tell = computer.galleryNews.join(life, (news) => studio?.gallery.take(news));
  const galleryStore = tellingStore(gallery, tell);
  const openStore = (name: string): Promise<KeptStore> => {
    const copy = computer.copies.store(name, life, (values) => ledger.keep(name, values, 'copied'));
    return new KeptStore(name, { shelf: gallery, copy, restMs: name === 'gesso' ? TYPING_MS : 0 }).refresh();
  };
  const [store, libraryStore, shelfStore, queueStore] = (await life.hears(Promise.all(NAMES.map(openStore)))) as [
    KeptStore,
    KeptStore,
    KeptStore,
    KeptStore,
  ];
  const engine = new DrillEngine();
  const library = libraryOf(computer, life);
  studio = new Studio({
    api: life.gate(engine),
    bench: createFakeBench(),
    catalog: CATALOG,
    store,
    library: { api: library.api, store: libraryStore },
    shelfStore,
    queueStore,
    galleryStore,
    assetStore: memoryAssetStore(),
    isAlone: () => isAlone(locks as LockManager),
    baseUrl: 'https://gesso.test/',
    version: 'gesso-test',
    finish: async (made, context) => {
      const { pixels, request, device, timings } = made;
      const { width, height } = pixels;
      const blob = (): Blob => new PlainBlob(['x']) as unknown as Blob;
      await world.answer(() => undefined);
      const facts = { madeAt: world.now, width, height, request, device, timings, ...context };
      return { facts, file: blob(), thumbnail: blob() };
    },
  });
  const page = studio;
  const stop = $effect.root(() => {
    $effect(() => page.save());
    $effect(() => page.line.save());
  });
  life.onEnd(() => {
    stop();
    engine.fallSilent();
  });
  const alone = openTab(locks as LockManager);
  void page.start(alone).catch((error: unknown) => void (life.isOver || fail(error)));
  void alone.then((isFirst) => page.gallery.load(isFirst));
  const session = new Map<string, string>();
  keepInOneTab(page.line, locks as LockManager, gallery, {
    session: () => ({
      getItem: (key) => session.get(key) ?? null,
      setItem: (key, value) => void session.set(key, value),
    }),
  });
  return { life, studio: page, engine, killLibrary: library.kill, hide: () => store.flush() };
}

const fail = (error: unknown): never => {
  throw error;
};

/** The real store, over stubs; what it has said to be kept is written down. */
function watchedGallery({ pictures, ledger }: Computer, life: Life) {
  const store = createGalleryStore<Omit<Picture, 'id'>>(() => pictures.factory(life));
  const seeds = new Map<number, number>();
  const watched: typeof store = {
    ...store,
    list: (onPage) =>
      store.list((page) => {
        for (const { id, request } of page) seeds.set(id, Number(request.seed));
        if (!life.isOver) onPage(page);
      }),
    async add(picture, beside) {
      let line: readonly [string, unknown] | undefined;
      const id = await store.add(picture, beside && ((made) => (line = beside(made))));
      const seed = Number(picture.facts.request.seed);
      seeds.set(id, seed);
      ledger.made.add(seed);
      if (line) ledger.keep(line[0], line[1] as Record<string, unknown>, 'durable');
      return id;
    },
    async writeState(name, value) {
      await store.writeState(name, value);
      // Nobody was told of what a dead tab wrote, and a newer one may be there in its place.
      if (!life.isOver) ledger.keep(name, value, 'durable');
    },
    async moveState(name, take) {
      let entries: ReturnType<typeof take>;
      await store.moveState(name, (value) => (entries = take(value)));
      if (!life.isOver)
        for (const [key, value] of entries ?? []) ledger.keep(key, value as Record<string, unknown>, 'durable');
    },
    async remove(ids) {
      await store.remove(ids);
      for (const id of ids) ledger.mustBeGone.add(seeds.get(id) ?? 0);
    },
  };
  return life.gate(watched);
}

/** The library's worker and the page's end of it. */
function libraryOf(computer: Computer, life: Life): { api: LibraryApi; kill: () => void } {
  const { world } = computer;
  let worker: { life: Life; api: LibraryApi } | undefined;
  let opened: Parameters<LibraryApi['open']> | undefined;
  const rejects = new Set<(reason: Error) => void>();

  function start(): LibraryApi {
    const own = new Life();
    life.onEnd(() => own.end());
    const locks = createLocks(computer.locks.for(own) as LockManager);
    const announce = computer.libraryNews.join(own, () => library.refresh());
    const library = new Library({
      packs: createPackStore({ values: computer.packs.for(own), locks, now: () => world.now }),
      adapters: createAdapterStore(computer.adapters.for(own)),
      values: computer.downloads.for(own),
      locks,
      download: createLine(world, own),
      chunkBytes: CHUNK_BYTES,
      room: () => own.hears(Promise.resolve({ usedBytes: 0, isPersistent: true })),
      importCheckpoint: stubImport,
      measureDevice: () => Promise.reject(new AppError('internal', 'not asked for here')),
      announce: () => announce('changed'),
    });
    worker = { life: own, api: library };
    if (opened) void library.open(...opened);
    return library;
  }

  const call = (name: keyof LibraryApi, args: unknown[]): unknown => {
    if (life.isOver) return new Promise(() => undefined);
    if (name === 'open') opened = args as Parameters<LibraryApi['open']>;
    const api = worker?.api ?? start();
    const answer = (api[name] as (...all: unknown[]) => unknown).apply(api, args);
    if (!(answer instanceof Promise)) return answer;
    return life.hears(
      new Promise((resolve, reject) => {
        rejects.add(reject);
        answer.then(resolve, reject).finally(() => rejects.delete(reject));
      }),
    );
  };
  const api = new Proxy({} as LibraryApi, {
    get: (_, name) => (name === 'then' ? undefined : (...args: unknown[]) => call(name as keyof LibraryApi, args)),
  });
  const kill = (): void => {
    worker?.life.end();
    worker = undefined;
    for (const reject of rejects) reject(new AppError('stopped', 'The browser ended it.'));
    rejects.clear();
  };
  return { api, kill };
}
