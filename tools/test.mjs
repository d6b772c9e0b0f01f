/** `npm test`: installs what is missing, finds or installs a browser, runs everything, ends with "N passed, N failed". */
import { requireNode } from './lib/node-version.mjs';

requireNode();

const { parseArgs } = await import('node:util');
const { ensureInstalled } = await import('./lib/install.mjs');

if (!(await ensureInstalled())) {
  console.log('\n0 passed, 1 failed');
  process.exit(1);
}
// Only now are the packages surely there.
const { PARTS } = await import('./lib/parts.mjs');
const { runParts } = await import('./lib/run-parts.mjs');

process.exitCode = (await runParts(chosenParts())) ? 0 : 1;

function chosenParts() {
  const all = Object.keys(PARTS);
  const help = `npm test -- [--only <parts>]   parts: ${all.join(', ')}; several with commas`;
  try {
    const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    const chosen = values.only?.split(',').map((name) => name.trim()) ?? all;
    const unknown = chosen.filter((name) => !all.includes(name));
    if (unknown.length > 0) throw new Error(`There is no part "${unknown.join('", "')}".`);
    return all.filter((name) => chosen.includes(name));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${help}`);
    return process.exit(2);
  }
}
