/** Whether this is the only tab with this app: each holds the same lock, shared, for as long as it is open. */
const LOCK = 'gesso-tab';

type Locks = Pick<LockManager, 'request' | 'query'>;

/** Takes part from now on. @returns whether no other tab does; true where the browser has no locks. Never rejects */
export async function openTab(locks: Locks | undefined): Promise<boolean> {
  if (!locks) return true;
  try {
    await new Promise<void>((resolve, reject) => {
      const untilClosed = (): Promise<never> => {
        resolve();
        return new Promise(() => undefined);
      };
      locks.request(LOCK, { mode: 'shared' }, untilClosed).catch(reject);
    });
    return await isAlone(locks);
  } catch (error) {
    console.info('Whether other tabs are open cannot be told.', error);
    return true;
  }
}

/** Whether no other tab is open now. @param locks  without them nobody knows */
export async function isAlone(locks: Locks | undefined): Promise<boolean> {
  if (!locks) return false;
  const { held = [] } = await locks.query();
  return held.filter(({ name }) => name === LOCK).length <= 1;
}
