/** Adapters that are merged while weights are read, against torch with lycoris-lora's weights (make_merged_pipelines.py). */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openAdapter } from '../src/core/adapters';
import { readPart } from '../src/core/adapters/read-parts';
import { bytesSource, openTensorFile } from '../src/core/formats';
import { floatSafetensors } from '../src/core/formats/testing/safetensors-bytes';
import type { DtypePlanId } from '../src/core/packs';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { AdapterEntry } from '../src/engine/api';
import fixture from '../src/engine/fixtures/pipelines/merged.json';
import type { AdapterUse } from '../src/engine/models/adapters';
import { Model } from '../src/engine/models/model';
import type { ModelSource } from '../src/engine/models/model-source';
import { paintAll, paintTiny, TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; the sums run in another order, and what torch's forward tells of a weight has its rounding. */
const MAX_OUTPUT_ERROR = 1e-4;
const MAX_LATENT_ERROR = 1e-3;
/** How much more error is allowed over weights of 8 bits (so small ones are never of 4: see merged-matrices.test.ts) than they have from rounding. */
const MAX_MORE = 1e-3;

const bytesOf = async (path: string) =>
  new Uint8Array(
    await readFile(fileURLToPath(new URL(`../src/engine/fixtures/pipelines/${path}.safetensors`, import.meta.url))),
  );

async function entryOf(name: string): Promise<AdapterEntry> {
  return { id: name, names: [name], revision: '1', file: new Blob([await bytesOf(`merged/${name}`)]) };
}

const open = (plan: DtypePlanId = 'float32'): Promise<ModelSource> => openTinyPack(tinyCase('sd15'), plan);

type Strengths = Readonly<Record<string, number | undefined>>;

/** What the U-Net says with these files. */
async function output(source: ModelSource, files: Strengths, made: AdapterEntry[] = []): Promise<Float32Array> {
  const model = new Model({ entry: TINY_ENTRY, source, device: { provider: 'wasm', adapter: '' }, now: () => 0 });
  const uses = Object.entries(files).flatMap(([id, strength]): AdapterUse[] =>
    strength === undefined ? [] : [{ id, revision: '1', denoiser: strength, text: strength }],
  );
  await model.use(uses, await Promise.all(uses.map(({ id }) => made.find((one) => one.id === id) ?? entryOf(id))));
  expect(model.changes.notices).toEqual([]);
  const session = await model.components.get('unet', model.changes.shapeOf('unet'));
  const { sample, timestep, context } = fixture.inputs;
  const given = ({ data, dims }: { data: number[]; dims: number[] }) => ({ data: Float32Array.from(data), dims });
  const inputs = { sample: given(sample), timestep: given(timestep), encoder_hidden_states: given(context) };
  const { out_sample: found } = await session.run({ ...inputs, ...model.changes.factorsOf('unet') });
  await model.dispose();
  return found;
}

/** What these add to the U-Net's own float32 weights, each of which is known by then: a plain difference of every layer. */
async function differenceOf(files: Strengths): Promise<AdapterEntry> {
  const weights = await openTensorFile(bytesSource('unet', await bytesOf('unet-sd15/weights')));
  const shapes = (await open()).shapes?.();
  const sums = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  const add = (key: string, shape: readonly number[], more: Float32Array): void => {
    const values = sums.get(key)?.values ?? new Float32Array(more.length);
    sums.set(key, { shape, values: values.map((value, i) => value + more[i]) });
  };
  for (const [name, strength = 0] of Object.entries(files)) {
    const source = bytesSource(name, await bytesOf(`merged/${name}`));
    const adapter = await openAdapter(source, shapes ? { model: shapes } : {});
    for (const { id, component, path, shape, kind, changesBias } of adapter.layers.values()) {
      if (component !== 'unet') continue;
      const isNorm = shape.length === 1;
      const { values: weight } = await readPart(weights, `${path}.weight`);
      if (kind) add(`unet.${path}.${isNorm ? 'w_norm' : 'diff'}`, shape, await adapter.delta(id, { strength, weight }));
      const bias = changesBias ? await adapter.biasDelta(id, { strength }) : undefined;
      if (bias) add(`unet.${path}.${isNorm ? 'b_norm' : 'diff_b'}`, [bias.length], bias);
    }
  }
  const parts = [...sums].map(([key, { shape, values }]) => [key, { shape: [...shape], values: [...values] }]);
  const file = new Blob([
    new Uint8Array(
      floatSafetensors(Object.fromEntries(parts) as Record<string, { shape: number[]; values: number[] }>),
    ),
  ]);
  return { id: 'torch', names: ['torch'], revision: JSON.stringify(files), file };
}

describe('a U-Net with an adapter', () => {
  it.each(fixture.cases)('says what torch says with $name', async ({ files, output: expected }) => {
    const found = await output(await open(), files);
    expect(relativeError(found, expected)).toBeLessThan(MAX_OUTPUT_ERROR);
    expect(relativeError(found, fixture.plain), 'its effect').toBeGreaterThan(0.01);
  });

  it.each(['q8', 'q4'] as const)('of %s weights is as near as those are', async (plan) => {
    const source = await open(plan);
    for (const { name, files, output: expected } of fixture.cases) {
      // A change makes a network more or less sensitive to rounding: the pack's own error is that with torch's difference added.
      const own = relativeError(await output(source, { torch: 1 }, [await differenceOf(files)]), expected);
      const error = relativeError(await output(source, files), expected);
      expect(error, name).toBeLessThan(own + MAX_MORE);
    }
  });

  it('of strength 0 says what the model says, to the bit', async () => {
    for (const plan of ['float32', 'q4'] as const) {
      const source = await open(plan);
      expect(await output(source, { dora: 0, mixed: 0, full: 0 })).toEqual(await output(source, {}));
    }
  });

  it('is the same in whatever order files are added', async () => {
    const source = await open();
    const [one, other] = [await output(source, { dora: 0.5, ia3: 0.4 }), await output(source, { ia3: 0.4, dora: 0.5 })];
    expect(relativeError(one, other)).toBeLessThan(1e-6);
  });
});

describe('a picture with a merged adapter', () => {
  const base = tinyCase('sd15');

  it('ends in the latent of diffusers, its text encoder merged too', async () => {
    const found = fixture.cases.find((one) => one.latent !== undefined);
    const prompt = `${base.prompt} <lora:full:${found?.files.full}>`;
    const latent = await paintTiny({ ...base, prompt }, await open(), { adapters: [await entryOf('full')] });
    expect(relativeError(latent, found?.latent ?? [])).toBeLessThan(MAX_LATENT_ERROR);
  });

  it('loads what it changes anew for another strength, and the plain model for none', async () => {
    const source = await open();
    const opened: string[] = [];
    const heard: ModelSource = {
      ...source,
      open: (component, shape) => {
        opened.push(component);
        return source.open(component, shape);
      },
    };
    const prompts = ['', ' <lora:norm:0.5>', ' <lora:norm:0.7>', ' <lora:norm:0>'].map((tag) => base.prompt + tag);
    const latents = await paintAll(
      prompts.map((prompt) => ({ ...base, prompt })),
      heard,
      { adapters: [await entryOf('norm')] },
    );
    expect(opened).toEqual(['text_encoder', 'unet', 'vae_decoder', 'unet', 'unet', 'unet']);
    expect(latents[3]).toEqual(latents[0]);
  });
});
