/** One tab keeps the main line; when that is closed, the next one takes it over. */
import { MAIN, type KeptLine, type LineStore } from './kept-line.svelte';
import type { TabParts } from './other-lines';

/** The main line was asked for, and given or not: what public/theme.js holds for a tab that is loaded again is not needed any more. */
export const ASKED = 'gesso-line-asked';

/**
 * @param locks  without them every tab thinks it is the one
 * @param shelf  where the others keep theirs
 */
export function keepInOneTab(
  line: KeptLine,
  locks: Pick<LockManager, 'request'> | undefined,
  shelf?: Partial<LineStore> & Pick<LineStore, 'readState' | 'writeState'>,
  parts: TabParts = {},
): void {
  if (!locks) return void line.restore();
  const lines = shelf?.moveState ? (shelf as LineStore) : undefined;
  line.hasOthers = lines !== undefined;
  const fetchOthers = () => import('./other-lines').then((part) => lines && part.otherLines(line, locks, lines, parts));
  void locks.request(MAIN, { ifAvailable: true }, async (lock) => {
    window.dispatchEvent(new Event(ASKED));
    if (lock) return begin();
    // Not before this request has ended: it holds nothing, and the next one may wait as long as the other tab lives.
    void wait();
  });

  async function begin(): Promise<never> {
    await line.restore();
    return keep();
  }

  /** Until the tab is closed, its line is the main one. */
  async function keep(): Promise<never> {
    await fetchOthers()
      .then((others) => others?.takeUp())
      .catch(leftOut);
    return new Promise(() => undefined);
  }

  async function wait(): Promise<void> {
    const others = await fetchOthers().catch(leftOut);
    if (others) await others.wait(begin, keep).catch(leftOut);
    else void locks?.request(MAIN, begin);
  }
}

const leftOut = (error: unknown): void => console.info('Lines of other tabs are not taken up.', error);
