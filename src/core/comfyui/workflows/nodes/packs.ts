/** Nodes of other people's packs that are a thin cover over ComfyUI's own; `pack` is the pack's name in the registry. */
import { samplerName, schedulerName } from './choices';
import {
  ANY,
  choice,
  CLIP,
  CONDITIONING,
  file,
  flag,
  float,
  IMAGE,
  int,
  LATENT,
  LONGEST,
  maybe,
  MODEL,
  multiline,
  open,
  outs,
  px,
  seed,
  share,
  socket,
  text,
  VAE,
  type NodeSpec,
  type NodeTable,
} from './spec';

const anyNumber = (value = 0) => int(value, [-(2n ** 64n), 2n ** 64n]);
const anyFloat = (value = 0) => float(value, [-Number.MAX_VALUE, Number.MAX_VALUE]);
const STRING = outs('STRING');
const words = () => socket('STRING');

/** A table whose every node is of one pack. */
function ofPack(pack: string, table: NodeTable): NodeTable {
  return Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, { ...spec, pack }]));
}

const constant = (widget: NodeSpec['inputs'][string], output: string): NodeSpec => ({
  category: 'utils/constants',
  inputs: { value: widget },
  outputs: outs(output),
});

/** @see github.com/kijai/ComfyUI-KJNodes */
const KJ = ofPack('comfyui-kjnodes', {
  SetNode: { category: 'utils', inputs: { name: text() }, outputs: outs('*'), isVirtual: true },
  GetNode: { category: 'utils', inputs: { name: text() }, outputs: outs('*'), isVirtual: true },
  INTConstant: constant(anyNumber(), 'value:INT'),
  FloatConstant: constant(anyFloat(), 'value:FLOAT'),
  BOOLConstant: constant(flag(true), 'value:BOOLEAN'),
  StringConstant: { category: 'utils/constants', inputs: { string: text() }, outputs: STRING },
  StringConstantMultiline: {
    category: 'utils/constants',
    inputs: { string: multiline(), strip_newlines: flag(true) },
    outputs: STRING,
  },
  JoinStrings: {
    category: 'utils',
    inputs: { string1: words(), string2: words(), delimiter: text(' ') },
    outputs: STRING,
  },
});

const PIPE = socket('RGTHREE_CONTEXT');
const CONTEXT_OUTPUTS = outs(
  'CONTEXT:RGTHREE_CONTEXT',
  'MODEL',
  'CLIP',
  'VAE',
  'POSITIVE:CONDITIONING',
  'NEGATIVE:CONDITIONING',
  'LATENT',
  'IMAGE',
  'SEED:INT',
);
const CONTEXT: NodeSpec['inputs'] = {
  base_ctx: maybe(PIPE),
  model: maybe(MODEL),
  clip: maybe(CLIP),
  vae: maybe(VAE),
  positive: maybe(CONDITIONING),
  negative: maybe(CONDITIONING),
  latent: maybe(LATENT),
  images: maybe(IMAGE),
  seed: maybe(socket('INT')),
};

const virtual = (more: Partial<NodeSpec> = {}): NodeSpec => ({
  category: 'rgthree',
  inputs: {},
  outputs: [],
  isVirtual: true,
  ...more,
});

/** @see github.com/rgthree/rgthree-comfy */
const RGTHREE = ofPack('rgthree-comfy', {
  'Seed (rgthree)': {
    category: 'rgthree',
    inputs: { seed: int(0, [-(2n ** 50n), 2n ** 50n]) },
    outputs: outs('SEED:INT'),
  },
  'Any Switch (rgthree)': {
    category: 'rgthree',
    inputs: {},
    more: { pattern: 'any_\\d+', type: '*' },
    outputs: outs('*'),
  },
  'Display Any (rgthree)': { category: 'rgthree', inputs: { source: ANY }, outputs: [], isOutput: true },
  'Power Lora Loader (rgthree)': {
    category: 'rgthree',
    inputs: { model: maybe(MODEL), clip: maybe(CLIP) },
    outputs: outs('MODEL', 'CLIP'),
  },
  'Context (rgthree)': {
    category: 'rgthree',
    inputs: CONTEXT,
    outputs: CONTEXT_OUTPUTS,
  },
  'Context Switch (rgthree)': {
    category: 'rgthree',
    inputs: {},
    more: { pattern: 'ctx_\\d+', type: 'RGTHREE_CONTEXT' },
    outputs: CONTEXT_OUTPUTS,
  },
  'Image Comparer (rgthree)': {
    category: 'rgthree',
    inputs: { image_a: maybe(IMAGE), image_b: maybe(IMAGE) },
    outputs: [],
    isOutput: true,
  },
  'Reroute (rgthree)': virtual({ outputs: outs('*') }),
  'Fast Groups Muter (rgthree)': virtual(),
  'Fast Groups Bypasser (rgthree)': virtual(),
  'Fast Muter (rgthree)': virtual(),
  'Fast Bypasser (rgthree)': virtual(),
  'Mute / Bypass Repeater (rgthree)': virtual(),
  'Mute / Bypass Relay (rgthree)': virtual(),
  'Random Unmuter (rgthree)': virtual(),
  'Node Collector (rgthree)': virtual(),
  'Bookmark (rgthree)': virtual(),
  'Label (rgthree)': virtual(),
});

