/**
 * Small things kept between visits, safe from a power cut: in IndexedDB, where what was said to be written is on the disk,
 * with a copy in localStorage for browsers whose IndexedDB refuses or does not answer. The newer of the two is taken.
 *
 * The page does not wait long for it. What IndexedDB answers later is not lost: nothing is written over it before it has
 * answered, and then what was changed meanwhile stays and the rest is as it was kept.
 */
import { toAppError } from '../../../core/errors';
import type { Store } from './storage';

/** Named values in IndexedDB. */
export interface StateStore {
  readState(name: string): Promise<unknown>;
  /** Resolves when it is on the disk, or a newer one is. */
  writeState(name: string, value: Dated): Promise<void>;
  /** Writes in one transaction what `take` makes of the stored value; nothing where it returns nothing. */
  moveState?(name: string, take: (value: unknown) => StateEntries | undefined): Promise<void>;
}

export type StateEntries = readonly (readonly [name: string, value: unknown])[];

export interface KeptStoreOptions {
  shelf: StateStore;
  /** The copy in localStorage, where older versions of the app had all of it. */
  copy: Store;
  /** Milliseconds since 1970. */
  now?: () => number;
  patienceMs?: number;
  /** What is written in quick succession, as by typing, is kept once it rests: milliseconds. 0: at once. */
  restMs?: number;
  /** Told after each try whether IndexedDB has it. */
  onWritten?: (isWritten: boolean) => void;
}

/** How long the page waits for its settings before it begins without IndexedDB. */
const PATIENCE_MS = 1500;

type Values = Record<string, unknown>;
type Dated = Values & { at: number };
type TakeLate = NonNullable<Parameters<NonNullable<Store['onLate']>>[0]>;

export class KeptStore implements Store {
  readonly name: string;
  readonly #options: Required<KeptStoreOptions>;
  #at = 0;
  #values: Values = {};
  /** The values that the page began with while IndexedDB had not answered: later changes are found by comparing with them. */
  #taken: Values = {};
  /** Time of the newest values read from IndexedDB, in an earlier visit where it has not answered since. */
  #reach = 0;
  /** Number of the last read: answers to earlier ones are ignored. */
  #readings = 0;
  #isUnread = false;
  #takeLate: TakeLate = () => undefined;
  #takeHeard: ((values: Values) => void) | undefined;
  /** What is to be written next; only the newest counts. */
  #next: Dated | undefined;
  #isWriting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, options: KeptStoreOptions) {
    this.name = name;
    this.#options = {
      now: () => Date.now(),
      patienceMs: PATIENCE_MS,
      restMs: 0,
      onWritten: () => undefined,
      ...options,
    };
  }

  /** Reads what is kept by now, also by other tabs. @param patienceMs  how long to wait for IndexedDB before the copy is taken */
  async refresh(patienceMs = this.#options.patienceMs): Promise<this> {
    const { copy, shelf } = this.#options;
    const reading = (this.#readings += 1);
    this.#isUnread = true;
    const kept = shelf.readState(this.name).then(toValues, (error: unknown) => {
      console.info(`${this.name} is read from its copy.`, toAppError(error));
      return {};
    });
    const soon = await Promise.race([kept, rest(patienceMs)]);
    const { since, ...copied } = copy.read();
    const reach = typeof since === 'number' ? since : undefined;
    this.#values = newer(soon ?? {}, copied, reach);
    this.#at = ageOf(this.#values);
    this.#taken = this.#values;
    this.#reach = (soon ? undefined : reach) ?? this.#at;
    if (soon) this.#isUnread = false;
    else void kept.then((values) => reading === this.#readings && this.#hearLate(values));
    return this;
  }

  read(): Values {
    return this.#values;
  }

  get isRead(): boolean {
    return !this.#isUnread;
  }

  onLate(take: TakeLate, asRead = this.#taken): void {
    this.#takeLate = take;
    this.#taken = asRead;
  }

  onHeard(take: (values: Values) => void): void {
    this.#takeHeard = take;
  }

  /** Another tab has written, as localStorage tells: where that is newer, it is taken. */
  hear(): void {
    const values = { ...this.#options.copy.read() };
    delete values['since'];
    if (this.#isUnread || ageOf(values) <= this.#at) return;
    if (!this.#next) [this.#values, this.#at] = [values, ageOf(values)];
    if (this.#takeHeard) this.#takeHeard(values);
    else this.#takeLate(values, values);
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
    this.#options.copy.write(this.#isUnread ? { ...this.#next, since: this.#reach } : this.#next);
    void this.#writeNext();
  }

  /** What another transaction is to write for this store. */
  entry(values: Values): readonly [name: string, value: Dated] {
    this.#at = Math.max(this.#at + 1, this.#options.now());
    return [this.name, { ...values, at: this.#at }];
  }

  #hearLate(kept: Values): void {
    if (ageOf(kept) > this.#reach) {
      const before = this.#next;
      const changed = Object.entries(this.#values).filter(
        ([key, value]) => key !== 'at' && !isSame(value, this.#taken[key]),
      );
      this.#at = Math.max(this.#at, ageOf(kept));
      const merged = { ...kept, ...Object.fromEntries(changed) };
      this.#values = merged;
      this.#takeLate(merged, kept);
      // Where nobody has written the merged values meanwhile, they are written as they are.
      if (before && this.#next === before) this.write(merged);
    }
    this.#isUnread = false;
    this.flush();
  }

  async #writeNext(): Promise<void> {
    if (this.#isWriting || this.#isUnread) return;
    this.#isWriting = true;
    while (this.#next) {
      const values = this.#next;
      this.#next = undefined;
      const { shelf, onWritten } = this.#options;
      const refused = (error: unknown): void => {
        console.info(`${this.name} is kept as a copy alone.`, toAppError(error));
        onWritten(false);
      };
      await shelf.writeState(this.name, values).then(() => onWritten(true), refused);
    }
    this.#isWriting = false;
  }
}

const rest = (ms: number): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A copy that was written while IndexedDB was mute does not know what stood there: that stays, where it is newer than what it began with. */
function newer(kept: Values, copy: Values, reach: number | undefined): Values {
  const isKeptNewer = reach === undefined ? ageOf(kept) >= ageOf(copy) : ageOf(kept) > reach;
  return isKeptNewer && Object.keys(kept).length > 0 ? kept : copy;
}

function toValues(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

/** Older versions did not say. */
function ageOf({ at }: Values): number {
  return typeof at === 'number' ? at : 0;
}
