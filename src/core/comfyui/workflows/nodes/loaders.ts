/** Nodes that load models. @see ComfyUI nodes.py, comfy_extras/nodes_upscale_model.py, nodes_hypernetwork.py, nodes_video_model.py */
import { DEVICES } from './choices';
import { choice, CLIP, file, float, maybe, MODEL, open, outs, type NodeTable } from './spec';

/** Strength of a LoRA. */
const lora = () => float(1, [-100, 100]);

/** The first is what runs here; so it is with those of two. */
export const CLIP_TYPES = [
  'stable_diffusion',
  'stable_cascade',
  'sd3',
  'stable_audio',
  'mochi',
  'ltxv',
  'pixart',
  'cosmos',
  'lumina2',
  'wan',
  'hidream',
  'chroma',
  'ace',
  'omnigen2',
  'qwen_image',
  'hunyuan_image',
  'flux2',
] as const;

export const TWO_CLIP_TYPES = ['sdxl', 'sd3', 'flux', 'hunyuan_video', 'hidream'] as const;

export const LOADERS = {
  CheckpointLoaderSimple: {
    title: 'Load Checkpoint',
    operation: 'load_checkpoint',
    category: 'loaders',
    inputs: { ckpt_name: file('checkpoints') },
    outputs: outs('MODEL', 'CLIP', 'VAE'),
  },
  CheckpointLoader: {
    title: 'Load Checkpoint With Config (DEPRECATED)',
    operation: 'load_checkpoint',
    category: 'advanced/loaders',
    inputs: { config_name: file('configs'), ckpt_name: file('checkpoints') },
    outputs: outs('MODEL', 'CLIP', 'VAE'),
    isOld: true,
  },
  unCLIPCheckpointLoader: {
    category: 'loaders',
    inputs: { ckpt_name: file('checkpoints') },
    outputs: outs('MODEL', 'CLIP', 'VAE', 'CLIP_VISION'),
  },
  ImageOnlyCheckpointLoader: {
    title: 'Image Only Checkpoint Loader (img2vid model)',
    category: 'loaders/video_models',
    inputs: { ckpt_name: file('checkpoints') },
    outputs: outs('MODEL', 'CLIP_VISION', 'VAE'),
  },
  VAELoader: {
    title: 'Load VAE',
    operation: 'load_autoencoder',
    category: 'loaders',
    inputs: { vae_name: file('vae') },
    outputs: outs('VAE'),
  },
  UNETLoader: {
    title: 'Load Diffusion Model',
    operation: 'load_denoiser',
    category: 'advanced/loaders',
    inputs: {
      unet_name: file('diffusion_models'),
      weight_dtype: choice(['default', 'fp8_e4m3fn', 'fp8_e4m3fn_fast', 'fp8_e5m2']),
    },
    outputs: outs('MODEL'),
  },
  CLIPLoader: {
    title: 'Load CLIP',
    operation: 'load_text_encoder',
    category: 'advanced/loaders',
    inputs: {
      clip_name: file('text_encoders'),
      type: open(choice(CLIP_TYPES)),
      device: maybe(choice(DEVICES)),
    },
    outputs: outs('CLIP'),
  },
  DualCLIPLoader: {
    operation: 'load_text_encoders',
    category: 'advanced/loaders',
    inputs: {
      clip_name1: file('text_encoders'),
      clip_name2: file('text_encoders'),
      type: open(choice(TWO_CLIP_TYPES)),
      device: maybe(choice(DEVICES)),
    },
    outputs: outs('CLIP'),
  },
  TripleCLIPLoader: {
    category: 'advanced/loaders',
    inputs: {
      clip_name1: file('text_encoders'),
      clip_name2: file('text_encoders'),
      clip_name3: file('text_encoders'),
    },
    outputs: outs('CLIP'),
  },
  CLIPVisionLoader: {
    title: 'Load CLIP Vision',
    operation: 'load_vision',
    category: 'loaders',
    inputs: { clip_name: file('clip_vision') },
    outputs: outs('CLIP_VISION'),
  },
  StyleModelLoader: {
    title: 'Load Style Model',
    category: 'loaders',
    inputs: { style_model_name: file('style_models') },
    outputs: outs('STYLE_MODEL'),
  },
  GLIGENLoader: { category: 'loaders', inputs: { gligen_name: file('gligen') }, outputs: outs('GLIGEN') },
  ControlNetLoader: {
    title: 'Load ControlNet Model',
    operation: 'load_control',
    category: 'loaders',
    inputs: { control_net_name: file('controlnet') },
    outputs: outs('CONTROL_NET'),
  },
  DiffControlNetLoader: {
    title: 'Load ControlNet Model (diff)',
    operation: 'load_control',
    category: 'loaders',
    inputs: { model: MODEL, control_net_name: file('controlnet') },
    outputs: outs('CONTROL_NET'),
  },
  UpscaleModelLoader: {
    title: 'Load Upscale Model',
    operation: 'load_upscaler',
    category: 'loaders',
    inputs: { model_name: file('upscale_models') },
    outputs: outs('UPSCALE_MODEL'),
  },
  LoraLoader: {
    title: 'Load LoRA',
    operation: 'load_lora',
    category: 'loaders',
    inputs: { model: MODEL, clip: CLIP, lora_name: file('loras'), strength_model: lora(), strength_clip: lora() },
    outputs: outs('MODEL', 'CLIP'),
  },
  LoraLoaderModelOnly: {
    operation: 'load_lora_of_model',
    category: 'loaders',
    inputs: { model: MODEL, lora_name: file('loras'), strength_model: lora() },
    outputs: outs('MODEL'),
  },
  HypernetworkLoader: {
    category: 'loaders',
    inputs: { model: MODEL, hypernetwork_name: file('hypernetworks'), strength: float(1, [-10, 10]) },
    outputs: outs('MODEL'),
  },
} as const satisfies NodeTable;
