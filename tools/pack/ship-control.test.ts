import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BUILT_IN_CONTROL } from '../../src/core/catalog/built-in-control';
import { sha256 } from '../../src/core/math/sha256';
import { assertPack, shardsOf } from '../../src/core/packs';
import { BUILT_IN_CONTROLS } from '../../src/app/state/control/built-in-control';
import { openFolderPack } from './folder-packs';
import { CONTROL_PACK } from './ship-control';

it('the ControlNet in the app is whole, for the built-in model, and its size is told', async () => {
  const { pack, dispose } = await openFolderPack(CONTROL_PACK);
  dispose();
  assertPack(pack);
  const { id, name, downloadBytes } = BUILT_IN_CONTROL;
  expect(pack).toMatchObject({ id, name, role: 'control', family: BUILT_IN_CONTROLS[0]?.family });
  const files = readdirSync(CONTROL_PACK);
  expect(files.sort()).toEqual(['pack.json', ...shardsOf(pack).map(({ file }) => file)].sort());
  for (const { file, sha256: digest } of shardsOf(pack))
    expect(sha256(new Uint8Array(readFileSync(join(CONTROL_PACK, file))))).toBe(digest);
  const bytes = files.reduce((sum, file) => sum + statSync(join(CONTROL_PACK, file)).size, 0);
  expect(bytes).toBe(downloadBytes);
  expect(bytes).toBeLessThan(2.2e6);
});