const SIDES = { positive: CONDITIONING, negative: CONDITIONING };
const SIDES_OUT = ['CONDITIONING+:CONDITIONING', 'CONDITIONING-:CONDITIONING'] as const;
const loraStrength = () => float(1, [-10, 10]);

/** @see github.com/jags111/efficiency-nodes-comfyui */
const EFFICIENCY = ofPack('efficiency-nodes-comfyui', {
  'Efficient Loader': {
    category: 'Efficiency Nodes/Loaders',
    inputs: {
      ckpt_name: file('checkpoints'),
      vae_name: file('vae'),
      clip_skip: int(-1, [-24, 0]),
      lora_name: file('loras'),
      lora_model_strength: loraStrength(),
      lora_clip_strength: loraStrength(),
      positive: multiline('CLIP_POSITIVE'),
      negative: multiline('CLIP_NEGATIVE'),
      token_normalization: choice(['none', 'mean', 'length', 'length+mean']),
      weight_interpretation: choice(['comfy', 'A1111', 'compel', 'comfy++', 'down_weight']),
      empty_latent_width: px(512, 64),
      empty_latent_height: px(512, 64),
      batch_size: int(1, [1, 262_144]),
      lora_stack: maybe(socket('LORA_STACK')),
      cnet_stack: maybe(socket('CONTROL_NET_STACK')),
    },
    outputs: outs('MODEL', ...SIDES_OUT, 'LATENT', 'VAE', 'CLIP', 'DEPENDENCIES'),
  },
  'KSampler (Efficient)': {
    category: 'Efficiency Nodes/Sampling',
    inputs: {
      model: MODEL,
      seed: seed(),
      steps: int(20, [1, 10_000]),
      cfg: float(7, [0, 100, 0.1]),
      sampler_name: samplerName(),
      scheduler: open(schedulerName()),
      ...SIDES,
      latent_image: LATENT,
      denoise: share(1),
      preview_method: choice(['auto', 'latent2rgb', 'taesd', 'vae_decoded_only', 'none']),
      vae_decode: choice(['true', 'true (tiled)', 'false', 'output only', 'output only (tiled)']),
      optional_vae: maybe(VAE),
      script: maybe(socket('SCRIPT')),
    },
    outputs: outs('MODEL', ...SIDES_OUT, 'LATENT', 'VAE', 'IMAGE'),
    isOutput: true,
  },
});

const BASIC_PIPE = socket('BASIC_PIPE');
const PARTS = { model: MODEL, clip: CLIP, vae: VAE, ...SIDES };
const PARTS_OUT = ['model:MODEL', 'clip:CLIP', 'vae:VAE', 'positive:CONDITIONING', 'negative:CONDITIONING'] as const;

/** @see github.com/ltdrdata/ComfyUI-Impact-Pack */
const IMPACT = ofPack('comfyui-impact-pack', {
  ToBasicPipe: { category: 'ImpactPack/Pipe', inputs: PARTS, outputs: outs('basic_pipe:BASIC_PIPE') },
  FromBasicPipe: { category: 'ImpactPack/Pipe', inputs: { basic_pipe: BASIC_PIPE }, outputs: outs(...PARTS_OUT) },
  FromBasicPipe_v2: {
    category: 'ImpactPack/Pipe',
    inputs: { basic_pipe: BASIC_PIPE },
    outputs: outs('basic_pipe:BASIC_PIPE', ...PARTS_OUT),
  },
  EditBasicPipe: {
    category: 'ImpactPack/Pipe',
    inputs: {
      basic_pipe: BASIC_PIPE,
      model: maybe(MODEL),
      clip: maybe(CLIP),
      vae: maybe(VAE),
      positive: maybe(CONDITIONING),
      negative: maybe(CONDITIONING),
    },
    outputs: outs('basic_pipe:BASIC_PIPE'),
  },
});

