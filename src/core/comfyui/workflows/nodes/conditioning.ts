/** Texts, areas, masks and ControlNets. @see ComfyUI nodes.py, comfy_extras/nodes_clip_sdxl.py, nodes_cond.py, nodes_controlnet.py, nodes_flux.py, nodes_ip2p.py */
import { UNION_TYPES } from './choices';
import {
  choice,
  CLIP,
  CONDITIONING,
  CONTROL_NET,
  dynamic,
  flag,
  float,
  IMAGE,
  int,
  LATENT,
  MASK,
  maybe,
  outs,
  percent,
  px,
  share,
  socket,
  strength,
  VAE,
  type NodeTable,
} from './spec';

const SIDES = { positive: CONDITIONING, negative: CONDITIONING };
const ASCORE = float(6, [0, 1000]);
const RANGE = { start_percent: percent(0), end_percent: percent(1) };

export const CONDITIONINGS = {
  CLIPTextEncode: {
    title: 'CLIP Text Encode (Prompt)',
    category: 'conditioning',
    inputs: { text: dynamic(), clip: CLIP },
    outputs: outs('CONDITIONING'),
  },
  CLIPSetLastLayer: {
    title: 'CLIP Set Last Layer',
    category: 'conditioning',
    inputs: { clip: CLIP, stop_at_clip_layer: int(-1, [-24, -1]) },
    outputs: outs('CLIP'),
  },
  CLIPTextEncodeSDXL: {
    category: 'advanced/conditioning',
    inputs: {
      clip: CLIP,
      width: px(1024, 0, 1),
      height: px(1024, 0, 1),
      crop_w: px(0, 0, 1),
      crop_h: px(0, 0, 1),
      target_width: px(1024, 0, 1),
      target_height: px(1024, 0, 1),
      text_g: dynamic(),
      text_l: dynamic(),
    },
    outputs: outs('CONDITIONING'),
  },
  CLIPTextEncodeSDXLRefiner: {
    category: 'advanced/conditioning',
    inputs: { ascore: ASCORE, width: px(1024, 0, 1), height: px(1024, 0, 1), text: dynamic(), clip: CLIP },
    outputs: outs('CONDITIONING'),
  },
  CLIPTextEncodeFlux: {
    category: 'advanced/conditioning/flux',
    inputs: { clip: CLIP, clip_l: dynamic(), t5xxl: dynamic(), guidance: float(3.5, [0, 100, 0.1]) },
    outputs: outs('CONDITIONING'),
  },
  FluxGuidance: {
    category: 'advanced/conditioning/flux',
    inputs: { conditioning: CONDITIONING, guidance: float(3.5, [0, 100, 0.1]) },
    outputs: outs('CONDITIONING'),
  },
  ConditioningCombine: {
    title: 'Conditioning (Combine)',
    category: 'conditioning',
    inputs: { conditioning_1: CONDITIONING, conditioning_2: CONDITIONING },
    outputs: outs('CONDITIONING'),
  },
  ConditioningConcat: {
    title: 'Conditioning (Concat)',
    category: 'conditioning',
    inputs: { conditioning_to: CONDITIONING, conditioning_from: CONDITIONING },
    outputs: outs('CONDITIONING'),
  },
  ConditioningAverage: {
    title: 'Conditioning (Average)',
    category: 'conditioning',
    inputs: {
      conditioning_to: CONDITIONING,
      conditioning_from: CONDITIONING,
      conditioning_to_strength: share(1),
    },
    outputs: outs('CONDITIONING'),
  },
  ConditioningSetArea: {
    title: 'Conditioning (Set Area)',
    category: 'conditioning',
    inputs: {
      conditioning: CONDITIONING,
      width: px(64, 64),
      height: px(64, 64),
      x: px(0),
      y: px(0),
      strength: strength(),
    },
    outputs: outs('CONDITIONING'),
  },
  ConditioningSetAreaPercentage: {
    title: 'Conditioning (Set Area with Percentage)',
    category: 'conditioning',
    inputs: {
      conditioning: CONDITIONING,
      width: share(1),
      height: share(1),
      x: share(0),
      y: share(0),
      strength: strength(),
    },
    outputs: outs('CONDITIONING'),
  },
  ConditioningSetAreaStrength: {
    category: 'conditioning',
    inputs: { conditioning: CONDITIONING, strength: strength() },
    outputs: outs('CONDITIONING'),
  },
  ConditioningSetMask: {
    title: 'Conditioning (Set Mask)',
    category: 'conditioning',
    inputs: {
      conditioning: CONDITIONING,
      mask: MASK,
      strength: strength(),
      set_cond_area: choice(['default', 'mask bounds']),
    },
    outputs: outs('CONDITIONING'),
  },
  ConditioningSetTimestepRange: {
    category: 'advanced/conditioning',
    inputs: { conditioning: CONDITIONING, start: percent(0), end: percent(1) },
    outputs: outs('CONDITIONING'),
  },
  ConditioningZeroOut: {
    category: 'advanced/conditioning',
    inputs: { conditioning: CONDITIONING },
    outputs: outs('CONDITIONING'),
  },
  ControlNetApply: {
    title: 'Apply ControlNet (OLD)',
    category: 'conditioning/controlnet',
    inputs: { conditioning: CONDITIONING, control_net: CONTROL_NET, image: IMAGE, strength: strength() },
    outputs: outs('CONDITIONING'),
    isOld: true,
  },
  ControlNetApplyAdvanced: {
    title: 'Apply ControlNet',
    category: 'conditioning/controlnet',
    inputs: { ...SIDES, control_net: CONTROL_NET, image: IMAGE, strength: strength(), ...RANGE, vae: maybe(VAE) },
    outputs: outs('positive:CONDITIONING', 'negative:CONDITIONING'),
  },
  ControlNetApplySD3: {
    title: 'Apply Controlnet with VAE',
    category: 'conditioning/controlnet',
    inputs: { ...SIDES, control_net: CONTROL_NET, vae: VAE, image: IMAGE, strength: strength(), ...RANGE },
    outputs: outs('positive:CONDITIONING', 'negative:CONDITIONING'),
    isOld: true,
  },
  ControlNetInpaintingAliMamaApply: {
    category: 'conditioning/controlnet',
    inputs: { ...SIDES, control_net: CONTROL_NET, vae: VAE, image: IMAGE, mask: MASK, strength: strength(), ...RANGE },
    outputs: outs('positive:CONDITIONING', 'negative:CONDITIONING'),
  },
  SetUnionControlNetType: {
    category: 'conditioning/controlnet',
    inputs: { control_net: CONTROL_NET, type: choice(UNION_TYPES) },
    outputs: outs('CONTROL_NET'),
  },
  InpaintModelConditioning: {
    category: 'conditioning/inpaint',
    inputs: { ...SIDES, vae: VAE, pixels: IMAGE, mask: MASK, noise_mask: flag(true) },
    outputs: outs('positive:CONDITIONING', 'negative:CONDITIONING', 'latent:LATENT'),
  },
  InstructPixToPixConditioning: {
    category: 'conditioning/instructpix2pix',
    inputs: { ...SIDES, vae: VAE, pixels: IMAGE },
    outputs: outs('positive:CONDITIONING', 'negative:CONDITIONING', 'latent:LATENT'),
  },
  CLIPVisionEncode: {
    title: 'CLIP Vision Encode',
    category: 'conditioning',
    inputs: { clip_vision: socket('CLIP_VISION'), image: IMAGE, crop: choice(['center', 'none']) },
    outputs: outs('CLIP_VISION_OUTPUT'),
  },
  unCLIPConditioning: {
    category: 'conditioning',
    inputs: {
      conditioning: CONDITIONING,
      clip_vision_output: socket('CLIP_VISION_OUTPUT'),
      strength: float(1, [-10, 10]),
      noise_augmentation: share(0),
    },
    outputs: outs('CONDITIONING'),
  },
  StyleModelApply: {
    title: 'Apply Style Model',
    category: 'conditioning/style_model',
    inputs: {
      conditioning: CONDITIONING,
      style_model: socket('STYLE_MODEL'),
      clip_vision_output: socket('CLIP_VISION_OUTPUT'),
      strength: float(1, [0, 10, 0.001]),
      strength_type: choice(['multiply', 'attn_bias']),
    },
    outputs: outs('CONDITIONING'),
  },
  GLIGENTextBoxApply: {
    category: 'conditioning/gligen',
    inputs: {
      conditioning_to: CONDITIONING,
      clip: CLIP,
      gligen_textbox_model: socket('GLIGEN'),
      text: dynamic(),
      width: px(64, 8),
      height: px(64, 8),
      x: px(0),
      y: px(0),
    },
    outputs: outs('CONDITIONING'),
  },
  SD_4XUpscale_Conditioning: {
    category: 'conditioning/upscale_diffusion',
    inputs: {
      images: IMAGE,
      ...SIDES,
      scale_ratio: float(4, [0, 10]),
      noise_augmentation: percent(0),
    },
    outputs: outs('positive:CONDITIONING', 'negative:CONDITIONING', 'latent:LATENT'),
  },
  ReferenceLatent: {
    category: 'advanced/conditioning/edit_models',
    inputs: { conditioning: CONDITIONING, latent: maybe(LATENT) },
    outputs: outs('CONDITIONING'),
  },
} as const satisfies NodeTable;
