/** Sites for tests, by address: files of any size, pages, refusals; what is nowhere here is asked of the real network. */
import type { ByteSource } from '../../../core/formats';

export interface Served {
  source?: ByteSource;
  text?: string;
  type?: string;
  status?: number;
  /** Status that is answered to HEAD. */
  headStatus?: number;
  /** The server gives whole files only. */
  ignoresRange?: boolean;
  /** The fetch fails as a browser reports a server that lets no page ask. */
  isForbidden?: boolean;
}

export interface FakeWeb {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** "HEAD https://x.org/a", "GET https://x.org/a bytes=0-0". */
  asked: string[];
}

export function fakeWeb(sites: Record<string, Served>): FakeWeb {
  const asked: string[] = [];
  return {
    asked,
    async fetch(url, init) {
      const served = sites[url];
      if (!served && !/\.(org|com)\b/.test(url)) return fetch(url, init);
      const { method = 'GET' } = init;
      const range = new Headers(init.headers).get('range');
      asked.push(`${method} ${url} ${range ?? ''}`.trim());
      if (served?.isForbidden) throw new TypeError('Failed to fetch');
      return served ? answer(served, method, range) : new Response('', { status: 404 });
    },
  };
}

async function answer(served: Served, method: string, range: string | null): Promise<Response> {
  const { source, text = '', type = 'application/octet-stream', status = 200, headStatus = status } = served;
  if (method === 'HEAD' && headStatus !== 200) return new Response(null, { status: headStatus });
  if (status !== 200) return new Response('no', { status });
  const size = source?.size ?? text.length;
  const headers = { 'content-type': type, 'content-length': String(size) };
  if (method === 'HEAD') return new Response(null, { headers });
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (!source || from === undefined || served.ignoresRange)
    return new Response(source ? ((await source.read(0, Math.min(size, 2 ** 20))) as BodyInit) : text, { headers });
  const end = Math.min(size, Number(to) + 1);
  const body = await source.read(Number(from), end - Number(from));
  const partial = { 'content-type': type, 'content-range': `bytes ${from}-${end - 1}/${size}` };
  return new Response(body, { status: 206, headers: partial });
}
