/** Runs parts of `npm test`, all to the end, and sums up. */
import { beginEngines, CHECKS, PARTS } from './parts.mjs';
import { countsLine, sumCounts } from './test-counts.mjs';

/** Each check takes one core. */
const CHECKS_AT_ONCE = 2;

/**
 * The checks two at a time, each one's output in one piece; everything else after them, one by one, as it goes.
 *
 * The last line on the screen is the sum of all single tests; a part without single tests (lint, build) that fails counts
 * as one failure there, so that the line never says "0 failed" after a failure.
 *
 * @param {string[]} names  keys of PARTS
 * @returns {Promise<boolean>} true where everything passed
 */
export async function runParts(names) {
  const checks = names.filter((name) => CHECKS.includes(name));
  const done = await runChecks(checks);
  if (names.includes('e2e')) void beginEngines();
  for (const name of names.filter((one) => !checks.includes(one))) {
    console.log(`\n== ${PARTS[name].title} ==`);
    done.push(await timed(name));
  }
  console.log('\n== Summary ==');
  for (const { name, isOk, counts, seconds } of done)
    console.log(
      `${isOk ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${seconds.toFixed(0)} s${counts ? `  ${countsLine(counts)}` : ''}`,
    );
  const secondTry = done.flatMap((one) => one.secondTry ?? []);
  if (secondTry.length > 0) console.log(['\nPassed at the second try only:', ...secondTry].join('\n  '));
  const sum = sumCounts(done.map(({ isOk, counts }) => withFailure(isOk, counts)));
  console.log(`\n${countsLine(sum)}`);
  return done.every(({ isOk }) => isOk);
}

/** @typedef {import('./parts.mjs').Outcome & { name: string, seconds: number }} Done */

/** @param {string[]} names @returns {Promise<Done[]>} in the order of `names` */
async function runChecks(names) {
  /** @type {Map<string, Done>} */
  const done = new Map();
  const waiting = [...names];
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const outcome = await timed(name, { quiet: true });
      console.log(`\n== ${PARTS[name].title} ==\n${(outcome.output ?? '').trimEnd()}`);
      done.set(name, outcome);
    }
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, lane));
  return names.flatMap((name) => done.get(name) ?? []);
}

/** @param {string} name @param {import('./run.mjs').RunOptions} [options] @returns {Promise<Done>} */
async function timed(name, options = {}) {
  const start = performance.now();
  const outcome = await PARTS[name].run(options);
  return { name, ...outcome, seconds: (performance.now() - start) / 1000 };
}

/** @param {boolean} isOk @param {import('./test-counts.mjs').Counts} [counts] */
function withFailure(isOk, counts = { passed: 0, failed: 0, skipped: 0 }) {
  return !isOk && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
