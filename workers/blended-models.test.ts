/** Models that are mixed into one, against a model whose weights were mixed before. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource, openTensorFile, type ByteSource } from '../src/core/formats';
import { floatSafetensors } from '../src/core/formats/testing/safetensors-bytes';
import { readPart } from '../src/core/adapters/read-parts';
import { importCheckpoint, type DtypePlanId } from '../src/core/packs';
import { memoryPacks, type MemoryPacks } from '../src/core/packs/testing/memory-packs';
import { relativeError } from '../src/core/weights/testing/numbers';
import fixture from '../src/engine/fixtures/pipelines/merged.json';
import { blendOf, writtenShare, type Blend } from '../src/engine/models/blends';
import { Model } from '../src/engine/models/model';
import { openPackSource } from '../src/engine/models/pack-source';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { importTiny } from './testing/tiny-pack';
import { createWordTokenizer } from './testing/word-tokenizer';

const PARTS = { text_encoder: 'text-l', unet: 'unet-sd15', vae: 'vae' };
const read = (path: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`../src/engine/fixtures/pipelines/${path}`, import.meta.url)));

type Weights = Map<string, { shape: number[]; values: Float32Array }>;

async function weightsOf(part: string): Promise<Weights> {
  const file = await openTensorFile(bytesSource(part, new Uint8Array(await read(`${part}/weights.safetensors`))));
  const weights: Weights = new Map();
  for (const name of file.tensors.keys()) {
    const { shape, values } = await readPart(file, name);
    weights.set(name, { shape: [...shape], values: Float32Array.from(values) });
  }
  return weights;
}

const mapped = (weights: Weights, change: (value: number, i: number, name: string) => number): Weights =>
  new Map(
    [...weights].map(([name, { shape, values }]) => [
      name,
      { shape, values: values.map((value, i) => change(value, i, name)) },
    ]),
  );

/** Another model: its weights in another order, so that layers stay of their size. */
const turned = (weights: Weights): Weights =>
  new Map([...weights].map(([name, { shape, values }]) => [name, { shape, values: values.slice().reverse() }]));

interface Imported {
  plan?: DtypePlanId;
  /** Folder of its config, where that is another. */
  config?: string;
}

async function importModel(
  store: MemoryPacks,
  id: string,
  unet: Weights,
  { plan = 'float32', config = PARTS.unet }: Imported = {},
): Promise<void> {
  const scheduler = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
  const sources: ByteSource[] = [
    bytesSource('scheduler/scheduler_config.json', new TextEncoder().encode(JSON.stringify(scheduler))),
  ];
  for (const [folder, part] of Object.entries(PARTS)) {
    sources.push(bytesSource(`${folder}/config.json`, await read(`${folder === 'unet' ? config : part}/config.json`)));
    const name = folder.startsWith('text') ? 'model' : 'diffusion_pytorch_model';
    const parts = Object.fromEntries(
      [...unet].map(([key, { shape, values }]) => [key, { shape, values: [...values] }]),
    );
    const bytes =
      folder === 'unet' ? new Uint8Array(floatSafetensors(parts)) : await read(`${part}/weights.safetensors`);
    sources.push(bytesSource(`${folder}/${name}.safetensors`, bytes));
  }
  await importCheckpoint({ sources, id, name: id, plan, draft: store.create(id), onProgress: () => undefined });
}

/** A model of the store, and ids of the packs that are opened beside it. */
async function opened(store: MemoryPacks, id: string) {
  const runtime = createNodeRuntime();
  const asked: string[] = [];
  const open = (other: string) => {
    asked.push(other);
    return Promise.resolve().then(() => store.open(other));
  };
  const ports = createNodePorts({
    createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
    packs: { open },
  });
  const source = await openPackSource({ open: store.open(id), runtime, ports, baseUrl: '' });
  const model = new Model({ entry: { ...TINY_ENTRY, id, name: id }, source, device: runtime.device, now: () => 0 });
  return { model, ports, asked };
}

