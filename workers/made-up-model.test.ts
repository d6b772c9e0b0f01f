/**
 * One more of each is one line of its table: a made-up family with a network of its own, and a made-up noise. What lists them
 * follows: it is imported from a folder, chosen in the catalogue, kept as a pack, and paints.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ModelOrigin } from '../src/core/catalog';
import { FAMILIES, type Family } from '../src/core/families';
import { FILES, type FamilyFiles } from '../src/core/families/files';
import { bytesSource, type ByteSource } from '../src/core/formats';
import { floatSafetensors } from '../src/core/formats/testing/safetensors-bytes';
import { conv, fromNchw, GraphBuilder, tensor, toNchw } from '../src/core/graph';
import { COMPONENTS, network, NETWORKS, type Component, type Network } from '../src/core/networks';
import { oneTensor, PUBLISHED, type Published } from '../src/core/networks/published';
import { NOISES, NOISE_SOURCES } from '../src/core/noise';
import type { GenerationRequest } from '../src/core/recipe/request';

/** A convolution over each cell. */
const mixer = network<{ channels: number }>({
  read: (_file, json) => ({ channels: Number((json as { channels?: number }).channels) }),
  sizes: ({ channels }) => ({ denoiser: { inChannels: channels, outChannels: channels, contextWidth: 16 } }),
  layers: () => 1,
  build({ channels }, form) {
    const g = new GraphBuilder('mixer', form);
    const sample = fromNchw(g, g.input('sample', 'float32', ['batch', channels, 'height', 'width']));
    const kernel = tensor('mix.weight', channels, channels, 1, 1);
    g.output('out_sample', toNchw(g, conv(g, sample, kernel, tensor('mix.bias', channels))));
    return g.build();
  },
  toGraph: ({ sample }) => ({ sample }),
});

const component = { network: 'mixer', role: 'denoiser', name: 'mixer' } as unknown as Component;

const published: Published = {
  name: 'mixer',
  partName: 'mixer',
  isFolder: true,
  parts: [{ component: 'mixer' as 'unet' }],
  places: [['mixer.', (name) => oneTensor(name.startsWith('mix.') ? name : undefined, 'ldm')]],
  essential: [['mix.weight']],
  signs: (tensors) => ({ inChannels: tensors.get('mix.weight')?.shape[1] }),
  config: (tensors) => ({ channels: tensors.get('mix.weight')?.shape[0] }),
};

const family: Family = {
  ...(FAMILIES.sd15 as Family),
  denoiser: 'mixer' as 'unet',
  previewHelper: 'mixer-preview',
  defaults: { ...FAMILIES.sd15.defaults, steps: 3, width: 64, height: 64 },
  rank: 9,
  megabytes: {
    q8: { stored: 1, loaded: 2 },
    q4: { stored: 1, loaded: 2 },
    smallest: { stored: 1, loaded: 2 },
    float16: { stored: 2, loaded: 2 },
  },
};

const files: FamilyFiles = {
  series: 'Mixer',
  version: '1',
  shortName: 'Mixer',
  signs: { base: /^Mixer/ },
  published: { base: 'sd15' },
};

/** Puts a line into a table. */
const add = (table: object, line: Record<string, unknown>): void => void Object.assign(table, line);
add(NETWORKS, { mixer: mixer satisfies Network });
add(COMPONENTS, { mixer: component });
add(PUBLISHED, { mixer: published });
add(FAMILIES, { mixed: family });
add(FILES, { mixed: files });
add(NOISES, { grey: { ...NOISES.nv, label: 'Grey' } });
const grey = () => ({ next: (count: number) => new Float32Array(count).fill(0.5) });
add(NOISE_SOURCES, { grey: { create: grey, createForTree: grey } });

const { entryWithoutCatalog, judge, parseCatalog, storedAs } = await import('../src/core/catalog');
const { hubChoices } = await import('../src/core/catalog/hub-choices');
const { familyOfBase } = await import('../src/core/families/recognise');
const { whatRuns } = await import('../src/core/families/what-runs');
const { assertPack, importCheckpoint } = await import('../src/core/packs');
const { memoryPacks } = await import('../src/core/packs/testing/memory-packs');
const { requestProblems } = await import('../src/core/recipe/problems');
const { parseInfotext, recipeOf, writeInfotext } = await import('../src/core/recipe/infotext');
const { readLink, writeLink } = await import('../src/core/recipe/links');
const { openPackSource } = await import('../src/engine/models/pack-source');
const { createNodePorts, createNodeRuntime } = await import('./testing/node-ports');
const { paintTiny, tinyCase } = await import('./testing/paint-tiny');
const { createWordTokenizer } = await import('./testing/word-tokenizer');
const { loadFacts } = await import('../src/app/state/device/load-facts');

type FamilyId = keyof typeof FAMILIES;
const MIXED = 'mixed' as FamilyId;

