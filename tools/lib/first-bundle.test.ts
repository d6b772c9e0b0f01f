/** What is counted as the first bundle. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstBundleProblem, MOST_BYTES, readFirstBundle } from './first-bundle.mjs';

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'gesso-bundle-'));
  mkdirSync(join(dist, 'assets'));
  const page =
    '<link rel="modulepreload" crossorigin href="./assets/b.js"><script type="module" src="./assets/a.js"></script>';
  writeFileSync(join(dist, 'index.html'), page);
});
afterEach(() => rmSync(dist, { recursive: true }));

const script = (name: string, code: string): void => writeFileSync(join(dist, 'assets', `${name}.js`), code);

/** Random letters: gzip makes little of them. */
function noise(letters: number): string {
  let state = 7;
  const letter = (): string => ((state = (state * 16807) % 2147483647) % 36).toString(36);
  return `/*${Array.from({ length: letters }, letter).join('')}*/`;
}

describe('readFirstBundle', () => {
  it('follows imports and preloads, each once, and leaves what is imported later', () => {
    script('a', 'import{x}from"./b.js";import"./c.js";const y=()=>import("./later.js");export{y};');
    script('b', 'export const x=1;');
    script('c', 'export{x}from"./b.js";');
    script('later', noise(100));
    expect(
      readFirstBundle(dist)
        .files.map(({ path }) => path)
        .sort(),
    ).toEqual(['assets/a.js', 'assets/b.js', 'assets/c.js']);
    expect(firstBundleProblem(dist)).toBeUndefined();
  });

  it('says what is too much', () => {
    script('a', 'import"./b.js"');
    script('b', noise(2 * MOST_BYTES));
    expect(firstBundleProblem(dist)).toMatch(/at most 110000 are allowed.*Largest: assets\/b\.js/);
  });
});
