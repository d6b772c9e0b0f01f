/** When `npm start` and `npm test` install, and when they leave node_modules alone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installProblem } from './install.mjs';
import { nodeProblem } from './node-version.mjs';

const WANTED = {
  '': { version: '1.0.0' },
  'node_modules/vite': { version: '8.0.0', integrity: 'sha512-a' },
  'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-b', optional: true },
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gesso-install-'));
  write('package-lock.json', WANTED);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, packages: unknown): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify({ packages }));
}

describe('installProblem', () => {
  it('asks for a first install, also after an interrupted one', () => {
    expect(installProblem(root)).toBe('nothing is installed yet');
  });

  it('is content without the packages of other systems', () => {
    write('node_modules/.package-lock.json', { 'node_modules/vite': WANTED['node_modules/vite'] });
    expect(installProblem(root)).toBeUndefined();
  });

  it('names a package that is new in the lock file', () => {
    write('node_modules/.package-lock.json', {});
    expect(installProblem(root)).toBe('vite 8.0.0 is missing');
  });

  it('names a package of another version', () => {
    write('node_modules/.package-lock.json', { 'node_modules/vite': { version: '7.0.0', integrity: 'sha512-c' } });
    expect(installProblem(root)).toBe('vite is 7.0.0 and should be 8.0.0');
  });
});

describe('nodeProblem', () => {
  it.each(['18.20.4', '20.18.1', '20.9.0', '12.0.0'])('refuses Node %s and says what is needed', (version) => {
    expect(nodeProblem(version)).toContain(`needs Node 20.19 or later and this is ${version}`);
  });

  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('takes Node %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
});
