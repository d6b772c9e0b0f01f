/** Builds the app into dist/ where dist/ is not made from the very sources that are there now. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, ROOT } from './paths.mjs';
import { runBin } from './run.mjs';

/** Everything that Vite reads. */
const SOURCES = [
  'index.html',
  'models-manifest.json',
  'package-lock.json',
  'public',
  'src',
  'svelte.config.js',
  'tools/vite',
  'tsconfig.base.json',
  'tsconfig.json',
  'vite.config.ts',
  'workers',
];
const NOT_BUILT = /(\.test\.ts|README\.md)$|[\\/](fixtures|testing)[\\/]/;

/** Vite empties dist/ first, so a build that failed half-way has no stamp. */
const STAMP = join(DIST, '.built-from');

/** Hash of the names and bytes of all sources: unlike file times, right after a checkout and a copy too. */
export function sourcesHash(root = ROOT) {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesBelow(root, source)))
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** @returns {string[]} paths from the root, sorted @param {string} root @param {string} path */
function filesBelow(root, path) {
  const full = join(root, path);
  if (!existsSync(full) || NOT_BUILT.test(path)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesBelow(root, join(path, name)));
}

export function isBuilt() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourcesHash();
}

/**
 * @param {{ quiet?: boolean }} [options]  quiet: Vite's words are shown only where it fails
 * @returns {Promise<boolean>} false where the build failed
 */
export async function build({ quiet = false } = {}) {
  const hash = sourcesHash();
  const { code, output } = await runBin('vite', ['build'], { quiet });
  if (code !== 0) console.error(output);
  else writeFileSync(STAMP, hash);
  return code === 0;
}

/** @returns {Promise<boolean>} false where the build failed */
export async function ensureBuilt() {
  if (isBuilt()) return true;
  console.log('Building the app ...');
  return build({ quiet: true });
}
