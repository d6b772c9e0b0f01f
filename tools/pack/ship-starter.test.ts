import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import manifest from '../../models-manifest.json';
import { STARTER_PACK } from '../lib/paths.mjs';
import { packStarter, STARTER_PLAN } from './ship-starter';

it('the pack in the app is made of the model in tools/starter, and its size is told', async () => {
  const made = await packStarter();
  const names = readdirSync(STARTER_PACK).filter((name) => name === 'pack.json' || name.endsWith('.bin'));
  expect(names.sort()).toEqual([...made.keys()].sort());
  for (const [name, bytes] of made)
    expect(readFileSync(join(STARTER_PACK, name)).equals(bytes), `${name}: run node tools/ship-starter.mjs`).toBe(true);
  const bytes = [...made.values()].reduce((sum, { length }) => sum + length, 0);
  expect(manifest.models[0]).toMatchObject({ plan: STARTER_PLAN, downloadBytes: bytes, storedBytes: bytes });
  expect(bytes).toBeLessThan(30e6);
});
