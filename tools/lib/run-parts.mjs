/** Runs parts of `npm test` one after another, all to the end, and sums up. */
import { PARTS } from './parts.mjs';
import { countsLine, sumCounts } from './test-counts.mjs';

/**
 * The last line on the screen is the sum of all single tests; a part without single tests (lint, build) that fails counts
 * as one failure there, so that the line never says "0 failed" after a failure.
 *
 * @param {string[]} names  keys of PARTS
 * @returns {Promise<boolean>} true where everything passed
 */
export async function runParts(names) {
  const done = [];
  for (const name of names) {
    const { title, run } = PARTS[name];
    console.log(`\n== ${title} ==`);
    const start = performance.now();
    const outcome = await run();
    done.push({ name, ...outcome, seconds: (performance.now() - start) / 1000 });
  }
  console.log('\n== Summary ==');
  for (const { name, isOk, counts, seconds } of done)
    console.log(
      `${isOk ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${seconds.toFixed(0)} s${counts ? `  ${countsLine(counts)}` : ''}`,
    );
  const sum = sumCounts(done.map(({ isOk, counts }) => withFailure(isOk, counts)));
  console.log(`\n${countsLine(sum)}`);
  return done.every(({ isOk }) => isOk);
}

/** @param {boolean} isOk @param {import('./test-counts.mjs').Counts} [counts] */
function withFailure(isOk, counts = { passed: 0, failed: 0, skipped: 0 }) {
  return !isOk && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
