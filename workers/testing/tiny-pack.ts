/** A tiny pipeline of the fixtures, imported as a person would import the hub's folder of it. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bytesSource, type ByteSource } from '../../src/core/formats';
import { importCheckpoint, type DtypePlanId } from '../../src/core/packs';
import { memoryPacks, type MemoryPacks } from '../../src/core/packs/testing/memory-packs';
import type { DeviceReport } from '../../src/engine/api';
import type { ModelSource } from '../../src/engine/models/model-source';
import { openPackSource } from '../../src/engine/models/pack-source';
import { createNodePorts, createNodeRuntime } from './node-ports';
import { createWordTokenizer } from './word-tokenizer';

const runtime = createNodeRuntime();
const ports = createNodePorts({
  createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
});

/** Folders of the fixtures by those that the hub's layout has, and what its scheduler says. */
export interface TinyModel {
  parts: Readonly<Record<string, string | undefined>>;
  scheduler: object;
}

export async function openTinyPack(
  one: TinyModel,
  plan: DtypePlanId,
  { device = runtime.device, ...rest }: { device?: DeviceReport; staysPacked?: boolean; lendsFactors?: boolean } = {},
): Promise<ModelSource> {
  const store = memoryPacks();
  await importTiny(one, { store, id: 'x', plan });
  return openPackSource({ open: store.open('x'), runtime: { ...runtime, device }, ports, baseUrl: '', ...rest });
}

/** Puts it into the store under this id. */
export async function importTiny(
  one: TinyModel,
  { store, id, plan }: { store: MemoryPacks; id: string; plan: DtypePlanId },
): Promise<void> {
  const [sources, draft] = [await sourcesOf(one), store.create(id)];
  await importCheckpoint({ sources, id, name: id, plan, draft, onProgress: () => undefined });
}

async function sourcesOf({ parts, scheduler }: TinyModel): Promise<ByteSource[]> {
  const base = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
  const json = new TextEncoder().encode(JSON.stringify({ ...base, ...scheduler }));
  const sources = [bytesSource('scheduler/scheduler_config.json', json)];
  for (const [folder, part] of Object.entries(parts)) {
    if (part === undefined) continue;
    const read = (file: string): Promise<Buffer> =>
      readFile(fileURLToPath(new URL(`../../src/engine/fixtures/pipelines/${part}/${file}`, import.meta.url)));
    const weights = folder.startsWith('text') ? 'model' : 'diffusion_pytorch_model';
    sources.push(bytesSource(`${folder}/config.json`, await read('config.json')));
    sources.push(bytesSource(`${folder}/${weights}.safetensors`, await read('weights.safetensors')));
  }
  return sources;
}
