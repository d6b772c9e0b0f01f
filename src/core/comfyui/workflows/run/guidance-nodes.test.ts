/** FreeU, PAG, SAG and Perp-Neg as graphs have them: what a sampler is told, and the sentence for what is not. */
import { describe, expect, it } from 'vitest';
import { compile, settingsOf, sound, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

const sampler = (more: object = {}): Nodes[string] => ['KSampler', { ...SAMPLER, ...PARTS, ...more }];
const freeu = (type: string, from = '4'): Nodes[string] => [
  type,
  { model: [from, 0], b1: 1.3, b2: 1.4, s1: 0.9, s2: 0.2 },
];
const pag = (scale: number, from = '4'): Nodes[string] => ['PerturbedAttentionGuidance', { model: [from, 0], scale }];
const sag = (blur_sigma: number, from = '4'): Nodes[string] => [
  'SelfAttentionGuidance',
  { model: [from, 0], scale: 0.5, blur_sigma },
];
const EMPTY: Nodes = { '16': ['CLIPTextEncode', { text: '', clip: ['4', 1] }] };
const guided = (guider: Nodes[string]): Nodes => ({
  ...EMPTY,
  '10': guider,
  '11': ['KSamplerSelect', { sampler_name: 'euler' }],
  '12': ['RandomNoise', { noise_seed: 7 }],
  '13': ['BasicScheduler', { model: ['4', 0], scheduler: 'normal', steps: 4, denoise: 1 }],
  '3': [
    'SamplerCustomAdvanced',
    { noise: ['12', 0], guider: ['10', 0], sampler: ['11', 0], sigmas: ['13', 0], latent_image: ['5', 0] },
  ],
});
const perpGuider = (more: object = {}): Nodes =>
  guided([
    'PerpNegGuider',
    {
      ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], empty_conditioning: ['16', 0] },
      ...{ cfg: 6, neg_scale: 0.8, ...more },
    },
  ]);
const told = (changes: Nodes) => settingsOf(changes, 'sample')[0];
const sentence = (changes: Nodes): string | undefined => compile(changes).problems[0]?.message;
const wiresOf = (changes: Nodes) =>
  Object.fromEntries(
    Object.entries(sound(changes).find(({ operation }) => operation === 'sample')?.inputs ?? {}).map(([name, wire]) => [
      name,
      wire.node,
    ]),
  );

describe('nodes that change what is inside of the denoiser', () => {
  it('tell the sampler which FreeU, and how much', () => {
    const strengths = { freeuB1: 1.3, freeuB2: 1.4, freeuS1: 0.9, freeuS2: 0.2 };
    const model = { model: ['10', 0] };
    expect(told({ '10': freeu('FreeU'), '3': sampler(model) })).toMatchObject({ freeu: 'v1', ...strengths });
    expect(told({ '10': freeu('FreeU_V2'), '3': sampler(model) })).toMatchObject({ freeu: 'v2', ...strengths });
    expect(sentence({ '10': freeu('FreeU'), '11': freeu('FreeU_V2', '10'), '3': sampler({ model: ['11', 0] }) })).toBe(
      '"FreeU_V2" (node 11): one FreeU after another does not run here: keep one of them.',
    );
  });

  it('shrink maps between steps, and say how they are scaled', () => {
    const shrink = (from: string, more: object = {}): Nodes[string] => [
      'PatchModelAddDownscale',
      {
        ...{ model: [from, 0], block_number: 3, downscale_factor: 1.5, start_percent: 0.1, end_percent: 0.4 },
        ...{ downscale_after_skip: false, downscale_method: 'area', upscale_method: 'bicubic', ...more },
      },
    ];
    const model = { model: ['10', 0] };
    expect(told({ '10': shrink('4'), '3': sampler(model) })).toMatchObject({
      ...{
        shrinkBlock: 3,
        shrinkFactor: 1.5,
        shrinkStart: 0.1,
        shrinkEnd: 0.4,
        shrinkKeepsSmall: true,
        shrinkDown: 'area',
      },
    });
    expect(sentence({ '10': shrink('4', { upscale_method: 'bislerp' }), '3': sampler(model) })).toBe(
      '"PatchModelAddDownscale (Kohya Deep Shrink)" (node 10): upscale_method is bislerp, by which maps are not scaled here: bicubic, nearest-exact, bilinear, area are.',
    );
    expect(sentence({ '10': shrink('4'), '11': shrink('10'), '3': sampler({ model: ['11', 0] }) })).toMatch(
      /one Deep Shrink after another does not run here/,
    );
  });

  it('sum PAG, and SAG of one blur', () => {
    const two = { '10': pag(2), '11': pag(1, '10'), '3': sampler({ model: ['11', 0] }) };
    expect(told(two)['pagScale']).toBe(3);
    const same = { '10': sag(1), '11': sag(1, '10'), '3': sampler({ model: ['11', 0] }) };
    expect(told(same)).toMatchObject({ sagScale: 1, sagBlur: 1 });
    expect(sentence({ ...same, '11': sag(2, '10') })).toMatch(/two of them with another blur_sigma/);
  });

  it('read the negative for SAG at every scale, and say so where there is none', () => {
    expect(wiresOf({ '10': sag(2), '3': sampler({ model: ['10', 0], cfg: 1 }) })).toHaveProperty('negative');
    expect(wiresOf({ '10': pag(3), '3': sampler({ model: ['10', 0], cfg: 1 }) })).not.toHaveProperty('negative');
    const basic = guided(['BasicGuider', { model: ['20', 0], conditioning: ['6', 0] }]);
    expect(sentence({ ...basic, '20': sag(2) })).toMatch(/needs a negative text, which its guider does not have/);
    const parts: Nodes = {
      '10': sag(2),
      '21': ['ConditioningSetArea', { conditioning: ['6', 0], width: 64, height: 64, x: 0, y: 0, strength: 1 }],
      '3': sampler({ model: ['10', 0], positive: ['21', 0] }),
    };
    expect(sentence(parts)).toMatch(/with a text of an area does not run, nor in ComfyUI/);
    const masked: Nodes = {
      '19': ['LoadImage', { image: 'face' }],
      '20': ['ConditioningCombine', { conditioning_1: ['7', 0], conditioning_2: ['6', 0] }],
      '21': ['ConditioningSetMask', { conditioning: ['6', 0], mask: ['19', 1], strength: 1, set_cond_area: 'default' }],
      '10': sag(2),
      '3': sampler({ model: ['10', 0], positive: ['21', 0], negative: ['20', 0] }),
    };
    expect(wiresOf(masked)).toHaveProperty('guides');
    expect(told({ ...parts, '10': pag(3) })['pagScale']).toBe(3);
  });
});

