/** Runs the project's TypeScript in Node: Vite turns it into what Node understands. After `prepare()` only. */
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/** @param {string} path  from the repository's root @returns {Promise<unknown>} the module */
export async function loadTypeScript(path) {
  const { normalizePath, runnerImport } = await import('vite');
  const { module } = await runnerImport(normalizePath(join(ROOT, path)), {
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
  });
  return module;
}
