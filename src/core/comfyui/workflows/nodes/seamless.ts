/** Pictures whose edges are joined. @see github.com/spinagon/ComfyUI-seamless-tiling, nodes.py; CircularVAEDecode without a choice is FlyingFireCo/tiled_ksampler's */
import { ofPack } from './pack-words';
import { choice, LATENT, MODEL, outs, VAE } from './spec';

const tiling = () => choice(['enable', 'x_only', 'y_only', 'disable'], 'enable');

export const SEAMLESS_PACK = ofPack('ComfyUI-seamless-tiling', {
  SeamlessTile: {
    title: 'Seamless Tile',
    operation: 'join_edges',
    category: 'conditioning',
    inputs: { model: MODEL, tiling: tiling(), copy_model: choice(['Make a copy', 'Modify in place'], 'Make a copy') },
    outputs: outs('MODEL'),
  },
  CircularVAEDecode: {
    title: 'Circular VAE Decode (tile)',
    operation: 'decode_joined',
    category: 'latent',
    inputs: { samples: LATENT, vae: VAE, tiling: tiling() },
    outputs: outs('IMAGE'),
  },
  MakeCircularVAE: {
    title: 'Make Circular VAE',
    operation: 'join_autoencoder',
    category: 'latent',
    inputs: { vae: VAE, tiling: tiling(), copy_vae: choice(['Make a copy', 'Modify in place'], 'Make a copy') },
    outputs: outs('VAE'),
  },
});
