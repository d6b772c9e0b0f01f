/** Starts the page: finds the catalogue and the engine, and mounts the app. */
import { mount } from 'svelte';
import type { ModelEntry } from '../core/catalog';
import { createGalleryStore } from '../platform/storage/gallery-store';
import { version } from '../../package.json';
import App from './App.svelte';
import './app.css';
import { lateAssetStore } from './state/start/asset-store';
import type { Picture } from './state/pictures/picture';
import { BENCH_HASH } from './state/device/bench-hash';
import { tellingStore, type GalleryNews } from './state/gallery/gallery-news';
import { isAlone, openTab } from './state/page/other-tabs';
import { receiveFiles } from './state/arriving/received-files';
import { keepInOneTab } from './state/line/one-tab';
import { KeptStore } from './state/kept/kept-store';
import { createStore } from './state/kept/storage';
import { Studio } from './state/studio.svelte';
import { becomesTrue, Updates } from './state/page/updates.svelte';
import { createGesso, type Gesso } from '../index';
import type { PageEngine } from '../clients/engine-client';

/** The first entry of models-manifest.json, which paints at once: see vite.config.ts. */
declare const STARTER_ENTRY: ModelEntry;

const query = new URLSearchParams(location.search);

type Face = Omit<Gesso, 'engine'> & { engine: PageEngine };

/** `?fake` in development alone: a scripted engine, to work on the page without a model. */
async function openGesso(): Promise<Face> {
  if (!(import.meta.env.DEV && query.has('fake'))) return createGesso();
  const { createFakeEngine } = await import('./testing/fake-engine');
  const { createFakeLibrary } = await import('./testing/fake-library');
  const { createFakeBench } = await import('./testing/fake-bench');
  return {
    engine: createFakeEngine(query.get('fake') ?? ''),
    library: createFakeLibrary({}, 400),
    bench: createFakeBench(2000),
  };
}

/** The browser may paint and take keys in between: each part of opening is a task of its own. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const target = document.querySelector('#app');
if (!target) throw new Error('index.html has no #app');

/** Until the first model is loaded, and a picture that waits for it is there, the line belongs to them: the service worker then finds most of what it keeps. */
const LOADING_MS = 60_000;

async function registerServiceWorker(): Promise<void> {
  const { engine, queue, gallery } = studio;
  const isPainting = (): boolean => queue.current !== undefined || queue.waiting.some(({ isHeld }) => !isHeld);
  const first = engine.settled.then(() => becomesTrue(() => gallery.newest !== undefined || !isPainting()));
  await Promise.race([first, new Promise((resolve) => setTimeout(resolve, LOADING_MS))]);
  await updates.register(navigator.serviceWorker as ServiceWorkerContainer | undefined, './service-worker.js');
}

const otherTabs = new BroadcastChannel('gesso-gallery');
const galleryStore = tellingStore(
  createGalleryStore<Omit<Picture, 'id'>>(undefined, () => (studio.gallery.isFleeting = true)),
  (news) => otherTabs.postMessage(news),
);
/** Between the keys of somebody who types: each write takes milliseconds of the page's time. */
const TYPING_MS = 300;
const openStore = (name: string): Promise<KeptStore> =>
  new KeptStore(name, {
    shelf: galleryStore,
    copy: createStore(name),
    restMs: name === 'gesso' ? TYPING_MS : 0,
  }).refresh();
const [store, libraryStore, shelfStore, queueStore, roomStore] = await Promise.all(
  ['gesso', 'gesso-library', 'gesso-prompts', 'gesso-queue', 'gesso-room'].map(openStore),
);

window.addEventListener('storage', ({ key }) =>
  [store, libraryStore, shelfStore].find((one) => one.name === key)?.hear(),
);
window.addEventListener('pagehide', () => store.flush());
document.addEventListener('visibilitychange', () => document.hidden && store.flush());

const { engine: api, bench, library: libraryApi } = await openGesso();
await breathe();
const studio = new Studio({
  api,
  bench,
  catalog: { version: 1, models: [STARTER_ENTRY] },
  fetchCatalog: async () => (await import('./state/library/whole-catalog')).WHOLE_CATALOG,
  store,
  library: { api: libraryApi, store: libraryStore },
  shelfStore,
  roomStore,
  queueStore,
  galleryStore,
  assetStore: lateAssetStore(async () => (await import('../platform/storage/asset-store')).createAssetStore()),
  openWordStore: async (name = 'gesso-words') => (await import('../platform/storage/key-value')).createKeyValue(name),
  isAlone: () => isAlone('locks' in navigator ? navigator.locks : undefined),
  baseUrl: new URL('.', document.baseURI).href,
  query,
  version: `gesso-${version}`,
});
if (location.hash === BENCH_HASH) openBench();
const updates = new Updates();
await breathe();
// In one turn: the page takes the place of its still.
target.replaceChildren();
mount(App, { target, props: { studio, updates } });
target.removeAttribute('aria-busy');
/** The entry behind the sheet's own has no such address: Back to it would open the sheet anew. */
function openBench(): void {
  if (studio.opened === 'bench') return;
  history.replaceState(history.state, '', location.pathname + location.search);
  studio.opened = 'bench';
}
/** Once read, a link's recipe leaves the address: a reload shows what the person made of it. */
async function takeLink(): Promise<void> {
  if (location.hash === BENCH_HASH) openBench();
  else if (await studio.inbox.takeLink(location.hash))
    history.replaceState(null, '', location.pathname + location.search);
}
const alone = openTab('locks' in navigator ? navigator.locks : undefined);
await breathe();
// Only then is known which models are here.
void studio.start(alone).then(takeLink);
window.addEventListener('hashchange', () => void takeLink());
if (query.get('open') === 'models') studio.library.show();
receiveFiles({ onFiles: (files) => void studio.inbox.takeFiles(files), say: studio.say }, query);
if (import.meta.env.PROD) void registerServiceWorker();
void alone.then((isAlone) => studio.gallery.load(isAlone));
otherTabs.onmessage = ({ data }: MessageEvent<GalleryNews>) => studio.gallery.take(data);
keepInOneTab(studio.line, 'locks' in navigator ? navigator.locks : undefined, galleryStore);
