/** Packs' numbers, texts and switches: see packs.ts. */
import { samplerName, schedulerName } from './choices';
import { anyFloat, anyNumber, constant, ofPack, STRING, words } from './pack-words';
import {
  ANY,
  CLIP,
  choice,
  CONDITIONING,
  file,
  flag,
  IMAGE,
  int,
  LATENT,
  maybe,
  MODEL,
  multiline,
  open,
  outs,
  seed,
  socket,
  text,
  VAE,
  type InputSpec,
  type NodeSpec,
} from './spec';

const one = (name: string, widget: InputSpec, output: string, operation: string, category: string): NodeSpec => ({
  operation,
  category,
  inputs: { [name]: widget },
  outputs: outs(output),
});

/** @see github.com/evanspearman/ComfyMath */
const MATH = ofPack('comfymath', {
  CM_IntToFloat: one('a', anyNumber(), 'FLOAT', 'same_number', 'math/conversion'),
  CM_FloatToInt: one('a', anyFloat(), 'INT', 'cut_number', 'math/conversion'),
  CM_IntBinaryOperation: {
    operation: 'reckon_whole',
    category: 'math/int',
    inputs: {
      op: choice(['Add', 'Sub', 'Mul', 'Div', 'Mod', 'Pow']),
      a: anyNumber(),
      b: anyNumber(),
    },
    outputs: outs('INT'),
  },
  CM_FloatBinaryOperation: {
    operation: 'reckon',
    category: 'math/float',
    inputs: {
      op: choice(['Add', 'Sub', 'Mul', 'Div', 'Mod', 'Pow', 'FloorDiv', 'Max', 'Min']),
      a: anyFloat(),
      b: anyFloat(),
    },
    outputs: outs('FLOAT'),
  },
});

/** @see github.com/ltdrdata/ComfyUI-Impact-Pack util_nodes.py, logics.py */
const IMPACT = ofPack('comfyui-impact-pack', {
  ImpactSwitch: {
    title: 'Switch (Any)',
    operation: 'pick_input',
    category: 'ImpactPack/Util',
    inputs: { select: int(1, [1, 999_999]), sel_mode: flag(true) },
    more: { pattern: 'input\\d+', type: '*' },
    outputs: outs('selected_value:*', 'selected_label:STRING', 'selected_index:INT'),
  },
  ImpactConditionalBranch: {
    operation: 'branch',
    category: 'ImpactPack/Logic',
    inputs: { cond: flag(true), tt_value: socket('*', { isLazy: true }), ff_value: socket('*', { isLazy: true }) },
    outputs: outs('*'),
  },
  ImpactCompare: {
    operation: 'compare',
    category: 'ImpactPack/Logic',
    inputs: { cmp: choice(['a = b', 'a <> b', 'a > b', 'a < b', 'a >= b', 'a <= b', 'tt', 'ff']), a: ANY, b: ANY },
    outputs: outs('BOOLEAN'),
  },
});

const switchOf = (type: InputSpec, name: string, output: string): NodeSpec => ({
  operation: 'pick_of_two',
  category: 'Comfyroll/Utils/Index',
  inputs: { Input: int(1, [1, 2]), [`${name}1`]: maybe(type), [`${name}2`]: maybe(type) },
  outputs: outs(output, 'show_help:STRING'),
});

/** @see github.com/Suzie1/ComfyUI_Comfyroll_CustomNodes */
const COMFYROLL = ofPack('ComfyUI_Comfyroll_CustomNodes', {
  'CR Seed': {
    operation: 'whole_seed',
    category: 'Comfyroll/Essential/Core',
    inputs: { seed: seed() },
    outputs: outs('seed:INT', 'show_help:STRING'),
  },
  'CR Prompt Text': one('prompt', multiline('prompt'), 'prompt:STRING', 'text_of_prompt', 'Comfyroll/Essential/Core'),
  'CR Text': one('text', multiline(), 'text:STRING', 'plain_text', 'Comfyroll/Utils/Text'),
  'CR Text Concatenate': {
    operation: 'join_two_texts',
    category: 'Comfyroll/Utils/Text',
    inputs: { text1: words(), text2: words(), separator: text() },
    outputs: outs('STRING', 'show_help:STRING'),
  },
  'CR Text Replace': {
    operation: 'replace_three_times',
    category: 'Comfyroll/Utils/Text',
    inputs: {
      text: words(),
      find1: maybe(text()),
      replace1: maybe(text()),
      find2: maybe(text()),
      replace2: maybe(text()),
      find3: maybe(text()),
      replace3: maybe(text()),
    },
    outputs: outs('STRING:*', 'show_help:STRING'),
  },
  'CR Integer To String': one('int_', socket('INT'), 'STRING', 'number_as_text', 'Comfyroll/Utils/Conversion'),
  'CR Image Input Switch': switchOf(IMAGE, 'image', 'IMAGE'),
  'CR Latent Input Switch': switchOf(LATENT, 'latent', 'LATENT'),
  'CR Conditioning Input Switch': switchOf(CONDITIONING, 'conditioning', 'CONDITIONING'),
  'CR Clip Input Switch': switchOf(CLIP, 'clip', 'CLIP'),
  'CR Model Input Switch': switchOf(MODEL, 'model', 'MODEL'),
  'CR VAE Input Switch': switchOf(VAE, 'VAE', 'VAE'),
  'CR Text Input Switch': switchOf(words(), 'text', 'STRING'),
});

