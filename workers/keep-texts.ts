/** What the service worker keeps of scripts and styles on a first visit: few hosts compress, so it takes them as the build has packed them. */
import { GZIPPED, PACKED_TEXTS } from '../src/platform/net/packed-files';
import { unpackGzip } from '../src/platform/net/unpack-blob';

/** Requests at a time. */
const AT_ONCE = 6;
const ASSET = /\/assets\/([^/]+\.(js|css))$/;
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

/**
 * Lays into the cache what comes smaller packed. What is left out, or fails, whoever precaches fetches as it is. A file that the page
 * has fetched a moment ago is among these: it comes from the browser's own cache.
 *
 * @param addresses  of all that will be kept; those of scripts and styles have a hash in their names
 * @param scope      address of the app's folder
 */
export async function keepTexts(cache: Cache, addresses: readonly string[], scope: string): Promise<void> {
  const waiting = addresses.filter((address) => ASSET.test(address));
  const take = async (): Promise<void> => {
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop())
      await keepText(cache, address, scope).catch(() => undefined);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

async function keepText(cache: Cache, address: string, scope: string): Promise<void> {
  if (await cache.match(address)) return;
  if (await isFetched(address)) return;
  const [, name, extension] = ASSET.exec(address) ?? [];
  const answer = await fetch(new URL(PACKED_TEXTS + name + GZIPPED, scope));
  if (!answer.ok) return;
  const text = await unpackGzip(await answer.blob());
  await cache.put(address, new Response(text, { headers: { 'Content-Type': TYPES[extension] } }));
}

/** The browser has it: it is not asked for anywhere else. */
async function isFetched(address: string): Promise<boolean> {
  const answer = await fetch(address, { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => undefined);
  return answer?.ok === true;
}
