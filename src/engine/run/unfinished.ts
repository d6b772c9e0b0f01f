/** The records of pictures that are not finished: at hand, and every few seconds in the browser's storage. */
import { CallRecord } from './call-record';
import type { CallStore, ModelCall } from '../ports';

export interface UnfinishedOptions {
  store: CallStore;
  /** The present time in milliseconds. */
  now(): number;
  rest(ms: number): Promise<void>;
}

/** What is lost at most when a tab is killed; a quick picture is never written at all. */
const KEEP_EVERY_MS = 4000;
/** A storage that does not answer must not hold up a picture. */
const PATIENCE_MS = 1000;

export class Unfinished {
  readonly #options: UnfinishedOptions;
  #key = '';
  #record = new CallRecord();
  #written = 0;
  #writtenAt = 0;
  #isWriting = false;

  constructor(options: UnfinishedOptions) {
    this.#options = options;
  }

  /** Calls known of the picture under way. */
  get calls(): number {
    return this.#record.calls.length;
  }

  /** The record of the picture that `key` names: the last one's, one that storage has, or a new one. */
  async open(key: string): Promise<CallRecord> {
    if (this.#key !== key) {
      const { store, rest } = this.#options;
      const none: ModelCall[] = [];
      const nothing = (): ModelCall[] => none; // unread, the picture is painted from the start
      const calls = await Promise.race([store.read(key).catch(nothing), rest(PATIENCE_MS).then(nothing)]);
      if (this.#written > 0) this.flush(); // a long picture that was cancelled: it may be asked for again
      this.#key = key;
      this.#record = new CallRecord(calls);
      this.#written = this.#record.calls.length;
      this.#writtenAt = this.#options.now();
    }
    return this.#record;
  }

  /** Writes what is new from time to time; painting does not wait for it. */
  keep(): void {
    if (this.#options.now() - this.#writtenAt >= KEEP_EVERY_MS) this.flush();
  }

  flush(): void {
    const [key, from] = [this.#key, Math.min(this.#written, this.calls)];
    const calls = this.#record.calls.slice(from);
    if (this.#isWriting || calls.length === 0) return;
    this.#isWriting = true;
    this.#writtenAt = this.#options.now();
    this.#options.store
      .write(key, from, calls)
      .then(() => {
        if (this.#key === key) this.#written = from + calls.length;
      })
      .catch(() => undefined) // not kept: a killed tab paints it from the start
      .finally(() => (this.#isWriting = false));
  }

  /** It is finished: nothing of it is kept. */
  done(): void {
    const key = this.#key;
    this.#key = '';
    this.#record = new CallRecord();
    this.#written = 0;
    this.#options.store.remove(key).catch(() => undefined); // the oldest go when there are many
  }
}
