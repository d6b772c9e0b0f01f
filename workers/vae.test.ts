/** A VAE of another file in place of a model's own. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Pixels } from '../src/core/image';
import { bytesSource, type ByteSource } from '../src/core/formats';
import { importCheckpoint, type ImportInput } from '../src/core/packs';
import { memoryPacks, type MemoryPacks } from '../src/core/packs/testing/memory-packs';
import type { GenerationRequest } from '../src/core/recipe/request';
import { Model } from '../src/engine/models/model';
import { openOtherVae } from '../src/engine/models/other-vae';
import { openPackSource } from '../src/engine/models/pack-source';
import { paintWith } from '../src/engine/testing/paint-with';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { importTiny } from './testing/tiny-pack';
import { createWordTokenizer } from './testing/word-tokenizer';

const FOLDER = new URL('../src/engine/fixtures/pipelines/vae/', import.meta.url);
const read = (file: string): Promise<Buffer> => readFile(fileURLToPath(new URL(file, FOLDER)));

const request: GenerationRequest = {
  ...{ model: 'tiny', prompt: 'a b', negativePrompt: '', sampler: 'euler', schedule: 'normal', noise: 'cpu' },
  ...{ steps: 2, cfgScale: 5, seed: 3, width: 16, height: 16 },
};

/** The fixture's autoencoder with the signs of both sides' first convolutions turned: other pictures, other latents. */
async function otherWeights(): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await read('weights.safetensors'));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
    string,
    { data_offsets: [number, number]; dtype: string }
  >;
  for (const name of ['decoder.conv_in.weight', 'encoder.conv_in.weight']) {
    const {
      data_offsets: [from, to],
      dtype,
    } = header[name];
    expect(dtype).toBe('F16');
    for (let at = 8 + length + from; at < 8 + length + to; at += 2) bytes[at + 1] ^= 0x80;
  }
  return bytes;
}

async function vaeFiles(): Promise<ByteSource[]> {
  return [
    bytesSource('vae/config.json', await read('config.json')),
    bytesSource('vae/diffusion_pytorch_model.safetensors', await otherWeights()),
  ];
}

const importVae = (store: MemoryPacks, sources: ByteSource[], changes: Partial<ImportInput> = {}) =>
  importCheckpoint({
    ...{ sources, id: 'other', name: 'Other', plan: 'float16', isVae: true },
    ...{ draft: store.create('other'), onProgress: () => undefined },
    ...changes,
  });

async function openModel(store: MemoryPacks, id: string): Promise<Model> {
  const runtime = createNodeRuntime();
  const ports = createNodePorts({
    createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
  });
  const source = await openPackSource({ open: store.open(id), runtime, ports, baseUrl: '' });
  return new Model({ entry: { ...TINY_ENTRY, id }, source, device: runtime.device, now: () => 0 });
}

const portsOf = (store: MemoryPacks) =>
  createNodePorts({ packs: { open: (id) => Promise.resolve().then(() => store.open(id)) } });

describe('another VAE', () => {
  // U-Nets of inpainting see a grey picture through it.
  it.each(['sd15', 'inpainting'])(
    'makes the bytes of a checkpoint that has it built in, from words and from a picture, and is put away again: %s',
    async (name) => {
      const store = memoryPacks();
      const one = tinyCase(name);
      await importTiny(one, { store, id: 'plain', plan: 'float16' });
      await importTiny(one, { store, id: 'built in', plan: 'float16' });
      const vae = await importVae(store, await vaeFiles());
      expect(vae).toMatchObject({ role: 'autoencoder' });
      expect(Object.keys(vae.components)).toEqual(['vae_decoder', 'vae_encoder']);
      const whole = store.open('built in').pack;
      for (const shard of Object.values(vae.components).flatMap(({ shards }) => shards)) {
        const bytes = store.files.get(`other/${shard.file}`);
        if (bytes) store.files.set(`built in/${shard.file}`, bytes);
      }
      store.packs.set('built in', { ...whole, components: { ...whole.components, ...vae.components } });

      const [plain, builtIn] = [await openModel(store, 'plain'), await openModel(store, 'built in')];
      const start: Pixels = {
        width: 16,
        height: 16,
        data: Uint8ClampedArray.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256)),
      };
      const paint = async (model: Model, changes: Partial<GenerationRequest>) => [
        ...(
          await paintWith(
            { ...request, ...changes },
            { model, ports: portsOf(store), images: { start }, vaes: [{ id: 'other', names: ['Other'] }] },
          )
        ).pixels.data,
      ];
      for (const changes of [{}, { initImage: 'start', denoisingStrength: 0.6 }]) {
        const own = await paint(plain, changes);
        const other = await paint(plain, { ...changes, vae: 'other' });
        expect(other).toEqual(await paint(builtIn, changes));
        expect(other).not.toEqual(own);
        expect(await paint(plain, changes)).toEqual(own);
      }
      const { pack } = store.open('plain');
      const unread = { ...pack.components };
      delete unread.vae_encoder;
      store.packs.set('plain', { ...pack, components: unread });
      const blind = await openModel(store, 'plain');
      expect(await paint(blind, { vae: 'other' })).toEqual(await paint(builtIn, {}));
      await Promise.all([plain, builtIn, blind].map((model) => model.dispose()));
    },
  );

  it('is refused where it is missing, or where its latents are of another kind', async () => {
    const store = memoryPacks();
    await importTiny(tinyCase('sd15'), { store, id: 'plain', plan: 'float16' });
    const model = await openModel(store, 'plain');
    await expect(model.changes.useVae({ id: 'gone', revision: '' }, portsOf(store).packs)).rejects.toThrow(/gone/);
    await importVae(store, await vaeFiles());
    const { pack } = store.open('other');
    const { vae_decoder: decoder } = pack.components;
    if (!decoder) throw new Error('no decoder');
    const { latentChannels, ...traits } = model.traits;
    const foreign = { traits: { ...traits, latentChannels: 16 }, networks: {}, activations: 'float32' } as const;
    const place = { model: { name: 'Plain' }, device: model.device, packs: portsOf(store).packs };
    await expect(openOtherVae({ id: 'other', revision: '' }, { ...place, source: foreign })).rejects.toThrow(
      `The VAE Other reads latents of ${latentChannels} channels in cells of 2 pixels; those of Plain have 16 and 2. Choose the model's own VAE.`,
    );
    const exported = { ...foreign, networks: undefined };
    await expect(openOtherVae({ id: 'other', revision: '' }, { ...place, source: exported })).rejects.toThrow(
      'Plain is of ready-made graphs, which take no other VAE.',
    );
    store.packs.set('other', { ...pack, components: { vae_decoder: { ...decoder, weights: {} } } });
    await expect(model.changes.useVae({ id: 'other', revision: '' }, portsOf(store).packs)).rejects.toThrow(
      /^The VAE Other/,
    );
    await model.dispose();
  });

  it('must be one: a checkpoint without it is refused', async () => {
    const store = memoryPacks();
    const unet = new URL('../unet-sd15/', FOLDER);
    const part = async (file: string) =>
      bytesSource(
        `unet/${file === 'config.json' ? file : 'diffusion_pytorch_model.safetensors'}`,
        await readFile(fileURLToPath(new URL(file, unet))),
      );
    const files = [await part('config.json'), await part('weights.safetensors')];
    await expect(importVae(store, files)).rejects.toThrow(/only the U-Net of a model.*without its autoencoder/);
  });
});
