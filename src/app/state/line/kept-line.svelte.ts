/** The line between visits. One tab keeps it; what waits in another is not its business. */
import type { GenerationRequest } from '../../../core/recipe/request';
import { KEPT_LINE, readStoredJobs, type StoredJob } from './job';
import type { Queue } from './queue.svelte';
import type { Store } from '../kept/storage';

/** Nobody waits for the line of an earlier visit as for the page: a slow disk has all of this time. */
const PATIENCE_MS = 20_000;

export class KeptLine {
  readonly #queue: Queue;
  readonly #store: Store;
  readonly #isInGallery: (request: GenerationRequest) => boolean;
  #isKept = $state(false);

  /** @param isInGallery  false, too, while not all of it is known */
  constructor(queue: Queue, store: Store, isInGallery: (request: GenerationRequest) => boolean = () => false) {
    this.#queue = queue;
    this.#store = store;
    this.#isInGallery = isInGallery;
  }

  /** Whether this tab keeps the line. */
  get isKept(): boolean {
    return this.#isKept;
  }
  /** Where it is kept, by this tab. */
  get store(): Store | undefined {
    return this.#isKept ? this.#store : undefined;
  }

  /** Takes up what an earlier visit left in line; from then on the line is kept. */
  async restore(): Promise<void> {
    await this.#store.refresh?.(PATIENCE_MS);
    let ids = this.#queue.restore(jobsOf(this.#store.read()));
    this.#store.onLate?.((_, kept) => {
      ids = this.#queue.restore(jobsOf(kept), ids);
      this.save();
    });
    this.#isKept = true;
  }

  save(): void {
    if (this.#isKept) this.#queue.dropKept(this.#isInGallery);
    const jobs = this.#queue.toStored();
    if (this.#isKept && !this.#queue.isDelivering) this.#store.write(KEPT_LINE.stamp({ jobs }));
  }
}

/** One tab keeps it; when that is closed, the next one takes it over. @param locks  without them every tab thinks it is the one */
export function keepInOneTab(line: KeptLine, locks: Pick<LockManager, 'request'> | undefined): void {
  if (locks) void locks.request('gesso-queue', () => new Promise(() => void line.restore()));
  else void line.restore();
}

const jobsOf = (kept: Record<string, unknown>): StoredJob[] => readStoredJobs(KEPT_LINE.raise(kept)['jobs']);