const SAVER = 'ImageSaver/utils';

/** @see github.com/giriss/comfy-image-saver */
const IMAGE_SAVER = ofPack('comfy-image-saver', {
  'Int Literal': one('int', anyNumber(), 'int:INT', 'literal_int', SAVER),
  'Width/Height Literal': one('int', int(512, [0, 16_384, 8]), 'int:INT', 'literal_int', SAVER),
  'Cfg Literal': one('float', anyFloat(8), 'float:FLOAT', 'literal_float', SAVER),
  'Float Literal': one('float', anyFloat(1), 'float:FLOAT', 'literal_float', SAVER),
  'String Literal': one('string', multiline(), 'string:STRING', 'constant_text', SAVER),
  'Seed Generator': one('seed', seed(), 'seed:INT', 'whole_seed', SAVER),
  'Sampler Selector': one('sampler_name', samplerName(), 'sampler_name:*', 'literal_sampler', SAVER),
  'Scheduler Selector': one('scheduler', open(schedulerName()), 'scheduler:*', 'literal_scheduler', SAVER),
  'Checkpoint Selector': one('ckpt_name', file('checkpoints'), 'ckpt_name:*', 'literal_checkpoint', SAVER),
});

/** @see github.com/WASasquatch/was-node-suite-comfyui */
const WAS = ofPack('was-node-suite-comfyui', {
  Seed: {
    operation: 'seed_in_four',
    category: 'WAS Suite/Number',
    inputs: { seed: seed() },
    outputs: outs('seed:SEED,INT', 'number:NUMBER', 'float:FLOAT', 'int:INT'),
  },
  'Text String': {
    operation: 'four_texts',
    category: 'WAS Suite/Text',
    inputs: { text: text(), text_b: maybe(text()), text_c: maybe(text()), text_d: maybe(text()) },
    outputs: outs('STRING', 'STRING', 'STRING', 'STRING'),
  },
  'Text Find and Replace': {
    operation: 'exchange_text',
    category: 'WAS Suite/Text/Search',
    inputs: { text: words(), find: text(), replace: text() },
    outputs: outs('result_text:STRING', 'replacement_count_number:NUMBER', 'replacement_count_float:FLOAT', 'INT'),
  },
  'Image Size to Number': {
    operation: 'image_sides',
    category: 'WAS Suite/Number/Operations',
    inputs: { image: IMAGE },
    outputs: outs('width_num:NUMBER', 'height_num:NUMBER', 'width_float:FLOAT', 'height_float:FLOAT', 'INT', 'INT'),
  },
});

/** @see github.com/yolain/ComfyUI-Easy-Use */
const EASY = ofPack('comfyui-easy-use', {
  'easy seed': one('seed', seed(), 'seed:INT', 'whole_seed', 'EasyUse/Seed'),
  'easy positive': one('positive', multiline(), 'positive:STRING', 'text_of_positive', 'EasyUse/Prompt'),
  'easy negative': one('negative', multiline(), 'negative:STRING', 'text_of_negative', 'EasyUse/Prompt'),
  'easy ifElse': {
    operation: 'if_else',
    category: 'EasyUse/Logic',
    inputs: { boolean: flag(false), on_true: ANY, on_false: ANY },
    outputs: outs('*'),
  },
  'easy showAnything': {
    operation: 'show_any_else',
    category: 'EasyUse/Logic',
    inputs: { anything: maybe(ANY) },
    outputs: outs('output:*'),
    isOutput: true,
  },
});

/** @see github.com/TinyTerra/ComfyUI_tinyterraNodes */
const TINY = ofPack('comfyui_tinyterranodes', {
  'ttN text': one('text', multiline(), 'text:STRING', 'plain_text', 'ttN/text'),
  'ttN seed': one('seed', seed(), 'seed:INT', 'whole_seed', 'ttN/util'),
  'ttN int': one('int', anyNumber(), 'int:INT', 'literal_int', 'ttN/util'),
  'ttN float': one('float', anyFloat(), 'float:FLOAT', 'literal_float', 'ttN/util'),
});

/** @see github.com/cubiq/ComfyUI_essentials misc.py */
const ESSENTIALS = ofPack('comfyui_essentials', {
  'SimpleMathInt+': constant(anyNumber(), 'INT'),
  'SimpleMathFloat+': constant(anyFloat(), 'FLOAT', 'number'),
  'SimpleMathBoolean+': constant(flag(false), 'BOOLEAN', 'flag'),
  'DisplayAny+': {
    operation: 'show_text_of_input',
    category: 'essentials/utilities',
    inputs: { input: ANY, mode: maybe(choice(['raw value', 'tensor shape'])) },
    outputs: STRING,
    isOutput: true,
  },
});

export const VALUE_PACKS = {
  ...MATH,
  ...IMPACT,
  ...COMFYROLL,
  ...IMAGE_SAVER,
  ...WAS,
  ...EASY,
  ...TINY,
  ...ESSENTIALS,
};
