/** Web Locks: what one tab does, no other does at the same time. A closed tab lets go of its locks by itself. */

export interface Locks {
  /** Takes a lock at once, or not at all. @returns lets go of it; undefined where another has it */
  take(name: string): Promise<(() => void) | undefined>;
  /** Does the work while it has a lock, waiting for others to let go of it. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Names of all locks held by any tab. */
  held(): Promise<ReadonlySet<string>>;
  /** Resolves when nobody has it any more, be it that the tab was closed. */
  whenFree(name: string): Promise<void>;
}

export function createLocks(manager: LockManager = navigator.locks): Locks {
  return {
    take: (name) =>
      new Promise((resolve, reject) => {
        manager
          .request(name, { ifAvailable: true }, (lock) => {
            if (!lock) return resolve(undefined);
            return new Promise<void>((release) => resolve(() => release()));
          })
          .catch(reject);
      }),
    alone: async (name, work) => manager.request(name, work),
    async held() {
      const { held = [] } = await manager.query();
      return new Set(held.flatMap(({ name }) => (name === undefined ? [] : [name])));
    },
    whenFree: (name) => manager.request(name, { mode: 'shared' }, () => undefined),
  };
}
