/** Storage for tests in node: a Map that can be full, locks without tabs. */
import { AppError } from '../../../core/errors';
import type { KeyValue } from '../key-value';
import type { Locks } from '../locks';

export interface MemoryValues extends KeyValue {
  readonly map: Map<string, unknown>;
  /** Bytes of Blobs that may lie in it. */
  limit: number;
}

export function memoryValues(limit = Infinity): MemoryValues {
  const map = new Map<string, unknown>();
  const sizeOf = (values: Iterable<unknown>): number =>
    [...values].reduce<number>((sum, value) => sum + (value instanceof Blob ? value.size : 0), 0);
  return {
    map,
    limit,
    get: <T>(key: string) => Promise.resolve(map.get(key) as T | undefined),
    keys: (prefix = '') => Promise.resolve([...map.keys()].filter((key) => key.startsWith(prefix))),
    change(puts, deletes = []) {
      const next = new Map(map);
      for (const key of deletes) next.delete(key);
      for (const [key, value] of puts) next.set(key, value);
      if (sizeOf(next.values()) > this.limit) return Promise.reject(new AppError('quota', 'The memory is full.'));
      map.clear();
      for (const [key, value] of next) map.set(key, value);
      return Promise.resolve();
    },
  };
}

export function memoryLocks(): Locks {
  const held = new Set<string>();
  const turns = new Map<string, Promise<unknown>>();
  const waiting: { name: string; tell: () => void }[] = [];
  return {
    take(name) {
      if (held.has(name)) return Promise.resolve(undefined);
      held.add(name);
      return Promise.resolve(() => {
        held.delete(name);
        for (const one of waiting) if (one.name === name) one.tell();
      });
    },
    alone(name, work) {
      const turn = (turns.get(name) ?? Promise.resolve()).then(work);
      turns.set(
        name,
        turn.catch(() => undefined),
      );
      return turn;
    },
    held: () => Promise.resolve(new Set(held)),
    whenFree: (name) =>
      new Promise((resolve) => (held.has(name) ? void waiting.push({ name, tell: resolve }) : resolve())),
  };
}
