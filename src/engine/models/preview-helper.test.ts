import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors';
import { bytesSource } from '../../core/formats';
import { elementCount, exprShape } from '../../core/graph';
import { buildTinyDecoder, readTinyAutoencoderConfig } from '../../core/networks';
import { importCheckpoint, openWeights, type OpenPack, type Pack } from '../../core/packs';
import { memoryPacks } from '../../core/packs/testing/memory-packs';
import { withPreviewHelper } from './preview-helper';

/** A component with a graph of its own, so that it lacks nothing. */
const component = (file: string) => ({
  config: {},
  shards: [{ file, byteLength: 1, sha256: '' }],
  weights: {},
  onnx: { graph: { shard: 0, offset: 0, byteLength: 1 }, tensors: [] },
});
const packed = (id: string, family: Pack['family'], components: Pack['components']): OpenPack => ({
  pack: {
    version: 1,
    id,
    name: id,
    family,
    plan: 'q8',
    source: { name: id, byteLength: 1, layout: 'ldm' },
    scheduler: {},
    tokenizer: 'clip',
    components,
  },
  shard: (file) => Promise.resolve({ name: `${id}/${file}`, size: 1, readSync: () => new Uint8Array(1) }),
});

const helper = packed('taesdxl', 'sdxl', { taesd_decoder: component('taesd.bin'), vae_decoder: component('vae.bin') });
const model = packed('x', 'sdxl', { unet: component('unet.bin'), vae_decoder: component('vae.bin') });
const store = (...packs: OpenPack[]) => ({
  open: (id: string) => {
    const found = packs.find(({ pack }) => pack.id === id);
    return found ? Promise.resolve(found) : Promise.reject(new AppError('missing-file', id));
  },
});

describe('withPreviewHelper', () => {
  it('borrows TAESD of the model’s family, and nothing else', async () => {
    const open = await withPreviewHelper(model, store(helper));
    expect(Object.keys(open.pack.components).sort()).toEqual(['taesd_decoder', 'unet', 'vae_decoder']);
    expect((await open.shard('taesd.bin')).name).toBe('taesdxl/taesd.bin');
    expect((await open.shard('vae.bin')).name).toBe('x/vae.bin');
  });

  it('finds what the library stores of a download of TAESDXL', async () => {
    const bytes = readFileSync(
      new URL('../../core/networks/fixtures/tiny-autoencoder/weights.safetensors', import.meta.url),
    );
    const packs = memoryPacks();
    await importCheckpoint({
      sources: [bytesSource('diffusion_pytorch_model.safetensors', new Uint8Array(bytes))],
      ...{ id: 'taesdxl', name: 'TAESDXL', plan: 'float16', previewFor: 'sdxl', draft: packs.create('taesdxl') },
      onProgress: () => undefined,
    });
    const open = await withPreviewHelper(model, store(packs.open('taesdxl')));
    const config = open.pack.components.taesd_decoder?.config;
    const decoder = buildTinyDecoder(readTinyAutoencoderConfig('x', config), 'webgpu');
    const weights = await openWeights(open, 'taesd_decoder');
    const read = decoder.weights.map((weight) => weights.read(weight).length);
    expect(read).toEqual(decoder.weights.map(({ expr }) => 4 * elementCount(exprShape(expr))));
  });

  it('does without a helper that lacks weights: the model paints all the same', async () => {
    const broken = { ...component('taesd.bin'), onnx: undefined };
    expect(await withPreviewHelper(model, store(packed('taesdxl', 'sdxl', { taesd_decoder: broken })))).toBe(model);
  });

  it('does without where there is none, or where the model has its own or another latent space', async () => {
    expect(await withPreviewHelper(model, store())).toBe(model);
    const own = packed('y', 'sdxl', { taesd_decoder: component('own.bin') });
    expect(await withPreviewHelper(own, store(helper))).toBe(own);
    const starter = packed('z', 'starter', {});
    expect(await withPreviewHelper(starter, store(helper))).toBe(starter);
  });
});
