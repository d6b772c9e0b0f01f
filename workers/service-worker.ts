/** The service worker: keeps the app and its starter model for offline use, on any static host. It serves files and does nothing else. */
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { withHeaders } from './response-headers';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] };

const addressOf = (entry: string | PrecacheEntry): string => (typeof entry === 'string' ? entry : entry.url);

/** Two flavours of the runtime are built; this browser uses the one that src/platform/gpu/ort-module.ts chooses. */
const otherFlavour = 'Suspending' in WebAssembly ? /\.asyncify-[^/]*\.wasm$/ : /\.jspi-[^/]*\.wasm$/;

addPlugins([
  {
    // Workbox passes the browser's cache by. Asking whether that is still right is enough: what the page has just fetched comes once.
    requestWillFetch: ({ request }) =>
      Promise.resolve(request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request),
    handlerWillRespond: ({ response }) => Promise.resolve(withHeaders(response)),
  },
]);
precacheAndRoute(
  self.__WB_MANIFEST.filter((entry) => !otherFlavour.test(addressOf(entry))),
  // ?provider=wasm and ?shared are the page's business
  { ignoreURLParametersMatching: [/.*/] },
);
cleanupOutdatedCaches();

self.addEventListener('activate', (event) => {
  // The runtime was kept apart once; all that is needed is precached now.
  event.waitUntil(Promise.all([self.clients.claim(), caches.delete('runtime')]));
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
