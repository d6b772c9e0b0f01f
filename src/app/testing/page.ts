/** What jsdom lacks of a page, and mounting the app in it. */
import { flushSync, mount, unmount } from 'svelte';
import { vi } from 'vitest';
import type { Catalog } from '../../core/catalog';
import App from '../App.svelte';
import { loadAllParts } from '../components/ui/part';
import type { finishPicture } from '../state/pictures/finish-picture';
import type { Store } from '../state/kept/storage';
import { Studio } from '../state/studio.svelte';
import { CATALOG } from './catalog';
import { memoryAssetStore, type MemoryAssetStore } from './asset-store';
import { memoryGalleryStore } from './gallery-store';
import { createFakeLibrary, type FakeLibrary } from './fake-library';
import { createFakeBench, type FakeBench } from './fake-bench';
import { createFakeEngine, type FakeEngine } from './fake-engine';

// What the page fetches later is here from the start, so that a press shows it at once.
await Promise.all([
  loadAllParts(),
  import('../../core/plain-words'),
  import('../../core/recipe/infotext'),
  import('../../core/image/metadata'),
  import('../../core/recipe/links'),
  import('../state/arriving/incoming.svelte'),
  import('../state/pictures/picture-recipe'),
]);

export function memoryStore(initial: Record<string, unknown> = {}): Store {
  let values = initial;
  return { read: () => values, write: (next) => void (values = next) };
}

/** Finishes a picture without a canvas: everything but the bytes. */
export const finishWithoutPng: typeof finishPicture = ({ pixels, request, device, timings }, context) => {
  const { width, height } = pixels;
  const facts = { madeAt: 0, width, height, request, device, timings, ...context };
  return Promise.resolve({ facts, file: new Blob(['png']), thumbnail: new Blob(['webp']) });
};

export interface TestPage {
  studio: Studio;
  engine: FakeEngine;
  library: FakeLibrary;
  bench: FakeBench;
  store: Store;
  assets: MemoryAssetStore;
  close(): Promise<void>;
}

/** @param script see createFakeEngine */
export function openPage(
  script = '0',
  {
    width = 1280,
    query = '',
    stored = {},
    galleryStore = memoryGalleryStore(),
    queueStore = memoryStore(),
    assets = memoryAssetStore(),
    folds = '{}',
    catalog = CATALOG as Catalog,
  } = {},
): TestPage {
  localStorage.setItem('gesso-folds', folds);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.stubGlobal('matchMedia', (text: string) => ({
    matches: width <= Number(/max-width: (\d+)px/.exec(text)?.[1] ?? 0),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"subjects":["apple","pear"]}')));
  Element.prototype.scrollIntoView = () => undefined;
  HTMLCanvasElement.prototype.getContext = () => null;
  URL.createObjectURL = () => 'blob:test';
  URL.revokeObjectURL = () => undefined;

  const engine = createFakeEngine(script);
  const store = memoryStore(stored);
  const library = createFakeLibrary();
  const bench = createFakeBench();
  const studio = new Studio({
    api: engine,
    bench,
    catalog,
    store,
    library: { api: library, store: memoryStore() },
    galleryStore,
    assetStore: assets,
    queueStore,
    shelfStore: memoryStore(),
    baseUrl: 'https://gesso.test/',
    query: new URLSearchParams(query),
    version: 'gesso-test',
    finish: finishWithoutPng,
  });
  const app = mount(App, { target: document.body, props: { studio } });
  flushSync();
  return { studio, engine, library, bench, store, assets, close: () => unmount(app) };
}

/** The control that has a label. */
export function control(label: string): HTMLInputElement {
  const found = [...document.querySelectorAll('label')].find((node) => node.textContent?.trim() === label)?.control;
  if (!(found instanceof HTMLElement)) throw new Error(`no control labelled ${label}`);
  return found as HTMLInputElement;
}

export function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((node) => node.textContent?.trim() === name);
  if (!found) throw new Error(`no button named ${name}`);
  return found;
}

export function type(label: string, text: string): void {
  const field = control(label);
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

export function click(name: string): void {
  button(name).click();
  flushSync();
}

export function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
  flushSync();
}

/** Waits as long as a busy machine may take, and looks often: what is seen may be gone again soon. */
export const soon = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 10 });
