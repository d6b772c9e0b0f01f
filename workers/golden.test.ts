/** Whole pictures of the starter model against those of torch, diffusers and k-diffusion (tools/starter/golden_picture.py). */
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog, type ModelEntry } from '../src/core/catalog';
import { importCheckpoint } from '../src/core/packs';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import { psnr } from '../src/core/image/testing/psnr';
import { Engine } from '../src/engine/engine';
import { openSources } from '../src/core/testing/open-sources';
import { STARTER_MODEL } from '../tools/lib/paths.mjs';
import { goldenRequest, type Golden } from './testing/golden';
import { createNodePorts } from './testing/node-ports';

/** Float32 on both sides; what remains is truncation to 8 bits falling on either side of a level. */
const MIN_PSNR_DB = 50;

const folder = fileURLToPath(new URL('../tools/starter/fixtures/', import.meta.url));
const names = (await readdir(folder)).filter((name) => /^golden-.*\.json$/.test(name));
const ofShipped = (name: string): boolean => name.startsWith('golden-q8-');
const [shipped] = parseCatalog(manifest).models;

/** The same model in half precision, which is what the fixtures were made with: imported, no number is rounded. */
const half: ModelEntry = { ...shipped, id: 'starter-half', source: { kind: 'imported' } };
const store = memoryPacks();
const engine = new Engine(createNodePorts({ packs: { open: (id) => Promise.resolve(store.open(id)) } }));

beforeAll(async () => {
  const { sources, dispose } = await openSources(STARTER_MODEL);
  const onProgress = (): void => undefined;
  const { id, name } = half;
  await importCheckpoint({ sources, id, name, plan: 'float16', draft: store.create(id), onProgress });
  await dispose();
});

describe.each([
  { title: 'in half precision', entry: half, plan: 'float16', fixtures: names.filter((name) => !ofShipped(name)) },
  // Against torch with the same weights, rounded to 8 bits and read out of the pack by tools/quantisation/unpack.py.
  { title: 'as the app ships it', entry: shipped, plan: 'q8', fixtures: names.filter(ofShipped) },
])('a whole picture of the starter model $title', ({ entry, plan, fixtures }) => {
  it.each(fixtures)('%s: is the picture that k-diffusion makes', { timeout: 120_000 }, async (name) => {
    const golden = JSON.parse(await readFile(folder + name, 'utf8')) as Golden;
    const expected = PNG.sync.read(await readFile(folder + golden.png));
    const { width, height } = expected;
    const request = goldenRequest(golden, { model: entry.id, width, height });
    const { pixels, timings } = await engine.generate(request, entry, () => undefined);
    expect(timings.model?.plan).toBe(plan);
    expect([pixels.width, pixels.height]).toEqual([expected.width, expected.height]);
    expect(psnr(pixels.data, expected.data)).toBeGreaterThan(MIN_PSNR_DB);
  });

  it('has fixtures to compare with', () => expect(fixtures.length).toBeGreaterThanOrEqual(6));
});
