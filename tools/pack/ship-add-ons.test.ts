import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bytesSource, openTensorFile } from '../../src/core/formats';
import { ADD_ONS, keptList, listAddOns } from './ship-add-ons';

/** Well below a megabyte together. */
const MOST_BYTES = 700_000;

it('the add-ons in the app are what the library lists: of the starter alone, each with its picture', async () => {
  const all = await listAddOns();
  expect(keptList()).toEqual(all);
  expect(
    all.map(({ kind, name, models, triggerWords, notices }) => ({ kind, name, models, triggerWords, notices })),
  ).toEqual([
    { kind: 'lora', name: 'starter-ink', models: ['starter'], triggerWords: [], notices: [] },
    { kind: 'embedding', name: 'starter-night', models: ['starter'], triggerWords: [], notices: [] },
  ]);
  const files = readdirSync(ADD_ONS);
  expect(files.sort()).toEqual(all.flatMap(({ name, fileName }) => [fileName, `${name}.webp`]).sort());
  expect(files.reduce((sum, file) => sum + statSync(join(ADD_ONS, file)).size, 0)).toBeLessThan(MOST_BYTES);
});

it('each says of itself what it is and under which licence', async () => {
  for (const { name, fileName, kind, hashes } of await listAddOns()) {
    const { metadata } = await openTensorFile(bytesSource(fileName, readFileSync(join(ADD_ONS, fileName))));
    expect(metadata['modelspec.license'], name).toMatch(/Apache-2\.0.*CC-BY-4\.0/);
    expect(metadata['modelspec.description'], name).toMatch(/Gesso starter/);
    if (kind === 'lora') {
      expect(metadata['ss_output_name']).toBe(name);
      // What kohya's trainer states is what the file's body has.
      expect(hashes.stated).toBe(hashes.addnet);
    }
  }
});
