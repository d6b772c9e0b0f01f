/** Thin covers of further packs: see packs.ts. */
import { anyFloat, anyNumber, constant, ofPack, STRING, words } from './pack-words';
import { ANY, choice, CLIP, flag, IMAGE, maybe, multiline, outs, text } from './spec';

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
});

/** @see github.com/cubiq/ComfyUI_essentials */
const ESSENTIALS = ofPack('comfyui_essentials', {
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
});

/** @see github.com/yolain/ComfyUI-Easy-Use */
const EASY = ofPack('comfyui-easy-use', {
  'easy int': constant(anyNumber(), 'int:INT'),
  'easy float': constant(anyFloat(), 'float:FLOAT', 'number'),
  'easy string': constant(text(), 'string:STRING', 'text'),
  'easy boolean': constant(flag(false), 'boolean:BOOLEAN', 'flag'),
});

export const MORE_PACKS = { ...WAS, ...ESSENTIALS, ...VARIOUS, ...EASY };
