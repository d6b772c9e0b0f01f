import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import manifest from '../../models-manifest.json';
import { weightKey } from '../../src/core/graph';
import { assertPack, openWeights, shardsOf, type Pack } from '../../src/core/packs';
import type { ComponentId } from '../../src/core/networks/components';
import { componentWeights } from '../../src/core/packs/component-weights';
import { memoryPacks } from '../../src/core/packs/testing/memory-packs';
import { STARTER_PACK } from '../lib/paths.mjs';
import { openFolderPack, PACK_FILE } from './folder-packs';
import { packStarter, STARTER_PLAN } from './ship-starter';

it('the pack in the app is made of the model in tools/starter, and its size is told', async () => {
  const made = memoryPacks();
  for (const [name, bytes] of await packStarter()) made.files.set(`made/${name}`, new Uint8Array(bytes));
  const json = new TextDecoder().decode(made.files.get(`made/${PACK_FILE}`));
  made.packs.set('made', JSON.parse(json) as Pack);
  const shipped = await openFolderPack(STARTER_PACK);
  const { id: packId, name, family, plan, source, scheduler, tokenizer } = made.open('made').pack;
  expect(shipped.pack).toMatchObject({ id: packId, name, family, plan, source, scheduler, tokenizer });
  assertPack(shipped.pack);
  // Which version of packs it is written in may differ: what is read of it may not.
  for (const [id, { config }] of Object.entries(shipped.pack.components)) {
    const [old, fresh] = await Promise.all(
      [shipped, made.open('made')].map((open) => openWeights(open, id as ComponentId)),
    );
    expect(fresh.config).toEqual(config);
    const [theirs, ours] = [old, fresh].map(({ storedForm }) =>
      componentWeights(id as ComponentId, { file: id, config }, storedForm),
    );
    expect(theirs.map(({ part }) => part)).toEqual(ours.map(({ part }) => part));
    for (const weight of ours) {
      const key = weightKey(weight.expr);
      const isSame = Buffer.from(old.read(weight)).equals(Buffer.from(fresh.read(weight)));
      expect(isSame, `${key}: run node tools/ship-starter.mjs`).toBe(true);
    }
  }
  shipped.dispose();
  const bytes = shardsOf(shipped.pack).reduce((sum, { byteLength }) => sum + byteLength, 0);
  const files = readdirSync(STARTER_PACK).filter((name) => name.endsWith('.bin'));
  expect(files.sort()).toEqual(
    shardsOf(shipped.pack)
      .map(({ file }) => file)
      .sort(),
  );
  expect(manifest.models[0]).toMatchObject({ plan: STARTER_PLAN });
  expect(manifest.models[0].downloadBytes).toBe(manifest.models[0].storedBytes);
  expect(manifest.models[0].downloadBytes - bytes).toBeGreaterThan(0); // pack.json itself
  expect(manifest.models[0].downloadBytes - bytes).toBeLessThan(200_000);
  expect(bytes).toBeLessThan(30e6);
});
