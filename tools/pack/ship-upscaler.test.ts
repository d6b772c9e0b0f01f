import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BUILT_IN_UPSCALER } from '../../src/core/catalog/built-in-upscaler';
import { sha256 } from '../../src/core/math/sha256';
import { assertPack, shardsOf } from '../../src/core/packs';
import { openFolderPack } from './folder-packs';
import { UPSCALER_PACK } from './ship-upscaler';

it('the upscaler in the app is whole, in half precision, and its size is told', async () => {
  const { pack, dispose } = await openFolderPack(UPSCALER_PACK);
  dispose();
  assertPack(pack);
  const { id, name, role, downloadBytes, storedBytes } = BUILT_IN_UPSCALER;
  expect(pack).toMatchObject({ id, name, role, plan: 'float16' });
  expect(pack.source.name).toBe('realesr-animevideov3-x4.safetensors');
  const files = readdirSync(UPSCALER_PACK);
  expect(files.sort()).toEqual(['pack.json', ...shardsOf(pack).map(({ file }) => file)].sort());
  for (const { file, sha256: digest } of shardsOf(pack))
    expect(sha256(new Uint8Array(readFileSync(join(UPSCALER_PACK, file))))).toBe(digest);
  const bytes = files.reduce((sum, file) => sum + statSync(join(UPSCALER_PACK, file)).size, 0);
  expect(storedBytes).toBe(bytes);
  // as the build packs it: planes of half precision take about a seventh less
  expect(downloadBytes / bytes).toBeGreaterThan(0.84);
  expect(downloadBytes / bytes).toBeLessThan(0.9);
});
