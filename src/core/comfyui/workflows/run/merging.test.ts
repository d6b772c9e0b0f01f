/** Models of two, as graphs say them. */
import { describe, expect, it } from 'vitest';
import { nodeSpec } from '../nodes';
import { compile, settingsOf, sound, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

const SECOND: Nodes = { '14': ['CheckpointLoaderSimple', { ckpt_name: 'second' }] };
const MODELS = { model1: ['4', 0], model2: ['14', 0] };
const merged = (node: Nodes[string]): Nodes => ({
  ...SECOND,
  '20': node,
  '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['20', 0] }],
});

describe('merged models', () => {
  it('are painted with, and developed by the first’s autoencoder', () => {
    const nodes = sound(merged(['ModelMergeSimple', { ...MODELS, ratio: 0.75 }]));
    const of = (operation: string) => nodes.find((node) => node.operation === operation);
    expect(of('blend_models')).toMatchObject({
      settings: { own: '0.75', other: '0.25' },
      inputs: { model: { node: '4', output: 'model' }, other: { node: '14', output: 'model' } },
    });
    expect(of('sample')?.inputs['model']).toEqual({ node: '20', output: 'model' });
    expect(of('decode_latent')?.inputs['model']).toEqual({ node: '20', output: 'model' });
    expect(of('encode_text')?.inputs['model']).toEqual({ node: '4', output: 'model' });
  });

  it.each<[Nodes[string], object]>([
    [
      ['ModelMergeBlocks', { ...MODELS, input: 1, middle: 0.5, out: 0 }],
      { own: 'input=1,middle=0.5,out=0', other: 'input=0,middle=0.5,out=1' },
    ],
    [['ModelMergeAdd', MODELS], { other: '1' }],
    [['ModelMergeSubtract', { ...MODELS, multiplier: 0.5 }], { own: '0.5', other: '-0.5' }],
  ])('have shares: %#', (node, settings) => {
    expect(settingsOf(merged(node), 'blend_models')).toEqual([settings]);
  });

  it('have a share for each block of SD 1', () => {
    const names = Object.keys(nodeSpec('ModelMergeSD1')?.inputs ?? {}).filter((name) => !name.startsWith('model'));
    const said = { ...Object.fromEntries(names.map((name) => [name, 1])), 'input_blocks.1.': 0.5, 'out.': 0 };
    const [{ own, other }] = settingsOf(merged(['ModelMergeSD1', { ...MODELS, ...said }]), 'blend_models') as {
      own: string;
      other: string;
    }[];
    const shares = own.split(',');
    expect(shares).toHaveLength(2 + 12 + 3 + 12 + 1);
    expect([shares[0], shares[3], shares.at(-1)]).toEqual(['time_embed.=1', 'input_blocks.1.=0.5', 'out.=0']);
    expect(other.split(',')[3]).toBe('input_blocks.1.=0.5');
  });

  it('are the first where that is all of it', () => {
    expect(settingsOf(merged(['ModelMergeSimple', { ...MODELS, ratio: 1 }]), 'blend_models')).toEqual([]);
  });

  it('are text encoders, too', () => {
    const nodes: Nodes = {
      ...SECOND,
      '20': ['CLIPMergeSimple', { clip1: ['4', 1], clip2: ['14', 1], ratio: 0.5 }],
      '6': ['CLIPTextEncode', { text: 'a pear', clip: ['20', 0] }],
    };
    expect(settingsOf(nodes, 'blend_models')).toEqual([{ ownText: 0.5, otherText: 0.5 }]);
  });

  it('are not written to files, which is said; pictures of the same graph run', () => {
    const { workflow, problems } = compile({
      ...merged(['ModelMergeSimple', { ...MODELS, ratio: 0.5 }]),
      '30': ['CheckpointSave', { model: ['20', 0], clip: ['4', 1], vae: ['4', 2], filename_prefix: 'x' }],
    });
    expect(problems.map(({ message }) => message)).toEqual([
      '"Save Checkpoint" (node 30): files of weights are not written here: what is merged or changed by LoRAs is painted with, and the graph that says how is kept with the picture.',
    ]);
    expect(workflow?.nodes.some(({ operation }) => operation === 'keep')).toBe(true);
  });
});
