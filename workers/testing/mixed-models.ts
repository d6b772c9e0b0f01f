/** Models of the fixtures' sizes whose denoisers' weights a test makes, to be mixed or to be compared with a mixture. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bytesSource, openTensorFile, type ByteSource } from '../../src/core/formats';
import { floatSafetensors } from '../../src/core/formats/testing/safetensors-bytes';
import { readPart } from '../../src/core/adapters/read-parts';
import { importCheckpoint, type DtypePlanId } from '../../src/core/packs';
import { memoryPacks, type MemoryPacks } from '../../src/core/packs/testing/memory-packs';
import { writtenShare } from '../../src/engine/models/blends';
import { Model } from '../../src/engine/models/model';
import { openPackSource } from '../../src/engine/models/pack-source';
import { createNodePorts, createNodeRuntime } from './node-ports';
import { TINY_ENTRY } from './paint-tiny';
import { createWordTokenizer } from './word-tokenizer';

export const PARTS = { text_encoder: 'text-l', unet: 'unet-sd15', vae: 'vae' };
const read = (path: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`../../src/engine/fixtures/pipelines/${path}`, import.meta.url)));

export type Weights = Map<string, { shape: number[]; values: Float32Array }>;

export async function weightsOf(part: string): Promise<Weights> {
  const file = await openTensorFile(bytesSource(part, new Uint8Array(await read(`${part}/weights.safetensors`))));
  const weights: Weights = new Map();
  for (const name of file.tensors.keys()) {
    const { shape, values } = await readPart(file, name);
    weights.set(name, { shape: [...shape], values: Float32Array.from(values) });
  }
  return weights;
}

export const mapped = (weights: Weights, change: (value: number, i: number, name: string) => number): Weights =>
  new Map(
    [...weights].map(([name, { shape, values }]) => [
      name,
      { shape, values: values.map((value, i) => change(value, i, name)) },
    ]),
  );

/** Another model: its weights in another order, so that layers stay of their size. */
export const turned = (weights: Weights): Weights =>
  new Map([...weights].map(([name, { shape, values }]) => [name, { shape, values: values.slice().reverse() }]));

export interface Imported {
  plan?: DtypePlanId;
  /** Folder of its config, where that is another. */
  config?: string;
}

export async function importModel(
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

/** A model of the store, ports with its other packs, and ids of the packs that are opened beside it. */
export async function openStored(store: MemoryPacks, id: string) {
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

/** It, without LoRAs. */
export const reference = (id: string) => ({ id, revision: '', adapters: [] });
/** So much of the denoiser; of the text encoders all. */
export const share = (denoiser: string) => writtenShare(denoiser, 1);

/** A store with two models of the same sizes, and the weights of their denoisers. */
export async function twoModels(plan: DtypePlanId = 'float32') {
  const store = memoryPacks();
  const first = await weightsOf(PARTS.unet);
  const second = turned(first);
  await importModel(store, 'first', first, { plan });
  await importModel(store, 'second', second, { plan });
  return { store, first, second };
}
