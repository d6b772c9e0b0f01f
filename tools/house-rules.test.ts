/** Rules of the house that no linter knows: hidden inputs, file sizes, a README in each folder, no leftovers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './lib/paths.mjs';

/** Question a file at 250 lines, split it or say why at 400. */
const MAX_LINES = 400;

/** Folders that hold only data or helpers of tests; what they belong to has the README. */
const WITHOUT_README = /(^|\/)(fixtures|testing)(\/|$)/;

const ours = [...files('src'), ...files('workers'), ...files('e2e'), ...files('tools')];
const sources = ours.filter((path) => /\.(ts|mjs|svelte|css)$/.test(path));
const isTest = (path: string) => /\.test\.ts$|\/testing\//.test(path);

describe('house rules', () => {
  it('finds the sources', () => {
    expect(sources).toContain('src/core/errors.ts');
    expect(sources).toContain('tools/house-rules.test.ts');
  });

  it('core and engine take chance and time from outside', () => {
    const pure = sources.filter((path) => /^src\/(core|engine)\//.test(path) && !isTest(path));
    expect(linesWith(pure, /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/)).toEqual([]);
  });

  it('no source is longer than 400 lines', () => {
    const long = sources.filter((path) => path.startsWith('src/') && !/\/(fixtures|tables?)\//.test(path));
    expect(long.filter((path) => read(path).split('\n').length > MAX_LINES)).toEqual([]);
  });

  it('each folder says what lives in it', () => {
    const folders = new Set([...ours.filter((path) => /^(src|workers)\//.test(path)).map(folderOf), 'e2e', 'tools']);
    const silent = [...folders].filter((folder) => !WITHOUT_README.test(folder));
    expect(silent.filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
  });

  it('src/README.md names what is there', () => {
    const named = [...read('src/README.md').matchAll(/`((?:src|tools|public)\/[^`]+)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('each source begins by saying what it is', () => {
    const first = (path: string) => read(path).trimStart().slice(0, 4);
    const speaking = sources.filter((path) => !isTest(path) && !path.endsWith('/index.ts'));
    expect(speaking.filter((path) => !/^(\/\*|\/\/|<!--|<scr)/.test(first(path)))).toEqual([]);
  });

  it('no comment begins with "Of", which says nothing without the line below it', () => {
    expect(linesWith(sources, /(\/\*\*?|\/\/|^\s*\*|<!--) Of\b/)).toEqual([]);
  });

  it('nothing is left to do', () => {
    expect(
      linesWith(sources, new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].map((w) => `\\b${w}\\b`).join('|'))),
    ).toEqual([]);
  });
});

/** Paths from the root, with forward slashes. */
function files(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.includes('node_modules/') && !/^tools\/(starter|fixtures)\//.test(path));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function linesWith(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  );
}
