/** Group nodes of before there were subgraphs, unfolded. */
import { describe, expect, it } from 'vitest';
import { readDocument } from '../document';
import { toPrompt } from './to-prompt';

const inner = (
  type: string,
  inputs: [string, string][],
  outputs: [string, string][],
  widgets_values: unknown[] = [],
) => ({
  type,
  // Numbers of the graph that the group was made of, which are old.
  inputs: inputs.map(([name, kind]) => ({ name, type: kind, link: 900 })),
  outputs: outputs.map(([name, kind]) => ({ name, type: kind, links: [901] })),
  widgets_values,
});

const SAMPLER: [string, string][] = [
  ['model', 'MODEL'],
  ['positive', 'CONDITIONING'],
  ['negative', 'CONDITIONING'],
  ['latent_image', 'LATENT'],
];

const PAINT = {
  nodes: [
    inner('CLIPTextEncode', [['clip', 'CLIP']], [['CONDITIONING', 'CONDITIONING']], ['old']),
    inner('CLIPTextEncode', [['clip', 'CLIP']], [['CONDITIONING', 'CONDITIONING']], ['old']),
    inner('EmptyLatentImage', [], [['LATENT', 'LATENT']], [512, 512, 1]),
    inner('KSampler', SAMPLER, [['LATENT', 'LATENT']], [1, 'fixed', 20, 8, 'euler', 'normal', 1]),
    inner(
      'VAEDecode',
      [
        ['samples', 'LATENT'],
        ['vae', 'VAE'],
      ],
      [['IMAGE', 'IMAGE']],
    ),
  ],
  links: [
    [0, 0, 3, 1, 0, 'CONDITIONING'],
    [1, 0, 3, 2, 0, 'CONDITIONING'],
    [2, 0, 3, 3, 0, 'LATENT'],
    [3, 0, 4, 0, 0, 'LATENT'],
  ],
  external: [[3, 0, 'LATENT']],
};

const workflow = (widgets_values: unknown[], groups: object = { Paint: PAINT }, type = 'workflow>Paint') => ({
  version: 0.4,
  nodes: [
    { id: 1, type: 'CheckpointLoaderSimple', widgets_values: ['a.safetensors'], inputs: [], outputs: [] },
    {
      id: 37,
      type,
      widgets_values,
      inputs: [
        { name: 'clip', type: 'CLIP', link: 1 },
        { name: 'CLIPTextEncode clip', type: 'CLIP', link: 2 },
        { name: 'model', type: 'MODEL', link: 3 },
        { name: 'vae', type: 'VAE', link: 4 },
      ],
      outputs: [
        { name: 'LATENT', type: 'LATENT', links: [6] },
        { name: 'IMAGE', type: 'IMAGE', links: [5] },
      ],
    },
    { id: 9, type: 'SaveImage', widgets_values: ['out'], inputs: [{ name: 'images', type: 'IMAGE', link: 5 }] },
    { id: 10, type: 'SaveLatent', widgets_values: ['out'], inputs: [{ name: 'samples', type: 'LATENT', link: 6 }] },
  ],
  links: [
    [1, 1, 1, 37, 0, 'CLIP'],
    [2, 1, 1, 37, 1, 'CLIP'],
    [3, 1, 0, 37, 2, 'MODEL'],
    [4, 1, 2, 37, 3, 'VAE'],
    [5, 37, 1, 9, 0, 'IMAGE'],
    [6, 37, 0, 10, 0, 'LATENT'],
  ],
  extra: { groupNodes: groups },
});

const prompt = (...said: Parameters<typeof workflow>) => toPrompt(readDocument(workflow(...said) as never));
const OWN = ['a cat', 'blurry', 640, 384, 2, 7, 'randomize', 12, 4.5, 'dpmpp_2m', 'karras', 0.9];

describe('group nodes', () => {
  it('are their nodes, with the values that the instance has', () => {
    expect(prompt(OWN)).toEqual({
      '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
      '37:0': { class_type: 'CLIPTextEncode', inputs: { text: 'a cat', clip: ['1', 1] } },
      '37:1': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['1', 1] } },
      '37:2': { class_type: 'EmptyLatentImage', inputs: { width: 640, height: 384, batch_size: 2 } },
      '37:3': {
        class_type: 'KSampler',
        inputs: {
          ...{ seed: 7, steps: 12, cfg: 4.5, sampler_name: 'dpmpp_2m', scheduler: 'karras', denoise: 0.9 },
          ...{ model: ['1', 0], positive: ['37:0', 0], negative: ['37:1', 0], latent_image: ['37:2', 0] },
        },
      },
      '37:4': { class_type: 'VAEDecode', inputs: { samples: ['37:3', 0], vae: ['1', 2] } },
      '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'out', images: ['37:4', 0] } },
      '10': { class_type: 'SaveLatent', inputs: { filename_prefix: 'out', samples: ['37:3', 0] } },
    });
  });

  it('keep the values inside where their number is another, and are called with a stroke in older files', () => {
    const found = prompt([], { Paint: PAINT }, 'workflow/Paint');
    expect(found['37:0'].inputs['text']).toBe('old');
    expect(found['37:3'].inputs['steps']).toBe(20);
  });

  it('stay unknown where nothing says what is in them, and end in a sentence where they hold themselves', () => {
    expect(prompt(OWN, {})['37'].class_type).toBe('workflow>Paint');
    const ring = { Paint: { nodes: [{ type: 'workflow>Paint', inputs: [], outputs: [] }], links: [], external: [] } };
    expect(() => prompt(OWN, ring)).toThrow('The subgraph "Paint" contains itself.');
    expect(() => prompt(OWN, { Paint: { nodes: 5, links: [[1], 'x', null], external: 7 } })).not.toThrow();
  });

  it('gives a group within a group the values of the outermost', () => {
    const text = inner('CLIPTextEncode', [['clip', 'CLIP']], [['CONDITIONING', 'CONDITIONING']], ['old']);
    const pair = inner('workflow>Text', [['clip', 'CLIP']], [['CONDITIONING', 'CONDITIONING']], ['stale']);
    const groups = { Text: { nodes: [text], links: [] }, Two: { nodes: [pair, pair], links: [] } };
    const made = prompt(['a pear', 'mist'], groups, 'workflow>Two');
    expect([made['37:0:0'], made['37:1:0']].map(({ inputs }) => inputs)).toEqual([
      { text: 'a pear', clip: ['1', 1] },
      { text: 'mist', clip: ['1', 1] },
    ]);
  });
});
