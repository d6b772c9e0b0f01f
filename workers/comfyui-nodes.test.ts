/** Nodes of graphs that no recipe has, on the built-in model: samplers in parts, areas, batches, latents over each other, outpainting. */
import { describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog } from '../src/core/catalog';
import { PARTS, promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../src/core/comfyui/workflows/testing/prompts';
import type { Pixels } from '../src/core/image';
import { Engine } from '../src/engine/engine';
import { compiled } from './testing/compiled';
import { createNodePorts } from './testing/node-ports';

const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts());

type Nodes = Parameters<typeof promptFrom>[0];

const picture: Pixels = {
  width: 96,
  height: 128,
  data: Uint8ClampedArray.from({ length: 4 * 96 * 128 }, (_, i) => (i % 4 === 3 ? 255 : 40 + 80 * (i % 4))),
};

async function paint(changes: Nodes = {}): Promise<Pixels[]> {
  const workflow = compiled(promptFrom({ ...TEXT_TO_PICTURE, ...changes }));
  return (await engine.run(workflow, { models: [starter], images: { picture } }, () => undefined)).images;
}

const isSame = (a: Pixels, b: Pixels): boolean => Buffer.from(a.data.buffer).equals(Buffer.from(b.data.buffer));

/** Mean of how far levels are apart, of columns from … to. */
function apart(a: Pixels, b: Pixels, from = 0, to = a.width): number {
  let [sum, count] = [0, 0];
  a.data.forEach((level, i) => {
    const x = (i >> 2) % a.width;
    if (x < from || x >= to) return;
    sum += Math.abs(level - b.data[i]);
    count++;
  });
  return sum / count;
}

const CUSTOM: Nodes = {
  '20': ['RandomNoise', { noise_seed: 7 }],
  '21': ['CFGGuider', { model: ['4', 0], positive: ['6', 0], negative: ['7', 0], cfg: 4 }],
  '22': ['KSamplerSelect', { sampler_name: 'euler' }],
  '23': ['BasicScheduler', { model: ['4', 0], scheduler: 'normal', steps: 4, denoise: 1 }],
  '3': [
    'SamplerCustomAdvanced',
    { noise: ['20', 0], guider: ['21', 0], sampler: ['22', 0], sigmas: ['23', 0], latent_image: ['5', 0] },
  ],
};

