/** IPAdapter_plus' nodes as units that read a picture, and the sentence for what they are not. */
import { describe, expect, it } from 'vitest';
import { workflowOf } from '../../../workflow';
import { compile, settingsOf, SIZED, sound, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

const ADVANCED = {
  ...{ weight: 0.8, weight_type: 'linear', combine_embeds: 'concat', start_at: 0.1, end_at: 0.9 },
  embeds_scaling: 'V only',
};
const advanced = (more: object = {}): Nodes => ({
  '20': ['IPAdapterModelLoader', { ipadapter_file: 'seen.safetensors' }],
  '21': ['CLIPVisionLoader', { clip_name: 'tower.safetensors' }],
  '22': ['LoadImage', { image: 'face' }],
  '23': [
    'IPAdapterAdvanced',
    { model: ['4', 0], ipadapter: ['20', 0], image: ['22', 0], clip_vision: ['21', 0], ...ADVANCED, ...more },
  ],
  '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['23', 0] }],
});
const preset = (said: string): Nodes => ({
  '20': ['IPAdapterUnifiedLoader', { model: ['4', 0], preset: said }],
  '22': ['LoadImage', { image: 'face' }],
  '23': [
    'IPAdapter',
    {
      ...{ model: ['20', 0], ipadapter: ['20', 1], image: ['22', 0], weight: 1 },
      ...{ start_at: 0, end_at: 1, weight_type: 'standard' },
    },
  ],
  '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['23', 0] }],
});
/** Two pictures at once. */
const BATCH: Nodes = {
  '30': ['ImageBatch', { image1: ['22', 0], image2: ['29', 0] }],
  '29': ['LoadImage', { image: 'hat' }],
};
const sentence = (changes: Nodes): string | undefined => compile(changes).problems[0]?.message;

describe('an IP-Adapter in a graph', () => {
  it('is what a unit of the form is, but for the rule of its steps', () => {
    const [drawn] = settingsOf(advanced(), 'apply_control');
    const { nodes } = workflowOf({
      ...{ model: 'starter', prompt: 'a', negativePrompt: '', sampler: 'euler', schedule: 'normal', noise: 'comfyui' },
      ...{ steps: 4, cfgScale: 4, seed: 7, width: 128, height: 128 },
      control: [
        { model: 'seen.safetensors', image: 'face', module: 'ip-adapter-auto', weight: 0.8, start: 0.1, end: 0.9 },
      ],
    });
    const unit = (operation: string) => nodes.find((node) => node.operation === operation)?.settings;
    expect(drawn).toEqual({ ...unit('apply_control'), range: 'comfyui' });
    expect(settingsOf(advanced(), 'make_hint')).toEqual([unit('make_hint')]);
    const sampler = sound(advanced()).find(({ operation }) => operation === 'sample');
    expect(sampler?.inputs['control']?.node).toBe('23');
  });

  it('is joined by others, and by ControlNets, and is none of weight 0', () => {
    const two: Nodes = {
      ...advanced(),
      '24': ['IPAdapterAdvanced', { model: ['23', 0], ipadapter: ['20', 0], image: ['22', 0], ...ADVANCED }],
      '25': ['ControlNetLoader', { control_net_name: 'lines' }],
      '26': [
        'ControlNetApplyAdvanced',
        {
          ...{ positive: ['6', 0], negative: ['7', 0], control_net: ['25', 0], image: ['22', 0] },
          ...{ strength: 1, start_percent: 0, end_percent: 1 },
        },
      ],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['24', 0], positive: ['26', 0], negative: ['26', 1] }],
    };
    expect(settingsOf(two, 'apply_control').map(({ control }) => control)).toEqual([
      ...['seen.safetensors', 'seen.safetensors', 'lines'],
    ]);
    expect(settingsOf(advanced({ weight: 0 }), 'apply_control')).toEqual([]);
  });

  it('is found by its preset: the file that is here and for the model', () => {
    const withFiles = (here: readonly string[], fits: (id: string) => boolean = () => true) =>
      compile(preset('PLUS (high strength)'), {
        ...SIZED,
        find: (folder, name) => (folder !== 'ipadapter' || here.includes(name) ? name : undefined),
        fits,
      });
    const [small, large] = ['ip-adapter-plus_sd15.safetensors', 'ip-adapter-plus_sdxl_vit-h.safetensors'];
    const chosen = (made: ReturnType<typeof compile>) =>
      made.workflow?.nodes.find(({ operation }) => operation === 'apply_control')?.settings['control'];
    expect(chosen(withFiles([small, large]))).toBe(small);
    expect(chosen(withFiles([small, large], (id) => id === large))).toBe(large);
    expect(withFiles([]).problems[0]?.message).toBe(
      '"IPAdapter Unified Loader" (node 20): ip-adapter-plus_sd15 or ip-adapter-plus_sdxl_vit-h (ipadapter), for this model, is not here.',
    );
    for (const said of [
      'LIGHT - SD1.5 only (low strength)',
      'FULL FACE - SD1.5 only (portraits stronger)',
      'VIT-G (medium strength)',
    ])
      // prettier-ignore
      expect(sentence(preset(said))).toBeUndefined();
    expect(sentence(preset('KOLORS'))).toMatch(/the preset KOLORS does not run here/);
  });

  it.each([
    ['average', 'average'],
    ['add', 'add'],
    ['subtract', 'subtract'],
    ['norm average', 'norm_average'],
  ])('reads a batch as one unit of several pictures, by %s', (combine_embeds, joins) => {
    const nodes = sound({ ...advanced({ image: ['30', 0], combine_embeds }), ...BATCH });
    const units = nodes.filter(({ operation }) => operation === 'apply_control');
    expect(units.map(({ settings }) => settings['joins'])).toEqual([undefined, joins]);
    expect(units[1].inputs['control']).toEqual({ node: units[0].id, output: 'control' });
    expect(nodes.find(({ operation }) => operation === 'sample')?.inputs['control']?.node).toBe(units[1].id);
  });

  it('acts where its mask says, stretched over what is painted', () => {
    const nodes = sound(advanced({ attn_mask: ['22', 1] }));
    const unit = nodes.find(({ operation }) => operation === 'apply_control');
    const region = nodes.find(({ id }) => id === unit?.inputs['region']?.node);
    expect(region).toMatchObject({ operation: 'scale_image', settings: { width: 128, height: 128, mode: 'bilinear' } });
  });

  it.each<[Nodes, RegExp]>([
    [advanced({ weight_type: 'style transfer' }), /the weight type style transfer does not run here: only linear does/],
    [advanced({ embeds_scaling: 'K+V' }), /the scaling K\+V does not run here/],
    [advanced({ image_negative: ['22', 0] }), /a picture to be led away from does not run here/],
    [
      { ...advanced({ attn_mask: ['31', 0] }), ...BATCH, '31': ['ImageToMask', { image: ['30', 0], channel: 'red' }] },
      /a mask for each picture of a batch does not run here/,
    ],
  ])('says why not: %#', (changes, words) => {
    expect(sentence(changes)).toMatch(words);
  });
});