async function output(store: MemoryPacks, id: string, blend?: Blend): Promise<Float32Array> {
  const { model, ports } = await opened(store, id);
  await model.useBlend(blend, ports.packs);
  const session = await model.components.get('unet', model.changes.shapeOf('unet'));
  const given = ({ data, dims }: { data: number[]; dims: number[] }) => ({ data: Float32Array.from(data), dims });
  const { sample, timestep, context } = fixture.inputs;
  const inputs = { sample: given(sample), timestep: given(timestep), encoder_hidden_states: given(context) };
  const { out_sample: found } = await session.run(inputs);
  await model.dispose();
  return found;
}

const reference = (id: string) => ({ id, revision: '', adapters: [] });
const share = (denoiser: string) => writtenShare(denoiser, 1);

async function models(plan: DtypePlanId = 'float32') {
  const store = memoryPacks();
  const first = await weightsOf(PARTS.unet);
  const second = turned(first);
  await importModel(store, 'first', first, { plan });
  await importModel(store, 'second', second, { plan });
  return { store, first, second };
}

describe('a model of two', () => {
  it('says what a model says whose weights were mixed', async () => {
    const { store, first, second } = await models();
    await importModel(
      store,
      'mixed',
      mapped(first, (value, i, name) => 0.7 * value + 0.3 * (second.get(name)?.values[i] ?? NaN)),
    );
    const { blend } = blendOf(reference('first'), reference('second'), { own: share('0.7'), other: share('0.3') });
    const [found, expected, plain] = [
      await output(store, 'first', blend),
      await output(store, 'mixed'),
      await output(store, 'first'),
    ];
    expect(relativeError(found, expected)).toBeLessThan(2e-6);
    expect(relativeError(plain, expected), 'its effect').toBeGreaterThan(0.05);
  });

  it('is mixed by blocks, in the words of the original layout', async () => {
    const { store, first, second } = await models();
    const shareIn = (name: string): number => {
      if (/^(?:mid_block)/.test(name)) return 0.25;
      return /^(?:up_blocks|conv_norm_out|conv_out)/.test(name) ? 0.9 : 0.5;
    };
    await importModel(
      store,
      'mixed',
      mapped(
        first,
        (value, i, name) => shareIn(name) * value + (1 - shareIn(name)) * (second.get(name)?.values[i] ?? NaN),
      ),
    );
    const shares = { own: share('input=0.5,middle=0.25,out=0.9'), other: share('input=0.5,middle=0.75,out=0.1') };
    const { blend } = blendOf(reference('first'), reference('second'), shares);
    expect(relativeError(await output(store, 'first', blend), await output(store, 'mixed'))).toBeLessThan(2e-6);
  });

  it('is what is added to a third: a difference of two', async () => {
    const { store, first, second } = await models();
    const third = mapped(first, (value, i) => value * (1 + 0.1 * Math.sin(i)));
    await importModel(store, 'third', third);
    await importModel(
      store,
      'mixed',
      mapped(
        first,
        (value, i, name) => value + 0.4 * ((third.get(name)?.values[i] ?? NaN) - (second.get(name)?.values[i] ?? NaN)),
      ),
    );
    const difference = blendOf(reference('third'), reference('second'), { own: share('0.4'), other: share('-0.4') });
    const { blend } = blendOf(reference('first'), difference, { own: share('1'), other: share('1') });
    expect(relativeError(await output(store, 'first', blend), await output(store, 'mixed'))).toBeLessThan(5e-6);
  });

  it('of packed weights is as near as their rounding', async () => {
    const { store, first, second } = await models('q8');
    await importModel(
      store,
      'mixed',
      mapped(first, (value, i, name) => (value + (second.get(name)?.values[i] ?? NaN)) / 2),
    );
    const { blend } = blendOf(reference('first'), reference('second'), { own: share('0.5'), other: share('0.5') });
    expect(relativeError(await output(store, 'first', blend), await output(store, 'mixed'))).toBeLessThan(0.03);
  });

  it('of the same model twice needs no other file, and is that model', async () => {
    const { store } = await models();
    const { blend } = blendOf(reference('first'), reference('first'), { own: share('0.7'), other: share('0.3') });
    expect(blend.others).toEqual([]);
    expect(relativeError(await output(store, 'first', blend), await output(store, 'first'))).toBeLessThan(1e-6);
  });

  it('takes along the LoRAs of both, by its share', () => {
    const lora = (id: string) => ({ id, revision: '', denoiser: 0.5, text: 1 });
    const [one, two] = [
      { ...reference('first'), adapters: [lora('a')] },
      { ...reference('second'), adapters: [lora('b')] },
    ];
    const { adapters } = blendOf(one, two, { own: share('0.75'), other: share('0.25') });
    expect(adapters.map(({ id, denoiser }) => [id, denoiser])).toEqual([
      ['a', 0.375],
      ['b', 0.125],
    ]);
    expect(() => blendOf(one, two, { own: share('input=0.5,out=1'), other: share('0.5') })).toThrow(
      'A model with a LoRA on it is not merged by blocks here',
    );
  });

  it('is mixed by blocks under a LoRA of the text encoders alone', () => {
    const ofText = { id: 'a', revision: '', denoiser: 0, text: 0.5 };
    const one = { ...reference('first'), adapters: [ofText] };
    const shares = { own: writtenShare('input=0.5,out=1', 0.5), other: writtenShare('input=0.5,out=0', 0.5) };
    expect(blendOf(one, reference('second'), shares).adapters).toEqual([{ ...ofText, text: 0.25 }]);
  });

  it('leaves a tensor of another shape as it was: the first layer of a model of inpainting', async () => {
    const { store, first } = await models();
    const seeing = await weightsOf('unet-inpaint');
    await importModel(store, 'seeing', seeing, { config: 'unet-inpaint' });
    await importModel(
      store,
      'mixed',
      mapped(first, (value, i, name) =>
        name === 'conv_in.weight' ? value : value + 0.5 * (seeing.get(name)?.values[i] ?? NaN),
      ),
    );
    const { blend } = blendOf(reference('first'), reference('seeing'), { own: share('1'), other: share('0.5') });
    expect(relativeError(await output(store, 'first', blend), await output(store, 'mixed'))).toBeLessThan(5e-6);
  });

  it('refuses a model of another size', async () => {
    const { store } = await models();
    await importTiny(tinyCase('sdxl'), { store, id: 'large', plan: 'float32' });
    const { blend } = blendOf(reference('first'), reference('large'), { own: share('0.5'), other: share('0.5') });
    await expect(output(store, 'first', blend)).rejects.toThrow(
      'large and first cannot be merged: their U-Nets are of different sizes. Choose two models of one family.',
    );
  });
});

