/** What each picture tool does first: a Node that is new enough, installed packages. */
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';

/** @param {{ quiet?: boolean }} [options]  quiet keeps stdout for the program's own answer */
export async function prepare(options) {
  requireNode();
  if (!(await ensureInstalled(options))) process.exit(1);
}

/** Ends the program with an error's sentence; what a person typed wrong is code 2. @returns {never} */
export function fail(/** @type {unknown} */ error, code = 1) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(code);
}
