/** exiftool reads back what we write. Skipped, with a line that says so, where it is not installed (Debian: libimage-exiftool-perl). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedInfotext } from '.';
import golden from './fixtures/pictures.json' with { type: 'json' };

const BARE = Object.keys(golden.pictures).filter((name) => name.startsWith('bare'));
const TEXTS = { latin: 'café ½ ÿ\nSteps: 20, Sampler: Euler, Seed: 1', wide: golden.wide };

const isInstalled = spawnSync('exiftool', ['-ver']).status === 0;
if (!isInstalled) console.info('exiftool is not installed: its readings of our pictures are skipped.');

interface Reading {
  SourceFile: string;
  Parameters?: string;
  UserComment?: string;
  Warning?: string;
  Error?: string;
}

describe.skipIf(!isInstalled)('exiftool', () => {
  let folder = '';
  const readings = new Map<string, Reading>();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gesso-pictures-'));
    for (const name of BARE)
      for (const [kind, text] of Object.entries(TEXTS)) {
        const bare = new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', name)));
        writeFileSync(join(folder, `${kind}-${name}`), embedInfotext(bare, text));
      }
    const output = execFileSync('exiftool', [
      '-json',
      '-validate',
      '-a',
      '-UserComment',
      '-Parameters',
      '-Warning',
      '-Error',
      folder,
    ]);
    for (const reading of JSON.parse(output.toString()) as Reading[])
      readings.set(reading.SourceFile.slice(folder.length + 1), reading);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(BARE.flatMap((name) => Object.entries(TEXTS).map(([kind, text]) => [`${kind}-${name}`, text])))(
    'reads %s',
    (name, text) => {
      const { Parameters, UserComment, Error } = readings.get(name) ?? { SourceFile: '' };
      expect(Error).toBeUndefined();
      expect(Parameters ?? UserComment).toBe(text);
    },
  );
});
