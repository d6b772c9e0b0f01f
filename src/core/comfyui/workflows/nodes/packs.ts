/** Nodes of other people's packs that are a thin cover over ComfyUI's own; `pack` is the pack's name in the registry. */
import { MORE_PACKS } from './more-packs';
import { CONTROL_PACKS } from './control-packs';
import { GUIDANCE_PACKS } from './guidance';
import { HINT_PACKS } from './hint-packs';
import { IMAGE_PROMPT_PACKS } from './image-prompt-packs';
import { PICTURE_PACKS } from './picture-packs';
import { PIPE_PACKS } from './pipe-packs';
import { REDRAW_PACK } from './redraw-pack';
import { RESIZE_PACKS } from './resize-packs';
import { SAMPLER_PACKS } from './sampler-packs';
import { SIZE_PACKS } from './size-packs';
import { STACK_PACKS } from './stack-packs';
import { TEXT_PACKS } from './text-packs';
import { SEAMLESS_PACK } from './seamless';
import { TILED_PACK } from './tiled';
import { VALUE_PACKS } from './value-packs';
import { anyFloat, anyNumber, constant, ofPack, STRING, words } from './pack-words';
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
  maybe,
  MODEL,
  multiline,
  open,
  other,
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

/** @see github.com/kijai/ComfyUI-KJNodes */
const KJ = ofPack('comfyui-kjnodes', {
  SetNode: { category: 'utils', inputs: { name: text() }, outputs: outs('*'), isVirtual: true },
  GetNode: { category: 'utils', inputs: { name: text() }, outputs: outs('*'), isVirtual: true },
  INTConstant: constant(anyNumber(), 'value:INT'),
  FloatConstant: constant(anyFloat(), 'value:FLOAT', 'number'),
  BOOLConstant: constant(flag(true), 'value:BOOLEAN', 'flag'),
  StringConstant: {
    operation: 'constant_text',
    category: 'utils/constants',
    inputs: { string: text() },
    outputs: STRING,
  },
  StringConstantMultiline: {
    operation: 'constant_lines',
    category: 'utils/constants',
    inputs: { string: multiline(), strip_newlines: flag(true) },
    outputs: STRING,
  },
  JoinStrings: {
    operation: 'join_strings',
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
    operation: 'whole_seed',
    category: 'rgthree',
    inputs: { seed: int(0, [-(2n ** 50n), 2n ** 50n]) },
    outputs: outs('SEED:INT'),
  },
  'Any Switch (rgthree)': {
    operation: 'first_given',
    category: 'rgthree',
    inputs: {},
    more: { pattern: 'any_\\d+', type: '*' },
    outputs: outs('*'),
  },
  'Display Any (rgthree)': {
    operation: 'show_any',
    category: 'rgthree',
    inputs: { source: ANY },
    outputs: [],
    isOutput: true,
  },
  'Power Lora Loader (rgthree)': {
    operation: 'add_loras',
    category: 'rgthree',
    inputs: { model: maybe(MODEL), clip: maybe(CLIP) },
    outputs: outs('MODEL', 'CLIP'),
  },
  'Context (rgthree)': {
    operation: 'context',
    category: 'rgthree',
    inputs: CONTEXT,
    outputs: CONTEXT_OUTPUTS,
  },
  'Context Switch (rgthree)': {
    operation: 'first_context',
    category: 'rgthree',
    inputs: {},
    more: { pattern: 'ctx_\\d+', type: 'RGTHREE_CONTEXT' },
    outputs: CONTEXT_OUTPUTS,
  },
  'Image Comparer (rgthree)': {
    operation: 'compare_images',
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
    operation: 'load_all',
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
    operation: 'sample_and_show',
    category: 'Efficiency Nodes/Sampling',
    inputs: {
      model: MODEL,
      // −1 and below: drawn when it is queued (convert/texts.ts)
      seed: { ...seed(), min: -3 },
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
  ToBasicPipe: {
    operation: 'pack_parts',
    category: 'ImpactPack/Pipe',
    inputs: PARTS,
    outputs: outs('basic_pipe:BASIC_PIPE'),
  },
  FromBasicPipe: {
    operation: 'unpack_parts',
    category: 'ImpactPack/Pipe',
    inputs: { basic_pipe: BASIC_PIPE },
    outputs: outs(...PARTS_OUT),
  },
  FromBasicPipe_v2: {
    operation: 'unpack_parts_and_pipe',
    category: 'ImpactPack/Pipe',
    inputs: { basic_pipe: BASIC_PIPE },
    outputs: outs('basic_pipe:BASIC_PIPE', ...PARTS_OUT),
  },
  PreviewBridge: {
    operation: 'show_and_hand_on',
    category: 'ImpactPack/Util',
    inputs: { images: IMAGE, image: other() },
    outputs: outs('IMAGE', 'MASK'),
    isOutput: true,
  },
  ImpactInt: constant(int(0, [0, 2n ** 63n - 1n]), 'INT'),
  ImpactFloat: constant(anyFloat(1), 'FLOAT', 'number'),
  ImpactBoolean: constant(flag(false), 'BOOLEAN', 'flag'),
  EditBasicPipe: {
    operation: 'edit_parts',
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
    operation: 'show_given_text',
    category: 'utils',
    inputs: { text: words() },
    outputs: outs('STRING[]'),
    takesLists: true,
    isOutput: true,
  },
  'StringFunction|pysssss': {
    title: 'String Function',
    operation: 'string_function',
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
    operation: 'compute_cut',
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

/** What they do is done when a prompt is made (convert/everywhere.ts). @see github.com/chrisgoringe/cg-use-everywhere */
const EVERYWHERE = ofPack('cg-use-everywhere', {
  'Anything Everywhere': virtual({ category: 'everywhere', inputs: { anything: maybe(ANY) } }),
  'Anything Everywhere3': virtual({
    category: 'everywhere',
    inputs: { anything: maybe(ANY), anything2: maybe(ANY), anything3: maybe(ANY) },
  }),
  'Prompts Everywhere': virtual({
    category: 'everywhere',
    inputs: { '+ve': maybe(CONDITIONING), '-ve': maybe(CONDITIONING) },
  }),
  'Seed Everywhere': {
    operation: 'whole_seed',
    category: 'everywhere',
    inputs: { seed: seed() },
    outputs: outs('INT'),
  },
});

export const PACKS: NodeTable = {
  ...KJ,
  ...RGTHREE,
  ...EFFICIENCY,
  ...IMPACT,
  ...SCRIPTS,
  ...MORE_PACKS,
  ...RESIZE_PACKS,
  ...HINT_PACKS,
  ...IMAGE_PROMPT_PACKS,
  ...EVERYWHERE,
  ...STACK_PACKS,
  ...VALUE_PACKS,
  ...TILED_PACK,
  ...CONTROL_PACKS,
  ...SAMPLER_PACKS,
  ...SIZE_PACKS,
  ...TEXT_PACKS,
  ...PIPE_PACKS,
  ...GUIDANCE_PACKS,
  ...SEAMLESS_PACK,
  ...REDRAW_PACK,
  ...PICTURE_PACKS,
};