describe('a graph on the starter', { timeout: 120_000 }, () => {
  it('paints with a sampler in parts the bytes of a KSampler, with one that adds noise, too', async () => {
    const [whole] = await paint();
    expect(isSame((await paint(CUSTOM))[0], whole)).toBe(true);
    const noisy = { ...SAMPLER, ...PARTS, sampler_name: 'dpmpp_sde', scheduler: 'karras', denoise: 0.7 };
    const [reference] = await paint({ '3': ['KSampler', noisy] });
    const [parts] = await paint({
      ...CUSTOM,
      '22': ['SamplerDPMPP_SDE', { eta: 1, s_noise: 1, r: 0.5, noise_device: 'cpu' }],
      '23': ['BasicScheduler', { model: ['4', 0], scheduler: 'karras', steps: 4, denoise: 0.7 }],
    });
    expect(isSame(parts, reference)).toBe(true);
    expect(isSame(reference, whole)).toBe(false);
  });

  it('paints by two scales what one paints where both texts are the same', async () => {
    const [plain] = await paint(CUSTOM);
    const by = (said: object): Nodes => ({
      ...CUSTOM,
      '21': ['DualCFGGuider', { model: ['4', 0], cond1: ['6', 0], cond2: ['24', 0], negative: ['7', 0], ...said }],
      '24': ['CLIPTextEncode', { text: 'a green tree', clip: ['4', 1] }],
    });
    for (const style of ['regular', 'nested']) {
      const [same] = await paint(by({ cond2: ['6', 0], cfg_conds: 9, cfg_cond2_negative: 4, style }));
      expect(apart(same, plain), style).toBeLessThan(0.5);
    }
    const [other] = await paint(by({ cfg_conds: 4, cfg_cond2_negative: 2, style: 'regular' }));
    expect(apart(other, plain)).toBeGreaterThan(2);
  });

  it('goes on where a part of the sigmas ended, and gives what the last step saw', async () => {
    const [whole] = await paint();
    const second = { sampler: ['22', 0], cfg: 4, positive: ['6', 0], negative: ['7', 0], model: ['4', 0] };
    const images = await paint({
      ...CUSTOM,
      '24': ['SplitSigmas', { sigmas: ['23', 0], step: 2 }],
      '25': ['SamplerCustom', { ...second, sigmas: ['24', 0], add_noise: true, noise_seed: 7, latent_image: ['5', 0] }],
      '3': [
        'SamplerCustom',
        { ...second, sigmas: ['24', 1], add_noise: false, noise_seed: 7, latent_image: ['25', 0] },
      ],
      '26': ['VAEDecode', { samples: ['3', 1], vae: ['4', 2] }],
      '27': ['PreviewImage', { images: ['26', 0] }],
    });
    expect(apart(images[0], whole)).toBeLessThan(0.1);
    // Euler ends in what its last step predicts.
    expect(apart(images[1], images[0])).toBeLessThan(0.1);
  });

  it('paints each area by its text, and everywhere as usual where the area is all of it', async () => {
    const area = { conditioning: ['6', 0], strength: 1, width: 128, height: 128, x: 0, y: 0 };
    const all = ['ConditioningSetArea', area] as const;
    const sampler = { ...SAMPLER, ...PARTS };
    const whole = await paint({ '30': all, '3': ['KSampler', { ...sampler, positive: ['30', 0] }] });
    expect(apart(whole[0], (await paint())[0])).toBeLessThan(0.1);
    const halves = (left: string, right: string): Nodes => ({
      '6': ['CLIPTextEncode', { text: left, clip: ['4', 1] }],
      '31': ['CLIPTextEncode', { text: right, clip: ['4', 1] }],
      '32': ['ConditioningSetArea', { ...area, width: 64 }],
      '33': [
        'ConditioningSetAreaPercentage',
        { conditioning: ['31', 0], strength: 1, width: 0.5, height: 1, x: 0.5, y: 0 },
      ],
      '34': ['ConditioningCombine', { conditioning_1: ['32', 0], conditioning_2: ['33', 0] }],
      '3': ['KSampler', { ...sampler, positive: ['34', 0] }],
    });
    const [one] = await paint(halves('a red apple', 'a green pear'));
    const [other] = await paint(halves('a red apple', 'a blue bird'));
    expect(apart(one, other, 72, 128)).toBeGreaterThan(4 * apart(one, other, 0, 56));
  });

  it('counts masks and ranges of texts', async () => {
    const sampler = { ...SAMPLER, ...PARTS, positive: ['34', 0] };
    const ranged = (start: number, end: number): Nodes => ({
      '30': ['ConditioningSetTimestepRange', { conditioning: ['6', 0], start, end }],
      '34': ['ConditioningCombine', { conditioning_1: ['30', 0], conditioning_2: ['30', 0] }],
      '3': ['KSampler', sampler],
    });
    const [plain] = await paint();
    expect(apart((await paint(ranged(0, 1)))[0], plain)).toBeLessThan(0.1);
    expect(apart((await paint(ranged(0, 0.4)))[0], plain)).toBeGreaterThan(1);
    const masked: Nodes = {
      '31': ['CLIPTextEncode', { text: 'a green pear', clip: ['4', 1] }],
      '35': ['SolidMask', { value: 0, width: 128, height: 128 }],
      '36': [
        'ConditioningSetMask',
        { conditioning: ['31', 0], mask: ['35', 0], strength: 1, set_cond_area: 'default' },
      ],
      '34': ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['36', 0] }],
      '3': ['KSampler', sampler],
    };
    expect(apart((await paint(masked))[0], plain)).toBeLessThan(0.1);
  });

  it('paints a batch whose noise is drawn together, and one of it again by itself', async () => {
    const two = await paint({ '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 2 }] });
    const [alone] = await paint();
    expect(two).toHaveLength(2);
    expect(isSame(two[0], alone)).toBe(true);
    expect(isSame(two[1], alone)).toBe(false);
    const [second] = await paint({
      '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 2 }],
      '30': ['LatentFromBatch', { samples: ['5', 0], batch_index: 1, length: 1 }],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, latent_image: ['30', 0] }],
    });
    expect(isSame(second, two[1])).toBe(true);
  });

  it('lays a latent over another', async () => {
    const images = await paint({
      '30': ['KSampler', { ...SAMPLER, ...PARTS, seed: 8 }],
      '31': ['LatentCrop', { samples: ['30', 0], width: 64, height: 128, x: 64, y: 0 }],
      '32': ['LatentComposite', { samples_to: ['3', 0], samples_from: ['31', 0], x: 64, y: 0, feather: 0 }],
      '8': ['VAEDecode', { samples: ['32', 0], vae: ['4', 2] }],
      '40': ['VAEDecode', { samples: ['3', 0], vae: ['4', 2] }],
      '41': ['PreviewImage', { images: ['40', 0] }],
      '42': ['VAEDecode', { samples: ['30', 0], vae: ['4', 2] }],
      '43': ['PreviewImage', { images: ['42', 0] }],
    });
    const [composed, left, right] = images;
    // The decoder sees further than a cell.
    expect(apart(composed, left, 0, 40)).toBeLessThan(apart(composed, right, 0, 40) / 3);
    expect(apart(composed, right, 88, 128)).toBeLessThan(apart(composed, left, 88, 128) / 3);
  });

  it('paints what is beside a picture, by its own size', async () => {
    const images = await paint({
      '30': ['LoadImage', { image: 'picture' }],
      '31': ['ImagePadForOutpaint', { image: ['30', 0], left: 0, top: 0, right: 32, bottom: 0, feathering: 8 }],
      '5': ['VAEEncodeForInpaint', { pixels: ['31', 0], mask: ['31', 1], vae: ['4', 2], grow_mask_by: 6 }],
      '32': ['PreviewImage', { images: ['31', 0] }],
    });
    expect(images.map(({ width, height }) => [width, height])).toEqual([
      [128, 128],
      [128, 128],
    ]);
    const [painted, padded] = images;
    expect(apart(painted, padded, 0, 72)).toBeLessThan(12);
    expect(apart(painted, padded, 104, 128)).toBeGreaterThan(15);
  });
});
