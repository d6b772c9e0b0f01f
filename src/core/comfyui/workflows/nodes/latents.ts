/** Latents: made, encoded, cut and mixed. @see ComfyUI nodes.py, comfy_extras/nodes_latent.py, nodes_mask.py */
import { CROPS, FLIPS, LATENT_METHODS, ROTATIONS } from './choices';
import {
  choice,
  flag,
  float,
  IMAGE,
  int,
  LATENT,
  MASK,
  maybe,
  outs,
  px,
  share,
  text,
  VAE,
  type NodeTable,
} from './spec';

const batch = () => int(1, [1, 4096]);
const OUT = outs('LATENT');
const ADVANCED = 'latent/advanced';

export const LATENTS = {
  EmptyLatentImage: {
    title: 'Empty Latent Image',
    operation: 'empty_latent',
    category: 'latent',
    inputs: { width: px(512, 16), height: px(512, 16), batch_size: batch() },
    outputs: OUT,
  },
  EmptySD3LatentImage: {
    category: 'latent/sd3',
    inputs: { width: px(1024, 16, 16), height: px(1024, 16, 16), batch_size: batch() },
    outputs: OUT,
  },
  VAEDecode: {
    title: 'VAE Decode',
    operation: 'decode_latent',
    category: 'latent',
    inputs: { samples: LATENT, vae: VAE },
    outputs: outs('IMAGE'),
  },
  VAEDecodeTiled: {
    title: 'VAE Decode (Tiled)',
    operation: 'decode_latent',
    category: '_for_testing',
    inputs: {
      samples: LATENT,
      vae: VAE,
      tile_size: int(512, [64, 4096, 32]),
      overlap: int(64, [0, 4096, 32]),
      temporal_size: int(64, [8, 4096, 4]),
      temporal_overlap: int(8, [4, 4096, 4]),
    },
    outputs: outs('IMAGE'),
  },
  VAEEncode: {
    title: 'VAE Encode',
    operation: 'encode_image',
    category: 'latent',
    inputs: { pixels: IMAGE, vae: VAE },
    outputs: OUT,
  },
  VAEEncodeTiled: {
    title: 'VAE Encode (Tiled)',
    operation: 'encode_image',
    category: '_for_testing',
    inputs: {
      pixels: IMAGE,
      vae: VAE,
      tile_size: int(512, [64, 4096, 64]),
      overlap: int(64, [0, 4096, 32]),
      temporal_size: int(64, [8, 4096, 4]),
      temporal_overlap: int(8, [4, 4096, 4]),
    },
    outputs: OUT,
  },
  VAEEncodeForInpaint: {
    title: 'VAE Encode (for Inpainting)',
    operation: 'encode_masked',
    category: 'latent/inpaint',
    inputs: { pixels: IMAGE, vae: VAE, mask: MASK, grow_mask_by: int(6, [0, 64]) },
    outputs: OUT,
  },
  SetLatentNoiseMask: {
    operation: 'set_mask',
    category: 'latent/inpaint',
    inputs: { samples: LATENT, mask: MASK },
    outputs: OUT,
  },
  LatentUpscale: {
    title: 'Upscale Latent',
    operation: 'scale_latent',
    category: 'latent',
    inputs: {
      samples: LATENT,
      upscale_method: choice(LATENT_METHODS),
      width: px(512),
      height: px(512),
      crop: choice(CROPS),
    },
    outputs: OUT,
  },
  LatentUpscaleBy: {
    title: 'Upscale Latent By',
    operation: 'scale_latent_by',
    category: 'latent',
    inputs: { samples: LATENT, upscale_method: choice(LATENT_METHODS), scale_by: float(1.5, [0.01, 8]) },
    outputs: OUT,
  },
  LatentComposite: {
    category: 'latent',
    inputs: { samples_to: LATENT, samples_from: LATENT, x: px(0), y: px(0), feather: px(0) },
    outputs: OUT,
  },
  LatentCompositeMasked: {
    category: 'latent',
    inputs: {
      destination: LATENT,
      source: LATENT,
      x: px(0),
      y: px(0),
      resize_source: flag(false),
      mask: maybe(MASK),
    },
    outputs: OUT,
  },
  LatentBlend: {
    category: '_for_testing',
    inputs: { samples1: LATENT, samples2: LATENT, blend_factor: share(0.5) },
    outputs: OUT,
  },
  LatentFromBatch: {
    category: 'latent/batch',
    inputs: { samples: LATENT, batch_index: int(0, [0, 63]), length: int(1, [1, 64]) },
    outputs: OUT,
  },
  RepeatLatentBatch: {
    category: 'latent/batch',
    inputs: { samples: LATENT, amount: int(1, [1, 64]) },
    outputs: OUT,
  },
  LatentBatch: { category: 'latent/batch', inputs: { samples1: LATENT, samples2: LATENT }, outputs: OUT },
  LatentBatchSeedBehavior: {
    category: ADVANCED,
    inputs: { samples: LATENT, seed_behavior: choice(['random', 'fixed'], 'fixed') },
    outputs: OUT,
  },
  LatentRotate: {
    category: 'latent/transform',
    inputs: { samples: LATENT, rotation: choice(ROTATIONS) },
    outputs: OUT,
  },
  LatentFlip: {
    category: 'latent/transform',
    inputs: { samples: LATENT, flip_method: choice(FLIPS) },
    outputs: OUT,
  },
  LatentCrop: {
    category: 'latent/transform',
    inputs: { samples: LATENT, width: px(512, 64), height: px(512, 64), x: px(0), y: px(0) },
    outputs: OUT,
  },
  LatentAdd: { category: ADVANCED, inputs: { samples1: LATENT, samples2: LATENT }, outputs: OUT },
  LatentSubtract: { category: ADVANCED, inputs: { samples1: LATENT, samples2: LATENT }, outputs: OUT },
  LatentMultiply: { category: ADVANCED, inputs: { samples: LATENT, multiplier: float(1, [-10, 10]) }, outputs: OUT },
  LatentInterpolate: {
    category: ADVANCED,
    inputs: { samples1: LATENT, samples2: LATENT, ratio: share(1) },
    outputs: OUT,
  },
  SaveLatent: {
    category: '_for_testing',
    inputs: { samples: LATENT, filename_prefix: text('latents/ComfyUI', { hasMarks: true }) },
    outputs: [],
    isOutput: true,
  },
} as const satisfies NodeTable;
