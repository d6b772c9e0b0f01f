/** The service worker: keeps the app and its starter model for offline use. It serves files and does nothing else. */
import { CacheFirst } from 'workbox-strategies';
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] };

// A new version waits until the last tab of the old one is closed: files of two versions are never mixed, and no
// picture being made is lost to a reload.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

// Two flavours of the runtime are built and one is used: it is kept when it is first fetched. Its name has a hash.
registerRoute(({ url }) => url.pathname.endsWith('.wasm'), new CacheFirst({ cacheName: 'runtime' }));
