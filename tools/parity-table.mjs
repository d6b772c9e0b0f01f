/**
 * `node tools/parity-table.mjs`: runs every parity case on the CPU and on lavapipe, and writes docs/parity.md of what was
 * measured. With paths of reports of Playwright's (`npm test` leaves .cache/test/playwright.json) it runs nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { runBin } = await import('./lib/run.mjs');
const { flowsOf, parityOf, parityPage } = await import('./lib/parity-page.mjs');

const SPECS = [
  'e2e/parity',
  'e2e/lavapipe/parity.spec.ts',
  'e2e/lavapipe/kernels.spec.ts',
  'e2e/lavapipe/packs.spec.ts',
  'e2e/lavapipe/flows.spec.ts',
];

const given = process.argv.slice(2);
const reports = given.length > 0 ? given : [await measure()];
const read = reports.map((report) => JSON.parse(readFileSync(report, 'utf8')));
const measured = read.flatMap(parityOf);
if (!measured.some(({ device }) => device === 'lavapipe'))
  fail(
    `${reports.join(' and ')} holds no errors measured on lavapipe: \`node tools/lavapipe.mjs\` says why it is not there.`,
  );
writeFileSync(join(ROOT, 'docs', 'parity.md'), parityPage(measured, read.flatMap(flowsOf)));
console.log(`docs/parity.md: ${measured.length} errors`);

async function measure() {
  const file = join(CACHE, 'test', 'parity.json');
  // npm test leaves most cases without subgroups out, for time.
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file, GESSO_LONG: '1' };
  await runBin('@playwright/test', ['test', '--reporter=list,json', ...SPECS], { env }, 'playwright');
  return file;
}
