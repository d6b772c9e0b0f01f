/** FreeU, PAG, SAG, Perp-Neg and what is put around guidance in graphs on the built-in model: what changes the picture, and what must not. */
import { describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog } from '../src/core/catalog';
import { PARTS, promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../src/core/comfyui/workflows/testing/prompts';
import type { Pixels } from '../src/core/image';
import { Engine } from '../src/engine/engine';
import { compiled } from './testing/compiled';
import { createNodePorts } from './testing/node-ports';

const [starter] = parseCatalog(manifest).models;

type Nodes = Parameters<typeof promptFrom>[0];

/** Each by an engine of its own: what a denoiser was told once changes nothing of this. */
async function paint(engine: Engine, changes: Nodes = {}): Promise<{ images: Pixels[]; calls: number }> {
  const workflow = compiled(promptFrom({ ...TEXT_TO_PICTURE, ...changes }));
  let calls = 0;
  const { images } = await engine.run(workflow, { models: [starter] }, ({ type }) => void (type === 'call' && calls++));
  return { images, calls };
}

function apart(a: Pixels, b: Pixels): number {
  return a.data.reduce((sum, level, i) => sum + Math.abs(level - b.data[i]), 0) / a.data.length;
}

const on = (node: Nodes[string], more: object = {}): Nodes => ({
  '10': node,
  '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['10', 0], ...more }],
});
const guider = (type: string, more: Record<string, string[] | number | (string | number)[]>): Nodes => ({
  '16': ['CLIPTextEncode', { text: '', clip: ['4', 1] }],
  '20': ['RandomNoise', { noise_seed: 7 }],
  '21': [type, { model: ['4', 0], positive: ['6', 0], cfg: 4, ...more }],
  '22': ['KSamplerSelect', { sampler_name: 'euler' }],
  '23': ['BasicScheduler', { model: ['4', 0], scheduler: 'normal', steps: 4, denoise: 1 }],
  '3': [
    'SamplerCustomAdvanced',
    { noise: ['20', 0], guider: ['21', 0], sampler: ['22', 0], sigmas: ['23', 0], latent_image: ['5', 0] },
  ],
});
const SHRINK = {
  ...{ model: ['4', 0], block_number: 2, downscale_factor: 2, start_percent: 0, end_percent: 0.5 },
  ...{ downscale_after_skip: true, downscale_method: 'bicubic', upscale_method: 'bicubic' },
};
const ones = { b1: 1, b2: 1, s1: 1, s2: 1 };

describe('a graph on the starter', { timeout: 120_000 }, () => {
  it('is painted otherwise by each of them, by as many calls as it needs, and as before without', async () => {
    const engine = new Engine(createNodePorts());
    const { images: before, calls } = await paint(engine);
    const changes: [Nodes, number][] = [
      [on(['FreeU', { model: ['4', 0], b1: 1.3, b2: 1.4, s1: 0.9, s2: 0.2 }]), 1],
      [on(['FreeU_V2', { model: ['4', 0], b1: 1.3, b2: 1.4, s1: 0.9, s2: 0.2 }]), 1],
      [on(['PerturbedAttentionGuidance', { model: ['4', 0], scale: 3 }]), 2],
      [on(['SelfAttentionGuidance', { model: ['4', 0], scale: 0.8, blur_sigma: 2 }]), 2],
      [on(['PatchModelAddDownscale', SHRINK]), 1],
      [on(['APG', { model: ['4', 0], eta: 0, norm_threshold: 2, momentum: 0.9 }]), 1],
      [on(['DynamicThresholdingSimple', { model: ['4', 0], mimic_scale: 1, threshold_percentile: 0.7 }]), 1],
      [on(['Skimmed CFG - replace', { model: ['4', 0] }]), 1],
      [guider('PerpNegGuider', { negative: ['7', 0], empty_conditioning: ['16', 0], neg_scale: 1 }), 2],
    ];
    for (const [nodes, times] of changes) {
      const { images, calls: made } = await paint(engine, nodes);
      expect(apart(images[0], before[0])).toBeGreaterThan(0.3);
      expect(made).toBe(times * calls);
    }
    for (const nodes of [
      {},
      on(['FreeU', { model: ['4', 0], ...ones }]),
      on(['PerturbedAttentionGuidance', { model: ['4', 0], scale: 0 }]),
      on(['SelfAttentionGuidance', { model: ['4', 0], scale: 0, blur_sigma: 2 }]),
      on(['PatchModelAddDownscale', { ...SHRINK, block_number: 32 }]),
      on(['Epsilon Scaling', { model: ['4', 0], scaling_factor: 1 }]),
      on(['PatchModelAddDownscale', { ...SHRINK, start_percent: 1, end_percent: 1 }]),
    ])
      expect(apart((await paint(engine, nodes)).images[0], before[0])).toBeLessThan(0.01);
  });

  it('has Perp-Neg without a negative as guidance against the empty text', async () => {
    const engine = new Engine(createNodePorts());
    const perp = { negative: ['7', 0], empty_conditioning: ['16', 0], neg_scale: 0 };
    const [one, other] = [
      await paint(engine, guider('PerpNegGuider', perp)),
      await paint(engine, guider('CFGGuider', { negative: ['16', 0] })),
    ];
    expect(Buffer.from(one.images[0].data).equals(Buffer.from(other.images[0].data))).toBe(true);
  });

  it('has PAG where two texts share the picture, and for each of a batch', async () => {
    const engine = new Engine(createNodePorts());
    const parts: Nodes = {
      '30': ['ConditioningSetArea', { conditioning: ['6', 0], width: 64, height: 128, x: 0, y: 0, strength: 1 }],
      '31': ['ConditioningCombine', { conditioning_1: ['30', 0], conditioning_2: ['7', 0] }],
      '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 2 }],
    };
    const text = { positive: ['31', 0] };
    const scaled = (scale: number) =>
      paint(engine, { ...parts, ...on(['PerturbedAttentionGuidance', { model: ['4', 0], scale }], text) });
    const [plain, guided] = [await scaled(0), await scaled(3)];
    expect(guided.images).toHaveLength(2);
    guided.images.forEach((image, i) => expect(apart(image, plain.images[i])).toBeGreaterThan(0.3));
  });

  it('counts texts that are said twice as one, by SAG and by Perp-Neg', async () => {
    const engine = new Engine(createNodePorts());
    const twice: Nodes = {
      '30': ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['6', 0] }],
      '31': ['ConditioningCombine', { conditioning_1: ['7', 0], conditioning_2: ['7', 0] }],
    };
    const sag = (more: object) => on(['SelfAttentionGuidance', { model: ['4', 0], scale: 0.8, blur_sigma: 2 }], more);
    const perp = (more: Record<string, (string | number)[]>) =>
      guider('PerpNegGuider', { negative: ['7', 0], empty_conditioning: ['16', 0], neg_scale: 1, ...more });
    const said = { positive: ['30', 0], negative: ['31', 0] };
    for (const [once, again] of [
      [sag({}), sag(said)],
      [perp({}), perp(said)],
    ]) {
      const [one, other] = [await paint(engine, once), await paint(engine, { ...twice, ...again })];
      expect(apart(one.images[0], other.images[0])).toBeLessThan(0.05);
    }
  });

  it('has Perp-Neg where a text is of an area, whose counterparts are the others’, and with a mask SAG', async () => {
    const engine = new Engine(createNodePorts());
    const area: Nodes = {
      '30': ['ConditioningSetArea', { conditioning: ['7', 0], width: 64, height: 128, x: 0, y: 0, strength: 1 }],
      '31': ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['30', 0] }],
    };
    const perp = (neg_scale: number) =>
      guider('PerpNegGuider', { positive: ['31', 0], negative: ['7', 0], empty_conditioning: ['16', 0], neg_scale });
    const [less, more] = [await paint(engine, { ...area, ...perp(0.5) }), await paint(engine, { ...area, ...perp(2) })];
    expect(apart(less.images[0], more.images[0])).toBeGreaterThan(0.3);
    const masked = (scale: number): Nodes => ({
      '28': ['SolidMask', { value: 1, width: 64, height: 128 }],
      '29': ['SolidMask', { value: 0, width: 128, height: 128 }],
      '30': ['MaskComposite', { destination: ['29', 0], source: ['28', 0], x: 0, y: 0, operation: 'add' }],
      '31': ['ConditioningSetMask', { conditioning: ['7', 0], mask: ['30', 0], strength: 1, set_cond_area: 'default' }],
      '32': ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['31', 0] }],
      ...on(['SelfAttentionGuidance', { model: ['4', 0], scale, blur_sigma: 2 }], { positive: ['32', 0] }),
    });
    const [plain, guided] = [await paint(engine, masked(0)), await paint(engine, masked(1))];
    expect(apart(guided.images[0], plain.images[0])).toBeGreaterThan(0.3);
  });
});
