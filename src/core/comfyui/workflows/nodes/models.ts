/** Nodes that change a model. @see ComfyUI comfy_extras/nodes_model_advanced.py, nodes_model_merging.py, nodes_freelunch.py, nodes_pag.py, nodes_sag.py, nodes_hypertile.py, nodes_model_downscale.py, nodes_tomesd.py, nodes_differential_diffusion.py, nodes_perpneg.py */
import { LATENT_METHODS } from './choices';
import {
  choice,
  CONDITIONING,
  flag,
  float,
  int,
  maybe,
  MODEL,
  open,
  outs,
  percent,
  px,
  share,
  type NodeTable,
} from './spec';

const OUT = outs('MODEL');
const PATCHES = 'model_patches/unet';
const freely = (value: number) => float(value, [0, 10]);

export const MODELS = {
  ModelSamplingDiscrete: {
    operation: 'sample_model',
    category: 'advanced/model',
    inputs: {
      model: MODEL,
      sampling: choice(['eps', 'v_prediction', 'lcm', 'x0', 'img_to_img']),
      zsnr: flag(false),
    },
    outputs: OUT,
  },
  ModelSamplingContinuousEDM: {
    category: 'advanced/model',
    inputs: {
      model: MODEL,
      sampling: choice(['v_prediction', 'edm', 'edm_playground_v2.5', 'eps', 'cosmos_rflow']),
      sigma_max: float(120, [0, 1000, 0.001]),
      sigma_min: float(0.002, [0, 1000, 0.001]),
    },
    outputs: OUT,
  },
  ModelSamplingContinuousV: {
    category: 'advanced/model',
    inputs: {
      model: MODEL,
      sampling: choice(['v_prediction']),
      sigma_max: float(500, [0, 1000, 0.001]),
      sigma_min: float(0.03, [0, 1000, 0.001]),
    },
    outputs: OUT,
  },
  ModelSamplingSD3: {
    category: 'advanced/model',
    inputs: { model: MODEL, shift: float(3, [0, 100]) },
    outputs: OUT,
  },
  ModelSamplingAuraFlow: {
    category: 'advanced/model',
    inputs: {
      model: MODEL,
      shift: float(1.73, [0, 100]),
      sampling: maybe(open(choice(['flow', 'img_to_img_velocity']))),
    },
    outputs: OUT,
  },
  ModelSamplingFlux: {
    category: 'advanced/model',
    inputs: {
      model: MODEL,
      max_shift: float(1.15, [0, 100]),
      base_shift: float(0.5, [0, 100]),
      width: px(1024, 16),
      height: px(1024, 16),
    },
    outputs: OUT,
  },
  RescaleCFG: {
    operation: 'rescale_guidance',
    category: 'advanced/model',
    inputs: { model: MODEL, multiplier: share(0.7) },
    outputs: OUT,
  },
  FreeU: {
    operation: 'scale_maps',
    category: PATCHES,
    inputs: { model: MODEL, b1: freely(1.1), b2: freely(1.2), s1: freely(0.9), s2: freely(0.2) },
    outputs: OUT,
  },
  FreeU_V2: {
    operation: 'scale_maps_by_mean',
    category: PATCHES,
    inputs: { model: MODEL, b1: freely(1.3), b2: freely(1.4), s1: freely(0.9), s2: freely(0.2) },
    outputs: OUT,
  },
  PerturbedAttentionGuidance: {
    operation: 'guide_from_perturbed',
    category: PATCHES,
    inputs: { model: MODEL, scale: float(3, [0, 100]) },
    outputs: OUT,
  },
  SelfAttentionGuidance: {
    title: 'Self-Attention Guidance',
    operation: 'guide_from_blurred',
    category: '_for_testing',
    inputs: { model: MODEL, scale: float(0.5, [-2, 5]), blur_sigma: float(2, [0, 10, 0.1]) },
    outputs: OUT,
  },
  PerpNeg: {
    title: 'Perp-Neg (DEPRECATED by PerpNegGuider)',
    operation: 'guide_perpendicular',
    category: '_for_testing',
    inputs: { model: MODEL, empty_conditioning: CONDITIONING, neg_scale: float(1, [0, 100]) },
    outputs: OUT,
    isOld: true,
  },
  HyperTile: {
    category: PATCHES,
    inputs: {
      model: MODEL,
      tile_size: int(256, [1, 2048]),
      swap_size: int(2, [1, 128]),
      max_depth: int(0, [0, 10]),
      scale_depth: flag(false),
    },
    outputs: OUT,
  },
  PatchModelAddDownscale: {
    title: 'PatchModelAddDownscale (Kohya Deep Shrink)',
    operation: 'shrink_maps',
    category: PATCHES,
    inputs: {
      model: MODEL,
      block_number: int(3, [1, 32]),
      downscale_factor: float(2, [0.1, 9, 0.001]),
      start_percent: percent(0),
      end_percent: percent(0.35),
      downscale_after_skip: flag(true),
      downscale_method: choice(LATENT_METHODS, 'bicubic'),
      upscale_method: choice(LATENT_METHODS, 'bicubic'),
    },
    outputs: OUT,
  },
  TomePatchModel: { category: PATCHES, inputs: { model: MODEL, ratio: share(0.3) }, outputs: OUT },
  DifferentialDiffusion: {
    operation: 'mask_by_level',
    category: '_for_testing',
    inputs: { model: MODEL, strength: maybe(share(1)) },
    outputs: OUT,
  },
} as const satisfies NodeTable;
