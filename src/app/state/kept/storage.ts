/** Small things kept between visits: one JSON object in localStorage, or nothing where storage is refused. */

export interface Store {
  /** What was kept; empty where nothing, something unreadable or no storage is there. */
  read(): Record<string, unknown>;
  write(values: Record<string, unknown>): void;
  /** Reads again what is kept by now, where `read` does not. @param patienceMs  so long it waits for it */
  refresh?(patienceMs?: number): Promise<unknown>;
  /**
   * @param take  is told of something newer that came after nobody waited any longer: `kept`, and what that makes with all that
   *   was written meanwhile
   * @param asRead  what the reader has made of what it read: against that is seen what was changed meanwhile
   */
  onLate?(
    take: (values: Record<string, unknown>, kept: Record<string, unknown>) => void,
    asRead?: Record<string, unknown>,
  ): void;
  /** @param take  is told what another tab has written, in the place of who is told what comes late */
  onHeard?(take: (values: Record<string, unknown>) => void): void;
  /** False while what is on the disk is not known. */
  readonly isRead?: boolean;
  /** What a transaction of somebody else is to write in its name. */
  entry?(values: Record<string, unknown>): readonly [name: string, value: unknown];
}

/** @param findStorage may throw: browsers refuse `localStorage` in private or sandboxed pages */
export function createStore(key: string, findStorage: () => Storage = () => window.localStorage): Store {
  return {
    read() {
      try {
        const value: unknown = JSON.parse(findStorage().getItem(key) ?? '{}');
        return typeof value === 'object' && value !== null && !Array.isArray(value)
          ? (value as Record<string, unknown>)
          : {};
      } catch (error) {
        console.info('Saved settings could not be read and are left aside.', error);
        return {};
      }
    },
    write(values) {
      try {
        findStorage().setItem(key, JSON.stringify(values));
      } catch (error) {
        console.info('Settings could not be saved; they last until the page is closed.', error);
      }
    },
  };
}
