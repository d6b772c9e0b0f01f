/** Graphs of ComfyUI through the engine: the bytes of the same recipe, and what each node changes. */
import { describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog } from '../src/core/catalog';
import { BUILT_IN_UPSCALER } from '../src/core/catalog/built-in-upscaler';
import { promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../src/core/comfyui/workflows/testing/prompts';
import type { Pixels } from '../src/core/image';
import type { GenerationRequest } from '../src/core/recipe/request';
import { nodeKey, workflowOf, type Workflow } from '../src/core/workflow';
import { Engine } from '../src/engine/engine';
import { compiled } from './testing/compiled';
import { createNodePorts } from './testing/node-ports';

const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts());

const picture: Pixels = {
  width: 128,
  height: 128,
  data: Uint8ClampedArray.from({ length: 4 * 128 * 128 }, (_, i) => {
    const x = (i >> 2) % 128;
    return i % 4 === 3 ? (x < 64 ? 0 : 255) : i % 4 === 0 ? 230 : 2 * x;
  }),
};
const RECIPE = {
  ...{ model: starter.id, prompt: 'a red apple', negativePrompt: 'blue', seed: 7, steps: 4, cfgScale: 4 },
  ...{ sampler: 'euler', schedule: 'normal', width: 128, height: 128 },
  ...{ noise: 'comfyui', dialect: 'comfyui', conventions: 'comfyui' },
} as const satisfies GenerationRequest;

async function paint(workflow: Workflow): Promise<{ images: Pixels[]; calls: number }> {
  let calls = 0;
  const inputs = { models: [starter], images: { picture }, upscalers: [BUILT_IN_UPSCALER] };
  const { images } = await engine.run(workflow, inputs, ({ type }) => void (type === 'call' && calls++));
  return { images, calls };
}

const graph = (changes: Parameters<typeof promptFrom>[0] = {}) =>
  compiled(promptFrom({ ...TEXT_TO_PICTURE, ...changes }));
const hash = ({ data }: Pixels): string => Buffer.from(data.buffer).toString('base64');

function keysOf({ nodes }: Workflow): string[] {
  const keys = new Map<string, string>();
  for (const node of nodes) keys.set(node.id, nodeKey(node, keys));
  return [...keys.values()].sort();
}