describe('Perp-Neg', () => {
  it('has an empty text beside the two, whether a guider or the model brings it', () => {
    const wires = { positive: '6 positive', negative: '7 negative', empty: '16 negative' };
    expect(wiresOf(perpGuider())).toMatchObject(wires);
    expect(told(perpGuider())).toMatchObject({ perpScale: 0.8, cfgScale: 6 });
    const old: Nodes = {
      ...EMPTY,
      '10': ['PerpNeg', { model: ['4', 0], empty_conditioning: ['16', 0], neg_scale: 0.8 }],
      '3': sampler({ model: ['10', 0], cfg: 1 }),
    };
    expect(wiresOf(old)).toMatchObject(wires);
    expect(told(old)['perpScale']).toBe(0.8);
  });

  it('is guidance against the empty text where the negative does not count', () => {
    const wires = wiresOf(perpGuider({ neg_scale: 0 }));
    expect(wires).toMatchObject({ positive: '6 positive', negative: '16 negative' });
    expect(wires).not.toHaveProperty('empty');
  });

  it.each(['positive', 'negative'])('keeps a negative that does not count where the %s has an area', (side) => {
    const area = { width: 64, height: 64, x: 0, y: 0, strength: 1 };
    const placed: Nodes = {
      '21': ['ConditioningSetArea', { conditioning: [side === 'positive' ? '6' : '7', 0], ...area }],
    };
    const nodes = { ...perpGuider({ neg_scale: 0, [side]: ['21', 0] }), ...placed };
    expect(wiresOf(nodes)).toMatchObject({ empty: '16 negative', guides: '3 negative 1' });
    expect(told(nodes)).toMatchObject({ perpScale: 0 });
  });

  it('says what does not go with it', () => {
    const rescaled: Nodes = { '20': ['RescaleCFG', { model: ['4', 0], multiplier: 0.7 }] };
    expect(compile({ ...perpGuider({ model: ['20', 0] }), ...rescaled }).notices).toEqual([
      'RescaleCFG has no effect on what PerpNegGuider guides.',
    ]);
    const twice: Nodes = { '21': ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['7', 0] }] };
    const many = { ...perpGuider({ positive: ['21', 0] }), ...twice };
    expect(wiresOf(many)).toMatchObject({ empty: '16 negative', guides: '3 negative 1' });
    expect(sentence({ ...perpGuider({ empty_conditioning: ['21', 0] }), ...twice })).toMatch(
      /an empty text for Perp-Neg that is several/,
    );
    const batch: Nodes = { '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 2 }] };
    expect(compile({ ...perpGuider(), ...batch }).notices).toContain(
      'Perp-Neg is counted for each picture of a batch by itself here.',
    );
  });
});

describe('InstructPixToPixConditioning', () => {
  it('shows the picture to both sides, and begins with noise alone in its size', () => {
    const changes: Nodes = {
      '20': ['LoadImage', { image: 'photo' }],
      '21': [
        'InstructPixToPixConditioning',
        { positive: ['6', 0], negative: ['7', 0], vae: ['4', 2], pixels: ['20', 0] },
      ],
      '3': sampler({ positive: ['21', 0], negative: ['21', 1], latent_image: ['21', 2] }),
    };
    expect(wiresOf(changes)).toMatchObject({ picture: '20', latent: '21 nothing' });
    expect(wiresOf(changes)).not.toHaveProperty('mask');
    expect(told(changes)).toMatchObject({ imageCfgScale: 1, denoisingStrength: 1 });
    expect(settingsOf(changes, 'mix_latents')).toEqual([{ how: 'multiply' }]);
  });
});
