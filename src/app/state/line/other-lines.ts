/** Lines of further tabs: each keeps its own under a name of its own, whose lock says that the tab lives. */
import { KeptStore } from '../kept/kept-store';
import type { Store } from '../kept/storage';
import { MAIN, type KeptLine, type LineShelf } from './kept-line.svelte';

/** Tabs beyond keep nothing, and are asked about when they close. */
const MOST_TABS = 8;
const NAMES = Array.from({ length: MOST_TABS - 1 }, (_, i) => `${MAIN}-${i + 2}`);
/** A picture is being kept, or the storage is slow: again after so long. */
const AGAIN_MS = 1000;
const MOST_TRIES = 5;

type Locks = Pick<LockManager, 'request'>;

/** Another copy than the disk's would have to be emptied in the same moment. */
const NO_COPY: Store = { read: () => ({}), write: () => undefined };

export interface Beside {
  /** The main line is this tab's now: its own goes there. Resolves when it has. */
  promote(): Promise<void>;
}

/** Takes the first name that no tab has, with what waits there; undefined where there is none. */
export async function keepBeside(line: KeptLine, locks: Locks, shelf: LineShelf): Promise<Beside | undefined> {
  const found = await freeName(locks);
  if (!found) return undefined;
  const { name, letGo } = found;
  // A storage that does not answer keeps nothing: then closing is asked about.
  await shelf.readState(name);
  await line.restore(new KeptStore(name, { shelf, copy: NO_COPY }));
  const promote = async (): Promise<void> => {
    while (!(await line.promote(name, shelf))) await rest();
    letGo();
  };
  return { promote };
}

/** Whoever looks for lines of tabs that are gone holds a name for a moment, too. */
async function freeName(locks: Locks): Promise<{ name: string; letGo: () => void } | undefined> {
  for (let tries = MOST_TRIES; tries > 0; tries -= 1) {
    for (const name of NAMES) {
      const letGo = await hold(locks, name);
      if (letGo) return { name, letGo };
    }
    await rest();
  }
  return undefined;
}

/** What waits under names that no tab has comes to the main line. */
export async function takeOtherLines(line: KeptLine, locks: Locks, shelf: LineShelf): Promise<void> {
  for (const name of NAMES) if (await hasLine(name, shelf)) await takeLine(name, line, locks, shelf);
  line.hasOthers = false;
}

/** Looked at without its lock: a name that says nothing is not held for a moment. */
async function hasLine(name: string, shelf: LineShelf): Promise<boolean> {
  const kept = (await shelf.readState(name)) as { jobs?: unknown } | undefined;
  return Array.isArray(kept?.jobs) && kept.jobs.length > 0;
}

async function takeLine(name: string, line: KeptLine, locks: Locks, shelf: LineShelf): Promise<void> {
  await locks.request(name, { ifAvailable: true }, async (lock) => {
    while (lock && !(await line.take(name, shelf))) await rest();
  });
}

/** @returns what gives it back; undefined where another tab has it */
function hold(locks: Locks, name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    void locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((letGo) => resolve(letGo));
    });
  });
}

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
