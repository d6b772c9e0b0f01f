/** Nodes of ComfyUI-seamless-tiling: which part of the model joins which edges. */
import { describe, expect, it } from 'vitest';
import { compile, settingsOf, sound, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

const tile = (tiling: string, from = '4'): Nodes[string] => ['SeamlessTile', { model: [from, 0], tiling, copy_model: 'Make a copy' }]; // prettier-ignore
const sampler = (model: string): Nodes[string] => ['KSampler', { ...SAMPLER, ...PARTS, model: [model, 0] }];
const modelOf = (changes: Nodes, operation: string): string | undefined => {
  const nodes = sound(changes);
  const model = nodes.find((one) => one.operation === operation)?.inputs['model'];
  return nodes.find(({ id }) => id === model?.node)?.operation;
};

describe('Seamless Tile', () => {
  it('joins the edges of what the denoiser sees, and of nothing where it is disabled', () => {
    expect(settingsOf({ '10': tile('x_only'), '3': sampler('10') }, 'set_tiling')).toEqual([{ denoiser: 'x' }]);
    expect(modelOf({ '10': tile('enable'), '3': sampler('10') }, 'sample')).toBe('set_tiling');
    expect(settingsOf({ '10': tile('disable'), '3': sampler('10') }, 'set_tiling')).toEqual([]);
    expect(compile({ '10': tile('x_only'), '3': sampler('10') }).problems).toEqual([]);
  });
});

describe('Circular VAE Decode and Make Circular VAE', () => {
  it('join the edges of what is developed', () => {
    const decode: Nodes = { '8': ['CircularVAEDecode', { samples: ['3', 0], vae: ['4', 2], tiling: 'enable' }] };
    expect(settingsOf(decode, 'set_tiling')).toEqual([{ autoencoder: 'both' }]);
    expect(modelOf(decode, 'decode_latent')).toBe('set_tiling');
    expect(modelOf(decode, 'sample')).toBe('load_model');
    const made: Nodes = {
      '11': ['MakeCircularVAE', { vae: ['4', 2], tiling: 'y_only', copy_vae: 'Make a copy' }],
      '8': ['VAEDecode', { samples: ['3', 0], vae: ['11', 0] }],
    };
    expect(settingsOf(made, 'set_tiling')).toEqual([{ autoencoder: 'y' }]);
  });

  it('stand upon what the denoiser has, so that nothing is loaded twice', () => {
    const both: Nodes = {
      ...{ '10': tile('enable'), '3': sampler('10') },
      '8': ['CircularVAEDecode', { samples: ['3', 0], vae: ['4', 2], tiling: 'enable' }],
    };
    const loads = sound(both).filter(({ operation }) => operation === 'load_model');
    expect(loads).toHaveLength(1);
    expect(settingsOf(both, 'set_tiling')).toEqual([{ denoiser: 'both' }, { autoencoder: 'both' }]);
  });
});
