/** Says clearly when Node is too old. Written in old syntax and without imports, so that an old Node can still run it. */

/** Vite 8 and Playwright need 20.19. */
const NEEDED = [20, 19];

/**
 * @param {string} [found]
 * @returns {string | undefined} one sentence, or undefined where this Node is new enough
 */
export function nodeProblem(found = process.versions.node) {
  const parts = found.split('.').map(Number);
  const isOld = parts[0] < NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] < NEEDED[1]);
  if (!isOld) return undefined;
  return (
    'Gesso needs Node ' +
    NEEDED.join('.') +
    ' or later and this is ' +
    found +
    ': get a newer one from https://nodejs.org'
  );
}

/** Ends the program with that sentence. */
export function requireNode() {
  const problem = nodeProblem();
  if (!problem) return;
  console.error(problem);
  process.exit(1);
}