/** "mixer/config.json" and so on, as the hub has folders. */
async function folder(): Promise<ByteSource[]> {
  const text = (path: string, value: unknown): ByteSource =>
    bytesSource(path, new TextEncoder().encode(JSON.stringify(value)));
  const weights = floatSafetensors({
    'mix.weight': { shape: [4, 4, 1, 1], values: Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 0.5 : 0.1)) },
    'mix.bias': { shape: [4], values: [0, 0.1, 0.2, 0.3] },
  });
  const sources = [
    text('scheduler/scheduler_config.json', { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' }),
    text('mixer/config.json', { channels: 4 }),
    bytesSource('mixer/diffusion_pytorch_model.safetensors', weights),
  ];
  for (const [part, path, file] of [
    ['text-l', 'text_encoder', 'model'],
    ['vae', 'vae', 'diffusion_pytorch_model'],
  ]) {
    const read = (name: string): Promise<Buffer> =>
      readFile(fileURLToPath(new URL(`../src/engine/fixtures/pipelines/${part}/${name}`, import.meta.url)));
    sources.push(bytesSource(`${path}/config.json`, await read('config.json')));
    sources.push(bytesSource(`${path}/${file}.safetensors`, await read('weights.safetensors')));
  }
  return sources;
}

describe('a made-up family with a network of its own', () => {
  it('is chosen in the catalogue', () => {
    const source = { kind: 'hub' as const, repo: 'a/b', revision: 'main', files: ['x'] } satisfies ModelOrigin;
    const entry = entryWithoutCatalog('mine', 'Mine', MIXED, { source, downloadBytes: 1 });
    expect(entry).toMatchObject({ family: 'mixed', defaults: { steps: 3, width: 64 } });
    expect(storedAs(entry, 'float16')).toMatchObject({ plan: 'float16', storedBytes: 2e6 });
    const device = { hasWebGpu: true, adapter: '', isSoftware: false, shaderF16: true, maxBufferBytes: 2e9, tflops: 1 };
    expect(judge(entry, device).secondsPerPicture).toBeGreaterThan(0);
    const whole = { ...entry, licence: { name: 'MIT', url: 'https://a.example', commercialUse: 'allowed' } };
    expect(parseCatalog({ version: 1, models: [whole] }, 'x').models[0].family).toBe('mixed');
    const wrong = { version: 1, models: [{ ...whole, family: 'none' }] };
    expect(() => parseCatalog(wrong, 'x')).toThrow(/"starter", "mixed"/);
    expect(familyOfBase('Mixer 1')).toBe('mixed');
    expect(whatRuns()).toBe('Stable Diffusion 1.x, 2.x, XL and the XL refiner, Mixer 1');
  });

  it('is found in a repository', async () => {
    const tree = (await folder()).map(({ name, size }) => ({ path: name, byteLength: size }));
    expect(hubChoices(tree, '')).toMatchObject([{ kind: 'folder', path: '' }]);
    expect(hubChoices(tree, '')[0].problem).toBeUndefined();
  });

  it('is imported, kept as a pack, and paints', async () => {
    const store = memoryPacks();
    const draft = store.create('x');
    const sources = await folder();
    await importCheckpoint({ sources, id: 'x', name: 'x', plan: 'q8', draft, onProgress: () => undefined });
    const open = store.open('x');
    expect(open.pack).toMatchObject({ family: 'mixed', components: { mixer: { config: { channels: 4 } } } });
    expect(Object.keys(open.pack.components)).toEqual(['text_encoder', 'vae_decoder', 'vae_encoder', 'mixer']);
    assertPack(open.pack);
    const ports = createNodePorts({ createClipTokenizer: () => Promise.resolve(createWordTokenizer(undefined)) });
    const source = await openPackSource({ open, runtime: createNodeRuntime(), ports, baseUrl: '' });
    expect(source.traits).toMatchObject({ parts: { denoiser: 'mixer' }, inChannels: 4, clipSkip: 'any' });
    const one = tinyCase('sd15');
    const painted = await paintTiny(one, source);
    expect(painted.every(Number.isFinite)).toBe(true);
    expect(await paintTiny(one, source, { noise: 'grey' as 'nv' })).not.toEqual(painted);
    expect(loadFacts({ loads: [{ component: 'mixer' as 'unet', bytes: 1, seconds: 0 }] })[0][0]).toBe('Mixer');
  });

  it('misses its own parts by name', async () => {
    const sources = (await folder()).filter(({ name }) => !name.startsWith('vae/'));
    const input = { sources, id: 'x', name: 'x', plan: 'q8', draft: memoryPacks().create('x') } as const;
    await expect(importCheckpoint({ ...input, onProgress: () => undefined })).rejects.toThrow(
      /only the text encoder and mixer of a model, which cannot paint without its autoencoder \(VAE\)/,
    );
  });
});

describe('a made-up noise', () => {
  const request: GenerationRequest = {
    ...{ model: 'x', prompt: 'a', negativePrompt: '', noise: 'grey' as 'nv' },
    ...{ sampler: 'euler', schedule: 'karras', steps: 3, cfgScale: 4, seed: 7, width: 64, height: 64 },
  };

  it('is a choice of the form, and travels in links', () => {
    expect(requestProblems(request)).toEqual({});
    expect(requestProblems({ ...request, noise: 'none' as 'nv' })).toHaveProperty('noise');
    expect(readLink(writeLink(recipeOf(request)))?.recipe.noise).toBe('grey');
  });

  it('is written to infotexts by the word of its line', () => {
    expect(writeInfotext(recipeOf(request))).toContain('RNG: ');
    expect(parseInfotext(writeInfotext(recipeOf(request))).recipe.noise).toBe('grey');
  });
});
