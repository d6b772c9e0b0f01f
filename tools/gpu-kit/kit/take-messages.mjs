/** What the measuring process tells, kept and shown; and a watch over one that has fallen silent. */

/** A process that ends so often is not started again. */
const MAX_STARTS = 12;

/**
 * Starts a process, and another where it ends before all is done.
 *
 * @param {import('./run.d.mts').Session} session
 * @param {(tell: (message: any) => void) => Promise<{ ended: Promise<void>, end: () => void }>} start
 * @returns {Promise<string | undefined>} why nothing came of it
 */
export async function untilDone(session, start) {
  for (let starts = 0; starts < MAX_STARTS; starts++) {
    const outcome = await watch(session, start);
    if (outcome.type === 'done') return undefined;
    if (outcome.type === 'unusable') return outcome.reason;
    if (Date.now() > session.endsAt + GRACE_MS) return undefined;
    if (!session.state) return 'it ended, or said nothing, before anything was measured.';
    console.log(`  going on in a new process${outcome.type === 'silent' ? ' (the last did not answer)' : ''}`);
  }
  return `it ended ${MAX_STARTS} times.`;
}

/** A browser that was started here must not outlive this program. @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM'];

/** A step that has begun before the end may end after it. */
const GRACE_MS = 15_000;

/** @typedef {import('../check/check-host').CheckMessage | { type: 'ended' | 'late' | 'silent' }} Outcome */

/**
 * @param {import('./run.d.mts').Session} session
 * @param {(tell: (message: any) => void) => Promise<{ ended: Promise<void>, end: () => void }>} start
 * @returns {Promise<Outcome>}
 */
async function watch(session, start) {
  /** @type {(outcome: Outcome) => void} */
  let settle = () => undefined;
  /** @type {Promise<Outcome>} */
  const outcome = new Promise((resolve) => (settle = resolve));
  let heard = Date.now();
  const child = await start((/** @type {import('../check/check-host').CheckMessage} */ message) => {
    heard = Date.now();
    if (message.type === 'state') session.state = message.state;
    else if (message.type === 'progress') console.log(`  ${left(session)}  ${message.text}`);
    else settle(message);
  });
  void child.ended.then(() => settle({ type: 'ended' }));
  const stop = () => {
    child.end();
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  const timer = setInterval(() => {
    if (Date.now() > session.endsAt + GRACE_MS) settle({ type: 'late' });
    else if (Date.now() - heard > session.silenceMs) settle({ type: 'silent' });
  }, 1000);
  const found = await outcome;
  clearInterval(timer);
  for (const signal of SIGNALS) process.off(signal, stop);
  child.end();
  if (found.type === 'late' && session.state?.current)
    session.state.report.skipped.push(`${session.state.current}: the time was over before it ended.`);
  return found;
}

/** @param {import('./run.d.mts').Session} session */
function left({ endsAt }) {
  return `${Math.max(0, Math.round((endsAt - Date.now()) / 1000))} s left`.padStart(10);
}
