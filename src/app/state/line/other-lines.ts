/** Lines of further tabs: each keeps its own under a name of its own, whose lock says that the tab lives. */
import { KeptStore } from '../kept/kept-store';
import type { Store } from '../kept/storage';
import { MAIN, type KeptLine, type LineStore } from './kept-line.svelte';

/** Tabs beyond keep nothing, and are asked about when they close. */
const MOST_TABS = 8;
const NAMES = Array.from({ length: MOST_TABS - 1 }, (_, i) => `${MAIN}-${i + 2}`);
/** A picture is being kept, or the storage is slow: again after so long, and twice as long each time. */
const AGAIN_MS = 1000;
/** Half a minute in all. */
const MOST_TRIES = 6;
/** Held by public/theme.js in a tab that kept the main line and is loaded again, until its scripts ask for that. */
export const AGAIN = `${MAIN}-again`;
/** So long the browser has to show the first of a page that is loaded again: it holds AGAIN then. */
const RELOAD_MS = 2000;
/** So long its scripts have to come: without a network they may never. */
const SCRIPTS_MS = 120_000;
/** Locks of a tab that was closed go a moment after it. */
const CLOSING_MS = 1000;
/** What could not be moved has to wait; meanwhile another tab may have it. */
const LATER_MS = 60_000;
/** Where a tab remembers its name, so that it finds its own line after a reload. */
const REMEMBERED = 'gesso-line';

type Locks = Pick<LockManager, 'request'>;

export interface TabParts {
  /** What this tab has to itself, also when it is loaded again; a duplicated tab has a copy. May throw. */
  session?: () => Pick<Storage, 'getItem' | 'setItem'>;
  rest?: (ms: number) => Promise<void>;
}

export interface OtherLines {
  /**
   * The line is kept under another name until the main one is free. Resolves never.
   *
   * @param begin  where this tab had no name
   * @param keep  when all is under the main name
   */
  wait(begin: () => Promise<never>, keep: () => Promise<never>): Promise<never>;
  /** What waits under names that no tab has comes to the main line: now, and whenever this tab is looked at again. */
  takeUp(): Promise<void>;
}

/** Another copy than the disk's would have to be emptied in the same moment. */
const NO_COPY: Store = { read: () => ({}), write: () => undefined };

/** A name that is this tab's. */
interface Beside {
  /** The main line is this tab's now: its own goes there. False where it has to stay where it is. */
  promote(): Promise<boolean>;
}

export function otherLines(line: KeptLine, locks: Locks, shelf: LineStore, parts: TabParts = {}): OtherLines {
  const { session = () => window.sessionStorage, rest = restFor } = parts;

  /** @returns whether it was done at last */
  async function tryOften(work: () => Promise<boolean>): Promise<boolean> {
    for (let tried = 1, ms = AGAIN_MS; !(await work()); tried += 1, ms *= 2) {
      if (tried === MOST_TRIES) return false;
      await rest(ms);
    }
    return true;
  }

  async function wait(begin: () => Promise<never>, keep: () => Promise<never>): Promise<never> {
    const own = await keepBeside().catch(leftOut);
    for (;;) {
      await locks.request(MAIN, () => undefined);
      await rest(RELOAD_MS);
      await Promise.race([locks.request(AGAIN, () => undefined), rest(SCRIPTS_MS)]);
      const isDone = await locks.request(MAIN, { ifAvailable: true }, async (lock) => {
        if (!lock) return true; // loaded again, or the tab beside was faster
        if (!own) return begin();
        return (await own.promote()) ? keep() : false;
      });
      if (!isDone) await rest(LATER_MS);
    }
  }

  /** Takes the first name that no tab has, with what waits there; undefined where there is none. */
  async function keepBeside(): Promise<Beside | undefined> {
    const found = await freeName();
    if (!found) return undefined;
    const { name, letGo } = found;
    let isBeside = true;
    const onWritten = (isWritten: boolean): void => void (isBeside && (line.isRefused = !isWritten));
    try {
      // A storage that does not answer keeps nothing: then closing is asked about.
      await shelf.readState(name);
      await line.restore(new KeptStore(name, { shelf, copy: NO_COPY, onWritten }));
    } catch (error) {
      letGo();
      throw error;
    }
    const promote = async (): Promise<boolean> => {
      if (!(await tryOften(() => line.promote(name, shelf)))) return false;
      isBeside = line.isRefused = false;
      letGo();
      return true;
    };
    return { promote };
  }

  /** Whoever looks for lines of tabs that are gone holds a name for a moment, too. */
  async function freeName(): Promise<{ name: string; letGo: () => void } | undefined> {
    const own = remembered(session);
    const names = [...NAMES.filter((name) => name === own), ...NAMES.filter((name) => name !== own)];
    let found: { name: string; letGo: () => void } | undefined;
    await tryOften(async () => {
      for (const name of names) {
        const letGo = await hold(locks, name);
        if (!letGo) continue;
        found = { name, letGo };
        remember(session, name);
        return true;
      }
      return false;
    });
    return found;
  }

  async function lookOnce(): Promise<void> {
    let hasOthers = false;
    try {
      for (const name of NAMES) if (await hasLine(name, shelf)) await takeLine(name);
      // A living tab's, and what had no room here.
      for (const name of NAMES) hasOthers ||= await hasLine(name, shelf);
    } catch (error) {
      leftOut(error);
      hasOthers = true;
    }
    line.hasOthers = hasOthers;
  }

  async function takeLine(name: string): Promise<void> {
    await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await tryOften(() => line.take(name, shelf));
    });
  }

  async function takeUp(): Promise<void> {
    remember(session, MAIN);
    let looking = lookOnce();
    let next: Promise<void> | undefined;
    // One that began earlier may not have seen what is there now; more than one more sees nothing else.
    line.look = () =>
      (next ??= looking.then(() => {
        next = undefined;
        return (looking = lookOnce());
      }));
    document.addEventListener('visibilitychange', () => void (document.hidden || lookTwice()));
    await looking;
  }

  /** The tab beside was closed, and the browser may not have let go of its name yet. */
  async function lookTwice(): Promise<void> {
    await line.look();
    if (!line.hasOthers) return;
    await rest(CLOSING_MS);
    await line.look();
  }

  return { wait, takeUp };
}

/** Looked at without its lock: a name that says nothing is not held for a moment. */
async function hasLine(name: string, shelf: LineStore): Promise<boolean> {
  const kept = (await shelf.readState(name)) as { jobs?: unknown } | undefined;
  return Array.isArray(kept?.jobs) && kept.jobs.length > 0;
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

function remembered(session: NonNullable<TabParts['session']>): string | null {
  try {
    return session().getItem(REMEMBERED);
  } catch (error) {
    leftOut(error);
    return null;
  }
}

function remember(session: NonNullable<TabParts['session']>, name: string): void {
  try {
    session().setItem(REMEMBERED, name);
  } catch (error) {
    leftOut(error);
  }
}

const restFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const leftOut = (error: unknown): undefined => void console.info('Lines of other tabs are not taken up.', error);
