/** What a computer keeps, for as many tabs as there are, and what of it a kill leaves: see `powerCut`. */
import { IDBFactory } from 'fake-indexeddb';
import type { KeyValue } from '../../../platform/storage/key-value';
import type { Life, World } from './world';

type Values = Record<string, unknown>;

/** Browsers write it seconds later. */
const LATE_MS = 5000;

/** localStorage: read and written at once, and on the disk some time later. */
export class Copies {
  readonly #world: World;
  #history: { at: number; all: ReadonlyMap<string, Values> }[] = [{ at: 0, all: new Map() }];

  constructor(world: World) {
    this.#world = world;
  }

  store(name: string, life: Life, onWrite: (values: Values) => void) {
    return {
      read: (): Values => structuredClone(this.#history.at(-1)?.all.get(name) ?? {}),
      write: (values: Values): void => {
        if (life.isOver) return;
        const all = new Map(this.#history.at(-1)?.all).set(name, structuredClone(values));
        this.#history = [
          ...this.#history.filter(({ at }) => at >= this.#world.now - 2 * LATE_MS),
          { at: this.#world.now, all },
        ];
        onWrite(values);
      },
    };
  }

  /** The browser is killed: it is what it was once. */
  fallBack(): void {
    this.#history = this.#history.slice(0, 1 + this.#world.draw(this.#history.length));
  }
}

/** An IndexedDB as fake-indexeddb has it; each tab has connections of its own, and dies in the middle of transactions. */
export class Database {
  readonly #world: World;
  readonly #factory = new IDBFactory();

  constructor(world: World) {
    this.#world = world;
  }

  factory(life: Life): IDBFactory {
    const open = new Set<IDBTransaction>();
    life.onEnd(() => this.#cutOff([...open]));
    const watch = (database: IDBDatabase): void => {
      const begin = database.transaction.bind(database);
      database.transaction = (...args: Parameters<typeof begin>) => {
        const transaction = begin(...args);
        open.add(transaction);
        for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => open.delete(transaction));
        return transaction;
      };
    };
    const factory = Object.create(this.#factory) as IDBFactory;
    factory.open = (name, version) => {
      const request = this.#factory.open(name, version);
      request.addEventListener('success', () => watch(request.result));
      return request;
    };
    return factory;
  }

  /** What was being written may get through. What waits behind it does not: it needs answers, which a dead tab does not hear. */
  #cutOff(open: readonly IDBTransaction[]): void {
    const first = open.find(({ mode }) => mode === 'readwrite');
    const isThrough = this.#world.draw(2) === 0;
    for (const transaction of open.filter((one) => one !== first || !isThrough))
      try {
        transaction.abort();
      } catch {
        continue; // it is through
      }
  }
}

interface Change {
  at: number;
  before: ReadonlyMap<string, unknown>;
}

/** Keys and values as idb-keyval keeps them: in the order they are asked for, and relaxed, so that a power cut costs the last. */
export class RelaxedValues {
  readonly #world: World;
  #map: ReadonlyMap<string, unknown> = new Map();
  #changes: Change[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  #powerCuts = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get keys(): string[] {
    return [...this.#map.keys()];
  }

  /** The disk as one tab, or one worker, has it. */
  for(life: Life): KeyValue {
    let pending = 0;
    let left = Infinity;
    life.onEnd(() => (left = this.#world.draw(pending + 1)));
    const inTurn = <T>(work: () => T): Promise<T> => {
      pending += 1;
      const before = this.#powerCuts;
      const turn = this.#tail.then(() =>
        this.#world.answer(() => {
          pending -= 1;
          left -= 1;
          if (this.#powerCuts > before || (life.isOver && left < 0)) throw new Error('cut off');
          return work();
        }),
      );
      this.#tail = turn.catch(() => undefined);
      return turn;
    };
    const values: KeyValue = {
      get: <T>(key: string) => inTurn(() => this.#map.get(key) as T | undefined),
      keys: (prefix = '') => inTurn(() => this.keys.filter((key) => key.startsWith(prefix))),
      change: (puts, deletes = []) =>
        inTurn(() => {
          const next = new Map(this.#map);
          for (const key of deletes) next.delete(key);
          for (const [key, value] of puts) next.set(key, structuredClone(value));
          const since = this.#world.now - LATE_MS;
          this.#changes = [
            ...this.#changes.filter(({ at }) => at >= since),
            { at: this.#world.now, before: this.#map },
          ];
          this.#map = next;
        }),
    };
    return life.gate(values);
  }

  /** Whatever the system had not written by itself is gone, and nothing that was still under way gets through. */
  fallBack(): void {
    this.#powerCuts += 1;
    const first = this.#world.draw(this.#changes.length + 1);
    this.#map = this.#changes[first]?.before ?? this.#map;
    this.#changes = [];
  }
}
