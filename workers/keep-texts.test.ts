/** Scripts and styles come packed, but for those that the browser has; what fails is left to the precache. */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepTexts } from './keep-texts';

const SCOPE = 'https://x.org/app/';
const at = (path: string): string => SCOPE + path;

const kept = new Map<string, Response>();
const cache = {
  match: (address: string) => Promise.resolve(kept.get(address)),
  put: (address: string, response: Response) => Promise.resolve(void kept.set(address, response)),
} as unknown as Cache;

/** What the browser has, and what the host has, by path. */
let own: string[];
let hosted: Record<string, Uint8Array<ArrayBuffer>>;
let asked: string[];

beforeEach(() => {
  kept.clear();
  own = [];
  asked = [];
  hosted = {};
  vi.stubGlobal('fetch', (address: string | URL, options?: RequestInit) => {
    const path = String(address).slice(SCOPE.length);
    if (options?.cache === 'only-if-cached')
      return own.includes(path) ? Promise.resolve(new Response('plain')) : Promise.reject(new TypeError('not here'));
    asked.push(path);
    const body = hosted[path];
    return Promise.resolve(body ? new Response(body) : new Response('', { status: 404 }));
  });
});
afterEach(() => void vi.unstubAllGlobals());

const gzipped = (text: string) => new Uint8Array(gzipSync(text));

it('unpacks scripts and styles, each under its own address and of its own type', async () => {
  hosted = {
    'packed/texts/a-1.js.gzip': gzipped('export const a = 1;'),
    'packed/texts/a-2.css.gzip': gzipped('a { color: red }'),
  };
  await keepTexts(cache, [at('assets/a-1.js'), at('assets/a-2.css'), at('icons/icon.svg'), at('theme.js?v=1')], SCOPE);
  expect([...kept.keys()].sort()).toEqual([at('assets/a-1.js'), at('assets/a-2.css')]);
  expect(await kept.get(at('assets/a-1.js'))?.text()).toBe('export const a = 1;');
  expect(kept.get(at('assets/a-1.js'))?.headers.get('content-type')).toBe('text/javascript');
  expect(kept.get(at('assets/a-2.css'))?.headers.get('content-type')).toBe('text/css');
});

it('asks for nothing that is kept already, or that the page has just fetched', async () => {
  kept.set(at('assets/a-1.js'), new Response('kept'));
  own = ['assets/b-1.js'];
  await keepTexts(cache, [at('assets/a-1.js'), at('assets/b-1.js')], SCOPE);
  expect(asked).toEqual([]);
  expect([...kept.keys()]).toEqual([at('assets/a-1.js')]);
});

it.each([
  ['is missing', undefined],
  ['is damaged', gzipped('export const a = 1;'.repeat(100)).slice(0, 30)],
  ['was unpacked on its way', new TextEncoder().encode('export const a = 1;')],
])('leaves to others what %s', async (_, body) => {
  hosted = { ...(body && { 'packed/texts/a-1.js.gzip': body }), 'packed/texts/b-1.js.gzip': gzipped('b') };
  await keepTexts(cache, [at('assets/a-1.js'), at('assets/b-1.js')], SCOPE);
  expect([...kept.keys()]).toEqual([at('assets/b-1.js')]);
});
