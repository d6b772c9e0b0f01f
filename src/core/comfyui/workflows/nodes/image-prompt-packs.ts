/** IPAdapter_plus: pictures beside the texts. @see github.com/cubiq/ComfyUI_IPAdapter_plus IPAdapterPlus.py */
import { ofPack } from './pack-words';
import { choice, file, float, IMAGE, MASK, maybe, MODEL, open, outs, percent, socket, type NodeTable } from './spec';

const ADAPTER = socket('IPADAPTER');
const weight = (max: number) => float(1, [-1, max, 0.05]);
const RANGE = { start_at: percent(0), end_at: percent(1) };
const PRESETS = [
  ...['LIGHT - SD1.5 only (low strength)', 'STANDARD (medium strength)', 'VIT-G (medium strength)'],
  ...['PLUS (high strength)', 'PLUS FACE (portraits)', 'FULL FACE - SD1.5 only (portraits stronger)'],
];
const WEIGHT_TYPES = [
  ...['linear', 'ease in', 'ease out', 'ease in-out', 'reverse in-out', 'weak input', 'weak output', 'weak middle'],
  ...['strong middle', 'style transfer', 'composition', 'strong style transfer', 'style and composition'],
];

export const IMAGE_PROMPT_PACKS: NodeTable = ofPack('comfyui_ipadapter_plus', {
  IPAdapterModelLoader: {
    title: 'IPAdapter Model Loader',
    operation: 'load_picture_adapter',
    category: 'ipadapter/loaders',
    inputs: { ipadapter_file: file('ipadapter') },
    outputs: outs('IPADAPTER'),
  },
  IPAdapterUnifiedLoader: {
    title: 'IPAdapter Unified Loader',
    operation: 'load_picture_preset',
    category: 'ipadapter',
    inputs: { model: MODEL, preset: open(choice(PRESETS)), ipadapter: maybe(ADAPTER) },
    outputs: outs('model:MODEL', 'ipadapter:IPADAPTER'),
  },
  IPAdapter: {
    operation: 'read_picture',
    category: 'ipadapter',
    inputs: {
      ...{ model: MODEL, ipadapter: ADAPTER, image: IMAGE, weight: weight(3), ...RANGE },
      weight_type: choice(['standard', 'prompt is more important', 'style transfer']),
      attn_mask: maybe(MASK),
    },
    outputs: outs('MODEL'),
  },
  IPAdapterAdvanced: {
    title: 'IPAdapter Advanced',
    operation: 'read_picture_by_parts',
    category: 'ipadapter',
    inputs: {
      ...{ model: MODEL, ipadapter: ADAPTER, image: IMAGE, weight: weight(5) },
      weight_type: open(choice(WEIGHT_TYPES)),
      combine_embeds: choice(['concat', 'add', 'subtract', 'average', 'norm average']),
      ...RANGE,
      embeds_scaling: choice(['V only', 'K+V', 'K+V w/ C penalty', 'K+mean(V) w/ C penalty']),
      image_negative: maybe(IMAGE),
      attn_mask: maybe(MASK),
      clip_vision: maybe(socket('CLIP_VISION')),
    },
    outputs: outs('MODEL'),
  },
  PrepImageForClipVision: {
    title: 'Prep Image For ClipVision',
    operation: 'square_for_vision',
    category: 'ipadapter/utils',
    inputs: {
      image: IMAGE,
      interpolation: choice(['LANCZOS', 'BICUBIC', 'HAMMING', 'BILINEAR', 'BOX', 'NEAREST']),
      crop_position: choice(['top', 'bottom', 'left', 'right', 'center', 'pad']),
      sharpening: float(0, [0, 1, 0.05]),
    },
    outputs: outs('IMAGE'),
  },
});