describe('a graph', { timeout: 120_000 }, () => {
  it('gives the keys and the bytes of the recipe that says the same', async () => {
    const [drawn, said] = [graph(), workflowOf(RECIPE)];
    expect(keysOf(drawn)).toEqual(keysOf(said));
    const [first] = (await paint(drawn)).images;
    const { images } = await paint(said);
    expect(hash(first)).toBe(hash(images[0]));
  });

  it('gives them where it begins with a picture', async () => {
    const drawn = graph({
      '3': ['KSampler', { ...TEXT_TO_PICTURE['3'][1], latent_image: ['5', 0], denoise: 0.5 }],
      '5': ['VAEEncode', { pixels: ['10', 0], vae: ['4', 2] }],
      '10': ['LoadImage', { image: 'picture' }],
    });
    const flat = { ...picture, data: picture.data.map((level, i) => (i % 4 === 3 ? 255 : level)) };
    const recipe = workflowOf({ ...RECIPE, initImage: 'flat', denoisingStrength: 0.5 });
    const { images } = await engine.run(recipe, { models: [starter], images: { flat } }, () => undefined);
    expect(hash((await paint(drawn)).images[0])).toBe(hash(images[0]));
  });

  it('paints in two parts what it paints in one, and ends without noise where it is told', async () => {
    const { seed: noise_seed, ...rest } = TEXT_TO_PICTURE['3'][1];
    const part = (more: object) => ['KSamplerAdvanced', { ...rest, noise_seed, ...more }] as const;
    const first = { add_noise: 'enable', start_at_step: 0, end_at_step: 2, return_with_leftover_noise: 'enable' };
    const second = {
      add_noise: 'disable',
      start_at_step: 2,
      end_at_step: 10_000,
      return_with_leftover_noise: 'disable',
    };
    const two = graph({
      '20': part(first) as never,
      '3': part({ ...second, latent_image: ['20', 0] }) as never,
    });
    const [whole, parts, cut] = [
      await paint(graph()),
      await paint(two),
      await paint(graph({ '3': part({ ...first, return_with_leftover_noise: 'disable' }) as never })),
    ];
    expect(mostApart(whole.images[0], parts.images[0])).toBeLessThanOrEqual(1);
    expect(parts.calls).toBe(whole.calls);
    expect(cut.calls).toBe(whole.calls / 2);
    expect(mostApart(whole.images[0], cut.images[0])).toBeGreaterThan(20);
  });

  it('repaints what "VAE Encode (for Inpainting)" greys, and cuts a picture about its middle', async () => {
    const { images } = await paint(
      graph({
        '3': ['KSampler', { ...TEXT_TO_PICTURE['3'][1], latent_image: ['5', 0] }],
        '5': ['VAEEncodeForInpaint', { pixels: ['11', 0], vae: ['4', 2], mask: ['10', 1], grow_mask_by: 6 }],
        '10': ['LoadImage', { image: 'picture' }],
        '11': [
          'ImageScale',
          { image: ['10', 0], upscale_method: 'nearest-exact', width: 133, height: 130, crop: 'disabled' },
        ],
      }),
    );
    expect(images.map(({ width, height }) => [width, height])).toEqual([[128, 128]]);
    // Right of the mask the picture is as it was, but for the autoencoder.
    const kept = images[0].data.filter((_, i) => i % 4 === 0 && (i >> 2) % 128 > 90);
    expect(kept.reduce((sum, level) => sum + level, 0) / kept.length).toBeGreaterThan(215);
    const repainted = images[0].data.filter((_, i) => i % 4 === 0 && (i >> 2) % 128 < 56);
    expect(Math.min(...repainted)).toBeLessThan(200);
  });

  it('keeps what is not masked', async () => {
    const { images } = await paint(
      graph({
        '3': ['KSampler', { ...TEXT_TO_PICTURE['3'][1], latent_image: ['11', 0] }],
        '5': ['VAEEncode', { pixels: ['10', 0], vae: ['4', 2] }],
        '10': ['LoadImage', { image: 'picture' }],
        '11': ['SetLatentNoiseMask', { samples: ['5', 0], mask: ['10', 1] }],
        '12': ['VAEDecode', { samples: ['5', 0], vae: ['4', 2] }],
        '13': ['PreviewImage', { images: ['12', 0] }],
      }),
    );
    const [repainted, before] = images;
    const apart = (from: number, to: number): number =>
      repainted.data.reduce((most, level, i) => {
        const x = (i >> 2) % 128;
        return x >= from && x < to ? Math.max(most, Math.abs(level - before.data[i])) : most;
      }, 0);
    expect(apart(0, 56)).toBeGreaterThan(60);
    expect(apart(88, 128)).toBeLessThan(24);
  });

  it('paints a second pass over an enlarged latent, and over a picture that a network enlarged', async () => {
    const second = { ...SAMPLER, ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0] }, denoise: 0.5 };
    const { images } = await paint(
      graph({
        '20': ['LatentUpscaleBy', { samples: ['3', 0], upscale_method: 'nearest-exact', scale_by: 1.5 }],
        '21': ['KSampler', { ...second, latent_image: ['20', 0] }],
        '22': ['VAEDecode', { samples: ['21', 0], vae: ['4', 2] }],
        '23': ['PreviewImage', { images: ['22', 0] }],
        '30': ['UpscaleModelLoader', { model_name: BUILT_IN_UPSCALER.id }],
        '31': ['ImageUpscaleWithModel', { upscale_model: ['30', 0], image: ['8', 0] }],
        '32': ['ImageScale', { image: ['31', 0], upscale_method: 'area', width: 160, height: 0, crop: 'disabled' }],
        '33': ['SaveImage', { images: ['32', 0], filename_prefix: 'large' }],
      }),
    );
    expect(images.map(({ width, height }) => [width, height])).toEqual([
      [128, 128],
      [192, 192],
      [160, 160],
    ]);
  });
});

function mostApart(a: Pixels, b: Pixels): number {
  return a.data.reduce((most, level, i) => Math.max(most, Math.abs(level - b.data[i])), 0);
}
