/** `npm run check`: the parts of `npm test` that look at the sources only; seconds, for use while writing. */
import { requireNode } from './lib/node-version.mjs';

requireNode();

const { ensureInstalled } = await import('./lib/install.mjs');
if (!(await ensureInstalled())) process.exit(1);
const { CHECKS } = await import('./lib/parts.mjs');
const { runParts } = await import('./lib/run-parts.mjs');

process.exitCode = (await runParts(CHECKS)) ? 0 : 1;