describe('a blend that is at hand', () => {
  it('is counted while it is in use, and not when the next one cannot be opened', async () => {
    const { store } = await models('q8');
    const { model, ports } = await opened(store, 'first');
    const plain = model.report.bytes;
    const half = { own: share('0.5'), other: share('0.5') };
    await model.useBlend(blendOf(reference('first'), reference('second'), half).blend, ports.packs);
    expect(model.report.bytes).toBeGreaterThan(plain);
    const { blend: lost } = blendOf(reference('first'), reference('nowhere'), half);
    await expect(model.useBlend(lost, ports.packs)).rejects.toThrow();
    await model.useBlend(undefined, ports.packs);
    expect(model.report.bytes).toBe(plain);
    await model.dispose();
  });

  it('is opened once, though nothing or another is in use between its pictures', async () => {
    const { store } = await models();
    const { model, ports, asked } = await opened(store, 'first');
    const use = (blend?: Blend) => model.useBlend(blend, ports.packs);
    const third = await weightsOf(PARTS.unet);
    await importModel(store, 'third', third);
    const half = { own: share('0.5'), other: share('0.5') };
    const ofText = { own: writtenShare('1', 0.5), other: writtenShare('0', 0.5) };
    const [one, other] = [
      blendOf(reference('first'), reference('second'), half).blend,
      blendOf(reference('first'), reference('third'), ofText).blend,
    ];
    for (let picture = 0; picture < 3; picture++) for (const blend of [undefined, one, other]) await use(blend);
    expect(asked).toEqual(['second', 'third']);
    expect(model.changes.shapeOf('text_encoder').blend?.others[0].share).toEqual(writtenShare('0', 0.5));
    const again = { ...reference('second'), revision: 'another' };
    await use(blendOf(reference('first'), again, half).blend);
    expect(asked, 'imported again').toEqual(['second', 'third', 'second']);
    await model.dispose();
  });
});
