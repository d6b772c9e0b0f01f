/**
 * `npm run reliability`: a hundred faults of each kind, and their figures in docs/reliability.md. Every test run injects a
 * few of each; the same seeds give the same faults.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CACHE, ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';
import { runBin } from './lib/run.mjs';

const HELP = `npm run reliability -- [options]
  --faults <number>   of each kind (default: 100)`;

/** @typedef {{ kind: string, injected: number, finished: number, told: number, lost: number }} Counts */

const DOCUMENT = join(ROOT, 'docs', 'reliability.md');
const REPORTS = join(CACHE, 'drill');
const DRILLS = { Engine: 'src/engine/drill.test.ts', Page: 'src/app/state/drill.svelte.test.ts' };
const [START, END] = ['<!-- figures: npm run reliability -->', '<!-- end of figures -->'];

const faults = readFaults();
await prepare();
const tables = [];
for (const [title, file] of Object.entries(DRILLS)) {
  const folder = join(REPORTS, title.toLowerCase());
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const env = { GESSO_DRILL: String(faults), GESSO_DRILL_REPORT: folder };
  const { code } = await runBin('vitest', ['run', file], { env });
  if (code !== 0) fail(`${file} failed, see above: ${DOCUMENT} is as it was.`);
  tables.push(`### ${title}\n\n${table(folder)}`);
}
const before = readFileSync(DOCUMENT, 'utf8');
const [head, tail] = [before.split(START)[0], before.split(END)[1]];
writeFileSync(DOCUMENT, `${head}${START}\n\n${tables.join('\n\n')}\n\n${END}${tail}`);
console.log(`${DOCUMENT} has the figures.`);

/** @param {string} folder */
function table(folder) {
  const rows = readdirSync(folder)
    .map((file) => /** @type {Counts} */ (JSON.parse(readFileSync(join(folder, file), 'utf8'))))
    .map((row) => [row.kind, row.injected, row.finished, row.told, row.lost].join(' | '));
  return ['| kind | injected | finished by itself | told in a sentence | lost |', '| --- | ---: | ---: | ---: | ---: |']
    .concat(rows.map((row) => `| ${row} |`))
    .join('\n');
}

function readFaults() {
  try {
    const { values } = parseArgs({ options: { faults: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const count = Number(values.faults ?? 100);
    if (!Number.isInteger(count) || count < 1)
      throw new Error(`--faults must be a whole number from 1, not "${values.faults}".`);
    return count;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${HELP}`, 2);
  }
}
