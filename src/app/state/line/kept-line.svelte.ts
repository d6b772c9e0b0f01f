/** The line between visits. One tab keeps it under its name; others keep theirs beside it: see one-tab.ts. */
import type { GenerationRequest } from '../../../core/recipe/request';
import { KEPT_LINE, readStoredJobs, type StoredJob } from './job';
import type { Queue } from './queue.svelte';
import { QUEUE_SIZE } from './queue-options';
import type { StateStore } from '../kept/kept-store';
import type { Store } from '../kept/storage';

/** Nobody waits for the line of an earlier visit as for the page: a slow disk has all of this time. */
const PATIENCE_MS = 20_000;
export const MAIN = 'gesso-queue';

/** Where lines of several tabs are. */
export type LineStore = StateStore & Required<Pick<StateStore, 'moveState'>>;

export class KeptLine {
  readonly #queue: Queue;
  readonly #main: Store;
  readonly #isInGallery: (request: GenerationRequest) => boolean;
  #store: Store;
  /** A line of another name is on its way here, in one transaction: nothing is written meanwhile. */
  #isMoving = false;
  /** Meanwhile something was to be written. */
  #isOwed = false;
  #isKept = $state(false);
  /** The storage took none of it when it was written last, and there is no copy. */
  isRefused = $state(false);
  /** Lines that no tab has may lie about: what they name is not to be tidied away. */
  hasOthers = $state(false);

  /** @param isInGallery  false, too, while not all of it is known */
  constructor(queue: Queue, store: Store, isInGallery: (request: GenerationRequest) => boolean = () => false) {
    this.#queue = queue;
    this.#main = store;
    this.#store = store;
    this.#isInGallery = isInGallery;
  }

  /** Whether this tab keeps the line. */
  get isKept(): boolean {
    return this.#isKept && !this.isRefused;
  }
  /** Where it is kept, by this tab. */
  get store(): Store | undefined {
    return this.#isKept ? this.#store : undefined;
  }

  /** It has all that waits in this browser, but for what living tabs have. Never rejects. */
  async isWhole(): Promise<boolean> {
    if (!this.#isKept) return false;
    await this.look();
    return !this.hasOthers;
  }

  /** Takes up what tabs have left that are gone; given by the tab that keeps the main line. */
  look: () => Promise<void> = () => Promise.resolve();

  /** Takes up what an earlier visit left in line; from then on the line is kept. */
  async restore(store = this.#main): Promise<void> {
    this.#store = store;
    await store.refresh?.(PATIENCE_MS);
    this.#takeLate(store, this.#queue.restore(jobsOf(store.read())));
    this.#isKept = true;
  }

  save(): void {
    if (this.#isKept) this.#queue.dropKept(this.#isInGallery);
    const jobs = this.#queue.toStored();
    this.#isOwed = this.#isMoving;
    if (this.#isKept && !this.#queue.isDelivering && !this.#isMoving) this.#store.write(KEPT_LINE.stamp({ jobs }));
  }

  /**
   * What waits under another name, of a tab that is gone, waits here, held. The caller holds that name's lock.
   *
   * @returns false where not all of it came: a picture is being kept, there is no room, or the storage does not answer
   */
  async take(name: string, shelf: LineStore): Promise<boolean> {
    return this.#move(name, shelf, (kept) => {
      const jobs = jobsOf(kept);
      const room = Math.max(0, QUEUE_SIZE - this.#queue.waiting.length);
      // Nothing would move, and the same would be written again.
      if (room === 0 && jobs.length > 0) return undefined;
      const left = KEPT_LINE.stamp({ jobs: jobs.slice(room) });
      const at = Math.max(Date.now(), Number(kept['at'] ?? 0) + 1);
      return { jobs: jobs.slice(0, room), rest: { ...left, at }, isAll: jobs.length <= room };
    });
  }

  /** The tab that kept the main line is gone: this one keeps it from here, with its own. @returns false where that has to wait */
  async promote(name: string, shelf: LineStore): Promise<boolean> {
    const own = this.#store;
    await this.#main.refresh?.(PATIENCE_MS);
    return this.#move(name, shelf, () => {
      const jobs = jobsOf(this.#main.read());
      const [, rest] = own.entry?.(KEPT_LINE.stamp({ jobs: [] })) ?? [name, {}];
      if (this.#queue.waiting.length + jobs.length > QUEUE_SIZE) return undefined;
      this.#store = this.#main;
      return { jobs, rest, isAll: true };
    });
  }

  /** In one transaction the other name is emptied and the line has what was there: it is never in both, nor in none. */
  async #move(name: string, shelf: LineStore, read: (kept: Values) => Moved | undefined): Promise<boolean> {
    const before = this.#store;
    let [ids, isAll]: [number[] | undefined, boolean] = [undefined, false];
    this.#isMoving = true;
    try {
      // What IndexedDB does not say now is not known.
      if (this.#main.isRead === false || before.isRead === false) return false;
      await shelf.moveState(name, (value) => {
        const moved = this.#queue.isDelivering ? undefined : read(toValues(value));
        if (!moved) return undefined;
        ids = this.#queue.restore(moved.jobs);
        isAll = moved.isAll;
        const own = this.#store.entry?.(KEPT_LINE.stamp({ jobs: this.#queue.toStored() }));
        return own && [own, [name, moved.rest]];
      });
      if (ids && before !== this.#store) this.#takeLate(this.#store, ids);
      return isAll;
    } catch (error) {
      console.info('The line of another tab stays where it is.', error);
      if (ids) this.#queue.restore([], ids);
      this.#store = before;
      return false;
    } finally {
      this.#isMoving = false;
      if (ids || this.#isOwed) this.save();
    }
  }

  #takeLate(store: Store, read: number[]): void {
    let ids = read;
    store.onLate?.((_, kept) => {
      ids = this.#queue.restore(jobsOf(kept), ids);
      this.save();
    });
  }
}

type Values = Record<string, unknown>;

interface Moved {
  jobs: StoredJob[];
  /** What stays under the other name. */
  rest: unknown;
  isAll: boolean;
}

const toValues = (value: unknown): Values => (typeof value === 'object' && value !== null ? (value as Values) : {});
const jobsOf = (kept: Values): StoredJob[] => readStoredJobs(KEPT_LINE.raise(kept)['jobs']);
