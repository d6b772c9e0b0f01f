/** The pictures that others start from: which of them are here, what they look like, and when they can go. */
import { SvelteMap } from 'svelte/reactivity';
import { AppError } from '../../../core/errors';
import type { Pixels } from '../../../engine/api';
import type { AssetStore } from './asset-store';
import { assetsOf, type Naming } from './assets-of';

export interface Look {
  width: number;
  height: number;
  /** Address of a small version; undefined where the browser could not make it. */
  url?: string;
}

const PICTURE_MISSING =
  'The picture to start from is not here: choose it under “Start from a picture”, or remove it there.';

export const MASK_MISSING = 'The mask is not here: paint another, or remove it.';

export const UNIT_PICTURE_MISSING =
  'The picture of a unit of control is not here: choose it again, or switch the unit off.';

/** What was just put is not named yet: the form names it a moment later. */
const FRESH_MS = 60_000;

export class StartPictures {
  readonly #store: AssetStore;
  readonly #now: () => number;
  /** How pictures look, by their hashes; null for one that is not here. */
  readonly #looks = new SvelteMap<string, Look | null>();
  readonly #asked = new Set<string>();
  readonly #putAt = new Map<string, number>();
  /** Those used last: a batch starts from one picture. */
  #last: ReadonlyMap<string, Pixels> = new Map();
  /** For requests that name what is not kept. */
  #lent: ReadonlyMap<string, Pixels> = new Map();
  readonly #puts = new Set<Promise<string>>();
  #removing: Promise<void> = Promise.resolve();

  constructor(store: AssetStore, now: () => number = () => performance.now()) {
    this.#store = store;
    this.#now = now;
  }

  /** Undefined until it is known, of which whoever asked is told; then too where it is not here. */
  look(hash: string): Look | undefined {
    const look = this.#looks.get(hash);
    if (look === undefined && !this.#asked.has(hash)) {
      this.#asked.add(hash);
      queueMicrotask(() => void this.#find(hash));
    }
    return look ?? undefined;
  }

  /** It was looked for, and is not here. */
  isMissing(hash: string): boolean {
    this.look(hash);
    return this.#looks.get(hash) === null;
  }

  /** Why the next picture cannot start from it, or be masked by it. */
  problem(hash: string, what: 'picture' | 'mask'): string | undefined {
    if (!this.isMissing(hash)) return undefined;
    return what === 'mask' ? MASK_MISSING : PICTURE_MISSING;
  }

  /** @returns its hash. @throws AppError 'quota' */
  async put(pixels: Pixels): Promise<string> {
    const hash = await this.keep(pixels);
    this.#last = new Map([...this.#last, [hash, pixels]].slice(-2) as [string, Pixels][]);
    await this.#show(hash, pixels);
    return hash;
  }

  /** One that nobody looks at yet. @returns its hash. @throws AppError 'quota' */
  async keep(pixels: Pixels): Promise<string> {
    const hash = await this.#putInTurn(pixels);
    if (this.#asked.has(hash)) await this.#show(hash, pixels);
    return hash;
  }

  /** Pictures for requests that name them by their hashes, until others are lent: they are not kept. */
  lend(pictures: Record<string, Pixels>): void {
    this.#lent = new Map(Object.entries(pictures));
  }

  /** Pixels of a picture, to the byte; undefined where it is not here. */
  pixels(hash: string): Promise<Pixels | undefined> {
    return this.#store.get(hash);
  }

  /** What a request starts from and its units see, for the engine. @throws AppError 'missing-picture' where it is not here */
  async imagesOf({ initImage, initMask, control }: Naming): Promise<Record<string, Pixels> | undefined> {
    const named = assetsOf({ control, ...(initImage !== undefined && { initImage, initMask }) });
    if (named.length === 0) return undefined;
    const found = new Map<string, Pixels>();
    for (const hash of new Set(named)) {
      const pixels = this.#last.get(hash) ?? this.#lent.get(hash) ?? (await this.#store.get(hash));
      const missing = new Map([[initMask, MASK_MISSING]]).set(initImage, PICTURE_MISSING);
      if (!pixels) throw new AppError('missing-picture', missing.get(hash) ?? UNIT_PICTURE_MISSING);
      found.set(hash, pixels);
    }
    this.#last = found;
    return Object.fromEntries(found);
  }

  /** Those that nobody names go. @param findNamed  asked when it is known which are here, and nothing is being put */
  async sweep(findNamed: () => ReadonlySet<string>): Promise<void> {
    const keys = await this.#store.keys();
    // What is being put may be here already: it is named next.
    while (this.#puts.size > 0) await Promise.allSettled(this.#puts);
    const named = findNamed();
    const isFresh = (hash: string): boolean => this.#now() - (this.#putAt.get(hash) ?? -Infinity) < FRESH_MS;
    const gone = keys.filter((hash) => !named.has(hash) && !isFresh(hash));
    const removing = this.#store.remove(gone);
    this.#removing = removing.catch(() => undefined);
    await removing;
    for (const hash of gone) if (!isFresh(hash)) this.#forget(hash);
  }

  /** Not while others are removed: it would be taken for one that is here. */
  async #putInTurn(pixels: Pixels): Promise<string> {
    // Known at once: what is swept meanwhile waits for it.
    const put = this.#removing.then(() => this.#store.put(pixels));
    this.#puts.add(put);
    try {
      const hash = await put;
      this.#putAt.set(hash, this.#now());
      return hash;
    } finally {
      this.#puts.delete(put);
    }
  }

  async #find(hash: string): Promise<void> {
    try {
      const pixels = await this.#store.get(hash);
      if (pixels) await this.#show(hash, pixels);
      // It may have come while it was looked for.
      else if (!this.#looks.get(hash)) this.#looks.set(hash, null);
    } catch (error) {
      console.info('A picture to start from cannot be read.', error);
      this.#looks.set(hash, null);
    }
  }

  async #show(hash: string, pixels: Pixels): Promise<void> {
    this.#asked.add(hash);
    const { width, height } = pixels;
    const known = this.#looks.get(hash);
    if (known) return;
    this.#looks.set(hash, { width, height });
    try {
      const { makeThumbnail } = await import('../pictures/encode-picture');
      this.#looks.set(hash, { width, height, url: URL.createObjectURL(await makeThumbnail(pixels)) });
    } catch (error) {
      console.info('A picture to start from is not shown.', error);
    }
  }

  #forget(hash: string): void {
    const url = this.#looks.get(hash)?.url;
    if (url !== undefined) URL.revokeObjectURL(url);
    this.#looks.delete(hash);
    this.#asked.delete(hash);
    if (this.#last.has(hash)) this.#last = new Map();
  }
}
