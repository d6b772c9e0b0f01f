/** What each picture tool does first: a Node that is new enough, installed packages. */
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';

export async function prepare() {
  requireNode();
  if (!(await ensureInstalled())) process.exit(1);
}

/** Ends the program with an error's sentence; what a person typed wrong is code 2. @returns {never} */
export function fail(/** @type {unknown} */ error, code = 1) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(code);
}
