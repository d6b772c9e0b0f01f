/**
 * Small things kept between visits, safe from a power cut: in IndexedDB, where what was said to be written is on the disk,
 * with a copy in localStorage for browsers whose IndexedDB refuses or does not answer. The newer of the two is taken.
 */
import { toAppError } from '../../core/errors';
import type { Store } from './storage';

/** Named values in IndexedDB. */
export interface StateShelf {
  readState(name: string): Promise<unknown>;
  /** Resolves when it is on the disk, or a newer one is. */
  writeState(name: string, value: Dated): Promise<void>;
}

export interface KeptStoreOptions {
  shelf: StateShelf;
  /** In localStorage, where older versions of the app had all of it. */
  copy: Store;
  /** Milliseconds since 1970. */
  now?: () => number;
  patienceMs?: number;
  /** What is written in quick succession, as by typing, is kept once it rests: milliseconds. 0: at once. */
  restMs?: number;
}

/** The page waits for its settings: a storage that is mute is done without. */
const PATIENCE_MS = 1500;

type Values = Record<string, unknown>;
type Dated = Values & { at: number };

export class KeptStore implements Store {
  readonly #name: string;
  readonly #options: Required<KeptStoreOptions>;
  #at = 0;
  #values: Values = {};
  /** What is to be written next; only the newest counts. */
  #next: Dated | undefined;
  #isWriting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, options: KeptStoreOptions) {
    this.#name = name;
    this.#options = { now: () => Date.now(), patienceMs: PATIENCE_MS, restMs: 0, ...options };
  }

  /** Reads what is kept by now, also by other tabs. */
  async refresh(): Promise<this> {
    const { copy, shelf, patienceMs } = this.#options;
    const rest = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs));
    const kept = shelf.readState(this.#name).catch((error: unknown) => {
      console.info(`${this.#name} is read from its copy.`, toAppError(error));
    });
    const [a, b] = [toValues(await Promise.race([kept, rest])), copy.read()];
    this.#values = ageOf(a) >= ageOf(b) && Object.keys(a).length > 0 ? a : b;
    this.#at = ageOf(this.#values);
    return this;
  }

  read(): Values {
    return this.#values;
  }

  write(values: Values): void {
    const [, dated] = this.entry(values);
    this.#values = dated;
    this.#next = dated;
    if (this.#options.restMs === 0) return this.flush();
    this.#timer ??= setTimeout(() => this.flush(), this.#options.restMs);
  }

  /** Keeps now what was written: to be called when the page may go. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#next) return;
    this.#options.copy.write(this.#next);
    void this.#writeNext();
  }

  /** What a transaction of somebody else is to write in its name. */
  entry(values: Values): readonly [name: string, value: Dated] {
    this.#at = Math.max(this.#at + 1, this.#options.now());
    return [this.#name, { ...values, at: this.#at }];
  }

  async #writeNext(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#next) {
      const values = this.#next;
      this.#next = undefined;
      await this.#options.shelf.writeState(this.#name, values).catch((error: unknown) => {
        console.info(`${this.#name} is kept as a copy alone.`, toAppError(error));
      });
    }
    this.#isWriting = false;
  }
}

function toValues(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

/** Older versions did not say. */
function ageOf({ at }: Values): number {
  return typeof at === 'number' ? at : 0;
}
