/** Checkpoints imported into packs make the latents of diffusers, family by family. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource, type ByteSource } from '../src/core/formats';
import { importCheckpoint, type DtypePlanId } from '../src/core/packs';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { ModelSource } from '../src/engine/model-source';
import { openPackSource } from '../src/engine/pack-source';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { relativeError } from '../src/core/weights/testing/numbers';
import { paintTiny, tinyCase, type TinyCase } from './testing/paint-tiny';
import { createWordTokenizer } from './testing/word-tokenizer';

const store = memoryPacks();
const runtime = createNodeRuntime();
const ports = createNodePorts({
  createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
});

/** A case as the hub's folder of it. */
async function sourcesOf({ parts, scheduler }: TinyCase): Promise<ByteSource[]> {
  const base = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
  const json = new TextEncoder().encode(JSON.stringify({ ...base, ...scheduler }));
  const sources = [bytesSource('scheduler/scheduler_config.json', json)];
  for (const [folder, part] of Object.entries(parts)) {
    if (typeof part !== 'string') continue;
    const read = (file: string): Promise<Buffer> =>
      readFile(fileURLToPath(new URL(`../src/engine/fixtures/pipelines/${part}/${file}`, import.meta.url)));
    const weights = folder.startsWith('text') ? 'model' : 'diffusion_pytorch_model';
    sources.push(bytesSource(`${folder}/config.json`, await read('config.json')));
    sources.push(bytesSource(`${folder}/${weights}.safetensors`, await read('weights.safetensors')));
  }
  return sources;
}

async function sourceOf(one: TinyCase, plan: DtypePlanId): Promise<ModelSource> {
  const sources = await sourcesOf(one);
  await importCheckpoint({ sources, id: 'x', name: 'x', plan, draft: store.create('x'), onProgress: () => undefined });
  return openPackSource({ open: store.open('x'), runtime, ports, baseUrl: '' });
}

describe('a pack', () => {
  it.each(['sd21, v-prediction', 'sdxl', 'inpainting'])('of %s makes the latent of diffusers', async (name) => {
    const one = tinyCase(name);
    expect(relativeError(await paintTiny(one, await sourceOf(one, 'float16')), one.latent)).toBeLessThan(1e-4);
  });

  it('of 8 bits makes nearly the same, and says what is loaded', async () => {
    const one = tinyCase('sdxl');
    const [plain, packed] = [await sourceOf(one, 'float32'), await sourceOf(one, 'q8')];
    const error = relativeError(await paintTiny(one, packed), one.latent);
    expect(error).toBeGreaterThan(1e-4);
    expect(error).toBeLessThan(0.05);
    expect(packed.plan).toBe('q8');
    expect(plain.loadedBytes('unet')).toBeGreaterThan(100_000);
    expect(packed.loadedBytes('unet')).toBeLessThan(plain.loadedBytes('unet'));
    expect(packed.loadedBytes('taesd_decoder')).toBe(0);
  });
});
