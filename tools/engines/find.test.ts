import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findEngines } from './find.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gesso-engines-'));
  vi.stubEnv('PATH', folder);
  vi.stubEnv('GESSO_FIREFOX', undefined);
  vi.stubEnv('GESSO_WEBKIT', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function program(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
}

describe.runIf(process.platform === 'linux')('findEngines', () => {
  it('says in a sentence what is missing', async () => {
    expect(await findEngines()).toEqual({
      firefox: { problem: 'firefox-esr is not installed here.' },
      webkit: { problem: 'webkit2gtk-driver and xvfb are not installed here.' },
    });
  });

  it('prefers Debian’s Firefox, and takes another by its name or by GESSO_FIREFOX', async () => {
    const own = program('firefox');
    expect((await findEngines()).firefox).toEqual({ path: own });
    const debian = program('firefox-esr');
    expect((await findEngines()).firefox).toEqual({ path: debian });
    const chosen = program('nightly');
    vi.stubEnv('GESSO_FIREFOX', chosen);
    expect((await findEngines()).firefox).toEqual({ path: chosen });
  });

  it('takes WebKit only with all that drives it', async () => {
    const browser = program('MiniBrowser');
    vi.stubEnv('GESSO_WEBKIT', browser);
    program('WebKitWebDriver');
    expect((await findEngines()).webkit).toHaveProperty('problem');
    program('Xvfb');
    expect((await findEngines()).webkit).toEqual({ path: browser });
  });
});
