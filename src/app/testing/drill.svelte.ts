/** Visits to the page over one disk, which end as visits do: in the middle of things. */
import { Blob as NodeBlob } from 'node:buffer';
import { IDBDatabase } from 'fake-indexeddb';
import type { AppError } from '../../core/errors';
import { createGalleryStore } from '../../platform/storage/gallery-store';
import { KeptStore } from '../state/kept/kept-store';
import type { Picture } from '../state/pictures/picture';
import { Studio } from '../state/studio.svelte';
import { CATALOG } from './catalog';
import { memoryAssetStore } from './asset-store';
import { DrillEngine, tick } from './drill-engine';
import { createFakeBench } from './fake-bench';
import { createFakeLibrary } from './fake-library';

const never = (): Promise<never> => new Promise(() => undefined);

type Values = Record<string, unknown>;
const nowhere = { read: () => ({}), write: () => undefined };

/** localStorage as it was at any time. */
export class Copies {
  readonly #history: Map<string, Values>[] = [new Map()];

  store(name: string) {
    return {
      read: (): Values => this.#history.at(-1)?.get(name) ?? {},
      write: (values: Values) =>
        void this.#history.push(new Map(this.#history.at(-1)).set(name, structuredClone(values))),
    };
  }

  /** Browsers write it seconds later: after a power cut it is what it was once. */
  fallBack(random: () => number): void {
    this.#history.push(this.#history[Math.floor(random() * this.#history.length)] ?? new Map());
  }
}

/** Transactions that are not through. */
const open = new Set<IDBTransaction>();
const begin = IDBDatabase.prototype.transaction as (...args: unknown[]) => IDBTransaction;
IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: unknown[]) {
  const transaction = begin.apply(this, args);
  open.add(transaction);
  for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => open.delete(transaction));
  return transaction;
} as typeof IDBDatabase.prototype.transaction;

/** Each of them is on the disk or is not. */
function cutOff(random: () => number): void {
  for (const transaction of open)
    if (random() < 0.5)
      try {
        transaction.abort();
      } catch {
        continue; // it is through
      }
}

export interface Visit {
  studio: Studio;
  engine: DrillEngine;
  /** What the gallery's storage says to the next picture. */
  refuse(error: AppError): void;
  /** The tab is no more: nothing of it reads, writes or paints from now on. */
  kill(random: () => number): void;
}

export async function visit(disk: IDBFactory, copies: Copies): Promise<Visit> {
  let isDead = false;
  let refusal: AppError | undefined;
  const real = createGalleryStore<Omit<Picture, 'id'>>(() => disk);
  const gate = new Proxy(real, {
    get: (target, name: keyof typeof real) =>
      isDead
        ? never
        : (...args: unknown[]) => {
            const error = name === 'add' ? refusal : undefined;
            if (error) refusal = undefined;
            return error ? Promise.reject(error) : (target[name] as (...all: unknown[]) => unknown)(...args);
          },
  });
  const stores = ['gesso', 'gesso-queue'].map((name) => {
    const copy = copies.store(name);
    const write = (values: Values): void => void (isDead || copy.write(values));
    return new KeptStore(name, { shelf: gate, copy: { ...copy, write } }).refresh();
  });
  const [store, queueStore] = await Promise.all(stores);
  if (!store || !queueStore) throw new Error('no stores');
  const engine = new DrillEngine();
  const studio = new Studio({
    api: engine,
    bench: createFakeBench(),
    catalog: CATALOG,
    store,
    library: { api: createFakeLibrary(), store: nowhere },
    galleryStore: gate,
    assetStore: memoryAssetStore(),
    queueStore,
    shelfStore: nowhere,
    baseUrl: 'https://gesso.test/',
    version: 'gesso-test',
    finish: async (made, context) => {
      const { pixels, request, device, timings } = made;
      const { width, height } = pixels;
      const blob = (): Blob => new NodeBlob(['x']) as unknown as Blob; // jsdom's cannot be cloned
      await tick();
      const facts = { madeAt: Date.now(), width, height, request, device, timings, ...context };
      return { facts, file: blob(), thumbnail: blob() };
    },
  });
  const stop = $effect.root(() => {
    $effect(() => studio.save());
    $effect(() => studio.line.save());
  });
  await studio.line.restore();
  await studio.gallery.load();
  const kill = (random: () => number): void => {
    isDead = true;
    engine.fallSilent();
    stop();
    cutOff(random);
  };
  return { studio, engine, kill, refuse: (error) => void (refusal = error) };
}
