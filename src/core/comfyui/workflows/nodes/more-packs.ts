/** Thin covers of further packs: see packs.ts. */
import { anyFloat, anyNumber, constant, ofPack, STRING, words } from './pack-words';
import { ANY, choice, CLIP, flag, float, IMAGE, int, LONGEST, maybe, multiline, outs, px, text } from './spec';

const TRUE_FALSE = ['true', 'false'] as const;

/** @see github.com/WASasquatch/was-node-suite-comfyui */
const WAS = ofPack('was-node-suite-comfyui', {
  'Text Multiline': {
    operation: 'plain_text',
    category: 'WAS Suite/Text',
    inputs: { text: multiline() },
    outputs: STRING,
  },
  'Text Concatenate': {
    operation: 'concatenate_texts',
    category: 'WAS Suite/Text',
    inputs: {
      delimiter: text(', '),
      clean_whitespace: choice(TRUE_FALSE),
      text_a: maybe(words()),
      text_b: maybe(words()),
      text_c: maybe(words()),
      text_d: maybe(words()),
    },
    outputs: STRING,
  },
  'Text to Conditioning': {
    operation: 'encode_text',
    category: 'WAS Suite/Text/Operations',
    inputs: { clip: CLIP, text: words() },
    outputs: outs('CONDITIONING'),
  },
  'Image Resize': {
    category: 'WAS Suite/Image/Transform',
    inputs: {
      image: IMAGE,
      mode: choice(['rescale', 'resize']),
      supersample: choice(TRUE_FALSE),
      resampling: choice(['lanczos', 'nearest', 'bilinear', 'bicubic']),
      rescale_factor: float(2, [0.01, 16]),
      resize_width: int(1024, [1, 48_000]),
      resize_height: int(1536, [1, 48_000]),
    },
    outputs: outs('IMAGE'),
  },
});

/** @see github.com/cubiq/ComfyUI_essentials */
const ESSENTIALS = ofPack('comfyui_essentials', {
  'ImageResize+': {
    category: 'essentials/image manipulation',
    inputs: {
      image: IMAGE,
      width: px(512, 0, 1),
      height: px(512, 0, 1),
      interpolation: choice(['nearest', 'bilinear', 'bicubic', 'area', 'nearest-exact', 'lanczos']),
      method: choice(['stretch', 'keep proportion', 'fill / crop', 'pad']),
      condition: choice(['always', 'downscale if bigger', 'upscale if smaller', 'if bigger area', 'if smaller area']),
      multiple_of: int(0, [0, 512]),
    },
    outputs: outs('IMAGE', 'width:INT', 'height:INT'),
  },
  'GetImageSize+': {
    operation: 'image_size',
    category: 'essentials/image utils',
    inputs: { image: IMAGE },
    outputs: outs('width:INT', 'height:INT', 'count:INT'),
  },
  'SimpleMath+': {
    operation: 'compute_rounded',
    category: 'essentials/utilities',
    inputs: { a: maybe(ANY), b: maybe(ANY), c: maybe(ANY), value: text() },
    outputs: outs('INT', 'FLOAT'),
  },
});

/** @see github.com/jamesWalker55/comfyui-various */
const VARIOUS = ofPack('comfyui-various', {
  JWInteger: constant(anyNumber(), 'INT'),
  JWFloat: constant(anyFloat(), 'FLOAT', 'number'),
  JWImageResize: {
    category: 'jamesWalker55',
    inputs: {
      image: IMAGE,
      height: int(512, [0, LONGEST]),
      width: int(512, [0, LONGEST]),
      interpolation_mode: choice(['bicubic', 'bilinear', 'nearest', 'nearest exact']),
    },
    outputs: outs('IMAGE'),
  },
});

/** @see github.com/yolain/ComfyUI-Easy-Use */
const EASY = ofPack('comfyui-easy-use', {
  'easy int': constant(anyNumber(), 'int:INT'),
  'easy float': constant(anyFloat(), 'float:FLOAT', 'number'),
  'easy string': constant(text(), 'string:STRING', 'text'),
  'easy boolean': constant(flag(false), 'boolean:BOOLEAN', 'flag'),
});

export const MORE_PACKS = { ...WAS, ...ESSENTIALS, ...VARIOUS, ...EASY };
