/** Models on their way: one transfer a model over all tabs, any number of models at once. */
import { AppError, toAppError } from '../../core/errors';
import type { Transfer } from '../../engine/library-api';
import { CHUNK_BYTES } from '../net/download-file';
import type { Jobs } from './jobs';
import type { LibraryPorts } from './ports';
import { Task } from './task';

const lockOf = (id: string): string => `gesso-model:${id}`;

interface Parts {
  ports: LibraryPorts;
  jobs: Jobs;
  /** What is stored may be another now. */
  onChange: () => void;
  /** One of them has come further. */
  onProgress: () => void;
  /** Another tab is through with one. */
  onOtherTab: () => void;
}

export class Transfers {
  readonly #parts: Parts;
  readonly #tasks = new Map<string, { task: Task; done: Promise<void> }>();
  /** Locks of other tabs that it waits for. */
  readonly #watched = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Runs `work`, or waits for what runs under the same id. @throws AppError 'busy' where another tab works on it */
  async run(start: Pick<Transfer, 'id' | 'name' | 'canPause'>, work: (task: Task) => Promise<void>): Promise<void> {
    const running = this.#tasks.get(start.id);
    if (running && !running.task.signal.aborted && !isOver(running.task)) return running.done;
    const task = new Task(start, this.#parts.ports.download.now, this.#parts.onProgress);
    const done = this.#locked(task, () => work(task));
    this.#tasks.set(start.id, { task, done });
    this.#parts.onChange();
    return done;
  }

  /** Resolves when it has stopped; how it ended is in the transfer. */
  async stop(id: string, wish: 'pause' | 'cancel'): Promise<void> {
    const running = this.#tasks.get(id);
    if (!running) return;
    running.task.wish = wish;
    running.task.stop.abort();
    await running.done.catch(() => undefined);
  }

  /** It is told of no more. */
  forget(id: string): void {
    this.#tasks.delete(id);
  }

  /** Those of this tab, and downloads of earlier visits and other tabs. */
  async list(): Promise<Transfer[]> {
    const { ports, jobs } = this.#parts;
    const transfers = new Map<string, Transfer>();
    const held = await ports.locks.held();
    for (const { entry, files } of await jobs.list()) {
      const totalBytes = files.reduce((sum, { byteLength = 0 }) => sum + byteLength, 0);
      const doneBytes = Math.min(totalBytes, await this.presentBytes(entry.id));
      const isElsewhere = held.has(lockOf(entry.id));
      if (isElsewhere && !this.#tasks.has(entry.id)) this.#watchOther(lockOf(entry.id));
      const state = isElsewhere ? 'elsewhere' : 'paused';
      transfers.set(entry.id, { id: entry.id, name: entry.name, state, doneBytes, totalBytes, canPause: true });
    }
    for (const [id, { task }] of this.#tasks) transfers.set(id, task.transfer);
    return [...transfers.values()];
  }

  /** Bytes of an unfinished download that are here, to the chunk. */
  async presentBytes(id: string): Promise<number> {
    const { values, chunkBytes = CHUNK_BYTES } = this.#parts.ports;
    return (await values.keys(`part:${id}/`)).length * chunkBytes;
  }

  async #locked(task: Task, work: () => Promise<void>): Promise<void> {
    const { id, name } = task.transfer;
    const release = await this.#parts.ports.locks.take(lockOf(id));
    try {
      if (!release) throw new AppError('busy', `${name}: another tab is getting this model.`);
      await work();
      this.#tasks.delete(id);
    } catch (thrown) {
      task.fail(thrown);
      if (!release) this.#tasks.delete(id);
      throw toAppError(thrown);
    } finally {
      release?.();
      this.#parts.onChange();
    }
  }

  /** A tab that is closed says nothing; its lock does. */
  #watchOther(lock: string): void {
    if (this.#watched.has(lock)) return;
    this.#watched.add(lock);
    void this.#parts.ports.locks
      .whenFree(lock)
      .catch(() => undefined) // no lock, no news: the next change tells
      .then(() => {
        this.#watched.delete(lock);
        this.#parts.onOtherTab();
      });
  }
}

function isOver({ transfer }: Task): boolean {
  return transfer.state === 'failed' || transfer.state === 'paused';
}
