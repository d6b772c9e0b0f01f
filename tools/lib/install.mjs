/** Installs the packages of package-lock.json where node_modules does not hold exactly those. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runNpm } from './run.mjs';

/**
 * Why node_modules is not what package-lock.json asks for; undefined where it is. npm keeps its own account of what it
 * installed in node_modules/.package-lock.json and writes it last, so that an interrupted install is noticed too.
 *
 * @returns {string | undefined}
 */
export function installProblem(root = ROOT) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) return 'nothing is installed yet';
  const found = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const name = path.replace(/^.*node_modules\//, '');
    const installed = found[path];
    // Packages for other systems are in the lock file and rightly not on the disk.
    if (!installed && !entry.optional && !entry.devOptional) return `${name} ${entry.version} is missing`;
    if (installed && installed.integrity !== entry.integrity)
      return `${name} is ${installed.version} and should be ${entry.version}`;
  }
  return undefined;
}

function packagesOf(/** @type {string} */ file) {
  /** @type {Record<string, { version: string, integrity?: string, optional?: boolean, devOptional?: boolean }>} */
  const packages = JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  return packages;
}

/**
 * @param {{ quiet?: boolean }} [options]  quiet leaves stdout alone
 * @returns {Promise<boolean>} false where npm failed; its own words are on the screen by then
 */
export async function ensureInstalled({ quiet = false } = {}) {
  const problem = installProblem();
  if (!problem) return true;
  (quiet ? console.error : console.log)(`Installing packages (${problem}): npm ci`);
  const { code, output } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet });
  if (code === 0) return true;
  if (output) console.error(output);
  console.error('npm ci failed, see above. Without the packages nothing can go on: check the network, then try again.');
  return false;
}
