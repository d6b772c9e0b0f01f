/** The refiner of SDXL, alone and after SDXL, against diffusers (tools/fixtures/make_sdxl_refiner.py). */
import { beforeAll, describe, expect, it } from 'vitest';
import { compilePrompt, validatePrompt } from '../src/core/comfyui/workflows';
import type { Json } from '../src/core/comfyui/workflows/document';
import { promptFrom } from '../src/core/comfyui/workflows/testing/prompts';
import type { ModelOrigin } from '../src/core/catalog';
import type { Pixels } from '../src/core/image';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { Workflow } from '../src/core/workflow';
import { relativeError } from '../src/core/weights/testing/numbers';
import { Engine } from '../src/engine/engine';
import pipelines from '../src/engine/fixtures/pipelines/cases.json';
import imageToImage from '../src/engine/fixtures/pipelines/image-to-image.json';
import fixture from '../src/engine/fixtures/pipelines/sdxl-refiner.json';
import type { ModelSource } from '../src/engine/models/model-source';
import type { Ports } from '../src/engine/ports';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { paintTiny, tinyCase, TINY_ENTRY } from './testing/paint-tiny';
import { importTiny, openTinyPack } from './testing/tiny-pack';
import { createWordTokenizer } from './testing/word-tokenizer';

/** Float32 on both sides; the sums run in another order. */
const MAX_RELATIVE_ERROR = 1e-4;

const { width, height } = pipelines;
const base = tinyCase('sdxl');
const TINY = { parts: fixture.parts, scheduler: base.scheduler };
const picture: Pixels = {
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : imageToImage.rgb[3 * Math.floor(i / 4) + (i % 4)],
  ),
};

describe('the last latent of the refiner, by its own', () => {
  let source: ModelSource;
  beforeAll(async () => void (source = await openTinyPack(TINY, 'float32')));

  it.each(fixture.cases)('$name is that of diffusers', async (one) => {
    const changes = { initImage: 'hash', images: { hash: picture }, denoisingStrength: one.denoisingStrength };
    const { negativePrompt = base.negativePrompt } = one as { negativePrompt?: string };
    const latent = await paintTiny({ ...base, negativePrompt, steps: one.steps }, source, changes);
    const error = relativeError(latent, one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it('of 8 bits is nearly the same', async () => {
    const [{ steps, denoisingStrength, latent: wanted }] = fixture.cases;
    const changes = { initImage: 'hash', images: { hash: picture }, denoisingStrength };
    const error = relativeError(await paintTiny({ ...base, steps }, await openTinyPack(TINY, 'q8'), changes), wanted);
    expect(error).toBeGreaterThan(MAX_RELATIVE_ERROR);
    expect(error).toBeLessThan(0.05);
  });
});

type Texts = readonly [type: string, inputs: Record<string, string | number>];

/** A graph of two samplers, of which the second goes on with the noise that the first leaves. */
function graph(refined: (text: string, isNegative: boolean) => Texts) {
  const { steps, at } = fixture.together;
  const sampler = { noise_seed: base.seed, steps, cfg: base.cfgScale, sampler_name: 'euler', scheduler: 'normal' };
  const text = ([type, inputs]: Texts, clip: string): [string, Record<string, Json>] => [
    type,
    { ...inputs, clip: [clip, 1] },
  ];
  const plain = (words: string): Texts => ['CLIPTextEncode', { text: words }];
  return promptFrom({
    '1': ['CheckpointLoaderSimple', { ckpt_name: 'base' }],
    '2': ['CheckpointLoaderSimple', { ckpt_name: 'refiner' }],
    '3': ['EmptyLatentImage', { width, height, batch_size: 1 }],
    '4': text(plain(base.prompt), '1'),
    '5': text(plain(base.negativePrompt), '1'),
    '6': text(refined(base.prompt, false), '2'),
    '7': text(refined(base.negativePrompt, true), '2'),
    '8': [
      'KSamplerAdvanced',
      {
        ...{ ...sampler, model: ['1', 0], positive: ['4', 0], negative: ['5', 0], latent_image: ['3', 0] },
        ...{ add_noise: 'enable', start_at_step: 0, end_at_step: at, return_with_leftover_noise: 'enable' },
      },
    ],
    '9': [
      'KSamplerAdvanced',
      {
        ...{ ...sampler, model: ['2', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['8', 0] },
        ...{ add_noise: 'disable', start_at_step: at, end_at_step: 10000, return_with_leftover_noise: 'disable' },
      },
    ],
    '10': ['VAEDecode', { samples: ['9', 0], vae: ['2', 2] }],
    '11': ['SaveImage', { images: ['10', 0], filename_prefix: 'refined' }],
  });
}

function compiled(prompt: ReturnType<typeof graph>): Workflow {
  const { problems, outputs } = validatePrompt(prompt);
  const { workflow, problems: stops } = compilePrompt(prompt, outputs);
  expect([...problems, ...stops]).toEqual([]);
  if (!workflow) throw new RangeError('nothing was compiled');
  return workflow;
}

/** Ports whose decoders are listened to. */
function listening(packs: Ports['packs'], heard: (latent: Float32Array) => void): Ports {
  const runtime = createNodeRuntime();
  return createNodePorts({
    packs,
    createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
    createRuntime: () =>
      Promise.resolve({
        ...runtime,
        async createSession(made, options) {
          const session = await runtime.createSession(made, options);
          return {
            dispose: () => session.dispose(),
            run: (inputs, beside) => {
              if ('latent' in inputs) heard(inputs['latent'].data as Float32Array);
              return session.run(inputs, beside);
            },
          };
        },
      }),
  });
}

describe('a graph that begins with SDXL and ends with the refiner', () => {
  const store = memoryPacks();
  beforeAll(async () => {
    await importTiny(base, { store, id: 'base', plan: 'float32' });
    await importTiny(TINY, { store, id: 'refiner', plan: 'float32' });
  });

  async function latentOf(prompt: ReturnType<typeof graph>): Promise<number[]> {
    let latent: number[] = [];
    const packs = { open: (id: string) => Promise.resolve().then(() => store.open(id)) };
    const engine = new Engine(listening(packs, (given) => (latent = [...given])));
    const source: ModelOrigin = { kind: 'hub', repo: 'a/b', revision: 'main', files: ['x'] };
    const models = ['base', 'refiner'].map((id) => ({ ...TINY_ENTRY, id, name: id, source }));
    await engine.run(compiled(prompt), { models }, () => undefined);
    const { scalingFactor } = (await openTinyPack(TINY, 'float32')).traits;
    return latent.map((value) => value * scalingFactor);
  }

  it('makes the latent of diffusers', async () => {
    const latent = await latentOf(graph((text) => ['CLIPTextEncode', { text }]));
    expect(relativeError(latent, fixture.together.latent)).toBeLessThan(MAX_RELATIVE_ERROR);
  });

  it('tells the refiner what its own nodes say', async () => {
    const told = await latentOf(
      graph((text, isNegative) => [
        'CLIPTextEncodeSDXLRefiner',
        { text, ascore: isNegative ? 1.5 : 7.5, width: isNegative ? 72 : 48, height: isNegative ? 64 : 80 },
      ]),
    );
    expect(relativeError(told, fixture.together.told)).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(relativeError(fixture.together.latent, fixture.together.told)).toBeGreaterThan(100 * MAX_RELATIVE_ERROR);
  });
});