/** @see github.com/pythongosssss/ComfyUI-Custom-Scripts */
const SCRIPTS = ofPack('comfyui-custom-scripts', {
  'ShowText|pysssss': {
    title: 'Show Text',
    category: 'utils',
    inputs: { text: words() },
    outputs: outs('STRING[]'),
    takesLists: true,
    isOutput: true,
  },
  'StringFunction|pysssss': {
    title: 'String Function',
    category: 'utils',
    inputs: {
      action: choice(['append', 'replace']),
      tidy_tags: choice(['yes', 'no']),
      text_a: maybe(multiline()),
      text_b: maybe(multiline()),
      text_c: maybe(multiline()),
    },
    outputs: STRING,
  },
  'MathExpression|pysssss': {
    title: 'Math Expression',
    category: 'utils',
    inputs: {
      expression: multiline(),
      a: maybe(socket('INT,FLOAT,IMAGE,LATENT')),
      b: maybe(socket('INT,FLOAT,IMAGE,LATENT')),
      c: maybe(socket('INT,FLOAT,IMAGE,LATENT')),
    },
    outputs: outs('INT', 'FLOAT'),
    isOutput: true,
  },
});

const TRUE_FALSE = ['true', 'false'] as const;

/** @see github.com/WASasquatch/was-node-suite-comfyui */
const WAS = ofPack('was-node-suite-comfyui', {
  'Text Multiline': { category: 'WAS Suite/Text', inputs: { text: multiline() }, outputs: STRING },
  'Text Concatenate': {
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
    category: 'essentials/image utils',
    inputs: { image: IMAGE },
    outputs: outs('width:INT', 'height:INT', 'count:INT'),
  },
  'SimpleMath+': {
    category: 'essentials/utilities',
    inputs: { a: maybe(ANY), b: maybe(ANY), c: maybe(ANY), value: text() },
    outputs: outs('INT', 'FLOAT'),
  },
});

/** @see github.com/jamesWalker55/comfyui-various */
const VARIOUS = ofPack('comfyui-various', {
  JWInteger: constant(anyNumber(), 'INT'),
  JWFloat: constant(anyFloat(), 'FLOAT'),
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
  'easy float': constant(anyFloat(), 'float:FLOAT'),
  'easy string': constant(text(), 'string:STRING'),
  'easy boolean': constant(flag(false), 'boolean:BOOLEAN'),
});

export const PACKS: NodeTable = {
  ...KJ,
  ...RGTHREE,
  ...EFFICIENCY,
  ...IMPACT,
  ...SCRIPTS,
  ...WAS,
  ...ESSENTIALS,
  ...VARIOUS,
  ...EASY,
};

/** How classes of packs are called, where a file says not which pack one is of. */
const MARKS: readonly (readonly [pattern: RegExp, pack: string])[] = [
  [/\(rgthree\)$/, 'rgthree-comfy'],
  [/\|pysssss$/, 'comfyui-custom-scripts'],
  [/\/\/ ?Inspire$/i, 'comfyui-inspire-pack'],
  [/^easy /, 'comfyui-easy-use'],
  [/^CR /, 'ComfyUI_Comfyroll_CustomNodes'],
  [/^ttN /, 'comfyui_tinyterranodes'],
  [/^VHS_/, 'comfyui-videohelpersuite'],
  [/^ADE_/, 'comfyui-animatediff-evolved'],
  [/^ACN_/, 'comfyui-advanced-controlnet'],
  [/^IPAdapter/, 'comfyui_ipadapter_plus'],
  [/^Impact|^FaceDetailer|^Detailer|SEGS|^SAMLoader$|^BasicPipe/, 'comfyui-impact-pack'],
  [/^Layer(Utility|Color|Filter|Mask|Style): /, 'comfyui_layerstyle'],
  [/^(UltimateSDUpscale)/, 'comfyui_ultimatesdupscale'],
  [/^Anything Everywhere|^Prompts Everywhere$|^Seed Everywhere$/, 'cg-use-everywhere'],
  [/Preprocessor$/, 'comfyui_controlnet_aux'],
  [/GGUF/, 'ComfyUI-GGUF'],
  [/\+$/, 'comfyui_essentials'],
  [/KJ(v2)?$/, 'comfyui-kjnodes'],
  [/^JW[A-Z]/, 'comfyui-various'],
  [/\(Efficient\)$|^Efficient Loader$|^Eff\. /, 'efficiency-nodes-comfyui'],
];

/** @returns undefined where neither table nor name tells */
export function packByName(type: string): string | undefined {
  if (Object.hasOwn(PACKS, type)) return PACKS[type]?.pack;
  return MARKS.find(([pattern]) => pattern.test(type))?.[1];
}
