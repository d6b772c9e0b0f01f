/** Graphs whose model lies in several files: denoiser, text encoders, autoencoder. */
import { describe, expect, it } from 'vitest';
import { compile, settingsOf, SIZED, sound, type Nodes } from '../testing/compiled';
import type { Inventory } from '.';

const SPLIT: Nodes = {
  '4': ['UNETLoader', { unet_name: 'pear-unet.safetensors', weight_dtype: 'default' }],
  '10': ['CLIPLoader', { clip_name: 'clip_l.safetensors', type: 'stable_diffusion' }],
  '11': ['VAELoader', { vae_name: 'pear-vae.safetensors' }],
  '6': ['CLIPTextEncode', { text: 'a red apple', clip: ['10', 0] }],
  '7': ['CLIPTextEncode', { text: 'blue', clip: ['10', 0] }],
  '8': ['VAEDecode', { samples: ['3', 0], vae: ['11', 0] }],
};
const TWO: Nodes = {
  ...SPLIT,
  '10': ['DualCLIPLoader', { clip_name1: 'clip_l.safetensors', clip_name2: 'clip_g.safetensors', type: 'sdxl' }],
};
/** The library has all but what is in these folders. */
const without = (...folders: string[]): Inventory => ({
  ...SIZED,
  find: (folder, name) => (folders.includes(folder) ? undefined : name),
});

describe('a model in several files', () => {
  it('is loaded by its denoiser, with the text encoders and the autoencoder of the other files', () => {
    const nodes = sound(SPLIT);
    expect(new Set(settingsOf(SPLIT, 'load_model').map(({ model }) => model))).toEqual(
      new Set(['pear-unet.safetensors']),
    );
    expect(settingsOf(SPLIT, 'use_text_encoders')).toEqual([{ file: 'clip_l.safetensors' }]);
    expect(settingsOf(SPLIT, 'use_vae')).toEqual([{ autoencoder: 'pear-vae.safetensors' }]);
    const byId = new Map(nodes.map((node) => [node.id, node]));
    for (const { inputs } of nodes.filter(({ operation }) => operation === 'encode_text'))
      expect(byId.get(inputs['model']?.node ?? '')?.operation).toBe('use_text_encoders');
    const sample = nodes.find(({ operation }) => operation === 'sample');
    expect(byId.get(sample?.inputs['model']?.node ?? '')?.operation).toBe('load_model');
  });

  it('takes the first and the second encoder in their order', () => {
    expect(settingsOf(TWO, 'use_text_encoders').map(({ file }) => file)).toEqual([
      'clip_l.safetensors',
      'clip_g.safetensors',
    ]);
  });

  it('puts LoRAs on the denoiser and on the text encoders', () => {
    const lora: Nodes = {
      ...SPLIT,
      '12': [
        'LoraLoader',
        { model: ['4', 0], clip: ['10', 0], lora_name: 'l', strength_model: 0.5, strength_clip: 0.25 },
      ],
      '3': ['KSampler', { seed: 7, steps: 4, cfg: 4, sampler_name: 'euler', scheduler: 'normal', denoise: 1, model: ['12', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] }], // prettier-ignore
      '6': ['CLIPTextEncode', { text: 'a red apple', clip: ['12', 1] }],
      '7': ['CLIPTextEncode', { text: 'blue', clip: ['12', 1] }],
    };
    expect(settingsOf(lora, 'add_adapter')).toEqual([
      { adapter: 'l', denoiser: 0.5, text: 0 },
      { adapter: 'l', denoiser: 0, text: 0.25 },
    ]);
  });

  it('leaves the model’s own in the place of files that are not here', () => {
    const { workflow, problems } = compile(TWO, without('text_encoders', 'vae'));
    expect(problems).toEqual([]);
    const said = (workflow?.nodes ?? [])
      .filter(({ operation }) => /^use_/.test(operation))
      .map(({ settings }) => settings['missing']);
    expect(said).toEqual(['clip_l.safetensors', 'clip_g.safetensors', 'pear-vae.safetensors']);
  });

  it('names the denoiser that is not here, and types that do not run', () => {
    expect(compile(SPLIT, without('diffusion_models')).problems).toMatchObject([
      { node: '4', message: '"Load Diffusion Model" (node 4): pear-unet.safetensors (diffusion_models) is not here.' },
    ]);
    const flux: Nodes = { ...TWO, '10': ['DualCLIPLoader', { clip_name1: 'a', clip_name2: 'b', type: 'flux' }] };
    expect(compile(flux).problems[0]?.message).toContain(
      'text encoders of the type flux are for models that do not run',
    );
  });
});
