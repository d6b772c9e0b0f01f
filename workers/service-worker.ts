/** The service worker: keeps the app and its starter model for offline use, on any static host. It serves files and does nothing else. */
import type { WorkboxPlugin } from 'workbox-core';
import { cleanupOutdatedCaches, PrecacheController, PrecacheRoute, type PrecacheEntry } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { NetworkFirst } from 'workbox-strategies';
import { PACKED_CACHE, PACKED_FOLDER } from '../src/platform/net/packed-files';
import { keepTexts } from './keep-texts';
import { withHeaders } from './response-headers';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] };

const addressOf = (entry: string | PrecacheEntry): string => (typeof entry === 'string' ? entry : entry.url);

/** Two flavours of the runtime are built; this browser uses the one that src/platform/gpu/ort-module.ts chooses. */
const otherFlavour = 'Suspending' in WebAssembly ? /\/ort[^/]*\.(asyncify|webgpu)\.[^/]*$/ : /\/ort[^/]*\.jspi\.[^/]*$/;

const answersWithHeaders: WorkboxPlugin = {
  handlerWillRespond: ({ response }) => Promise.resolve(withHeaders(response)),
};

const precache = new PrecacheController({
  plugins: [
    {
      // Workbox passes the browser's cache by. Asking whether that is still right is enough: what the page has just fetched comes once.
      requestWillFetch: ({ request }) =>
        Promise.resolve(request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request),
    },
    answersWithHeaders,
  ],
});
const needed = self.__WB_MANIFEST.filter((entry) => !otherFlavour.test(`/${addressOf(entry)}`));
const isPacked = (entry: string | PrecacheEntry): boolean => addressOf(entry).startsWith(PACKED_FOLDER);
precache.addToCacheList(needed.filter((entry) => !isPacked(entry)));
// ?provider=wasm and ?shared are the page's business
registerRoute(new PrecacheRoute(precache, { ignoreURLParametersMatching: [/.*/] }));
const packed = needed.filter(isPacked).map((entry) => new URL(addressOf(entry), self.registration.scope).href);
self.addEventListener('install', (event) => event.waitUntil(Promise.all([keepPacked(), keepApp(event)])));
self.addEventListener('activate', (event) => void precache.activate(event));

async function keepApp(event: ExtendableEvent): Promise<void> {
  const cache = await caches.open(precache.strategy.cacheName);
  await keepTexts(cache, [...precache.getURLsToCacheKeys().values()], self.registration.scope);
  await precache.install(event);
}

/** What the page has not kept itself while it loaded: see src/platform/net/packed-files.ts. */
async function keepPacked(): Promise<void> {
  const cache = await caches.open(PACKED_CACHE);
  for (const address of packed) if (!(await cache.match(address))) await cache.add(address);
}

/** Removes the packed files of earlier versions. */
async function clearPacked(): Promise<void> {
  const cache = await caches.open(PACKED_CACHE);
  for (const request of await cache.keys()) if (!packed.includes(request.url)) await cache.delete(request);
}

cleanupOutdatedCaches();

/** What few visits need is kept once it was asked for: vite.config.ts leaves it out of what is fetched beforehand. */
const AFTER_USE = 'after-use';
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && /\/(assets|models)\//.test(url.pathname),
  // Models have no hash in their names.
  new NetworkFirst({ cacheName: AFTER_USE, plugins: [answersWithHeaders] }),
);

/** Scripts of earlier versions. Models stay: a prompt names them after an update too, and there may be no network. */
async function clearAfterUse(): Promise<void> {
  const cache = await caches.open(AFTER_USE);
  for (const request of await cache.keys())
    if (!new URL(request.url).pathname.includes('/models/')) await cache.delete(request);
}

self.addEventListener('activate', (event) => {
  // The runtime was kept apart once; all that is needed is precached now.
  event.waitUntil(Promise.all([self.clients.claim(), caches.delete('runtime'), clearAfterUse(), clearPacked()]));
});

// A new version waits until the person agrees or the last tab of the old one is closed: no picture being made is lost.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

/** Files that another app shares with this one: they are laid where the page finds them. @see the manifest's share_target */
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'POST' && new URL(request.url).pathname.endsWith('/share'))
    event.respondWith(receive(request));
});

async function receive(request: Request): Promise<Response> {
  const page = new URL('./?shared', self.registration.scope).href;
  const files = (await request.formData()).getAll('files').filter((value) => value instanceof File);
  const cache = await caches.open('shared');
  for (const [i, file] of files.entries())
    await cache.put(`${page}/${i}`, new Response(file, { headers: { 'X-File-Name': encodeURIComponent(file.name) } }));
  return Response.redirect(page, 303);
}
