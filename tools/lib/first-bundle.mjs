/** What a build makes the browser fetch of scripts before the form is there: the page's own and all they import at once. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Gzipped bytes of all scripts together. */
export const MOST_BYTES = 110_000;

/**
 * @param {string} dist
 * @returns {{ files: { path: string, bytes: number }[], bytes: number }} gzipped; by path from the folder
 */
export function readFirstBundle(dist) {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  /** @type {Map<string, number>} */
  const files = new Map();
  const waiting = [...page.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="([^"]+\.js)"/g)].map(([, path = '']) =>
    posix.normalize(path),
  );
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    const code = readFileSync(join(dist, path), 'utf8');
    files.set(path, gzipSync(code).length);
    waiting.push(...importsOf(code).map((other) => posix.join(posix.dirname(path), other)));
  }
  const list = [...files].map(([path, bytes]) => ({ path, bytes })).sort((a, b) => b.bytes - a.bytes);
  return { files: list, bytes: list.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Static imports of a script, not those of `import(…)`: they come later. @param {string} code @returns {string[]} */
function importsOf(code) {
  return [...code.matchAll(/\b(?:from|import)\s*["'](\.[^"']+\.js)["']/g)].map(([, path = '']) => path);
}

/** @param {string} dist @returns {string | undefined} one sentence where it is too much */
export function firstBundleProblem(dist) {
  const { files, bytes } = readFirstBundle(dist);
  if (bytes <= MOST_BYTES) return undefined;
  const most = files.slice(0, 3).map(({ path, bytes: n }) => `${path} (${n})`);
  return `The form's first scripts have ${bytes} bytes gzipped; at most ${MOST_BYTES} are allowed. Import what is only opened later when it is opened. Largest: ${most.join(', ')}.`;
}
