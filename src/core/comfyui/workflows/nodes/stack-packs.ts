/** Packs' stacks of LoRAs: see packs.ts. */
import { ofPack } from './pack-words';
import {
  choice,
  CLIP,
  file,
  flag,
  float,
  int,
  maybe,
  MODEL,
  outs,
  socket,
  type InputSpec,
  type NodeSpec,
} from './spec';

const STACK = socket('LORA_STACK');
const strength = () => float(1, [-10, 10]);
const numbered = (count: number, make: (i: number) => Record<string, InputSpec>): NodeSpec['inputs'] =>
  Object.assign({}, ...Array.from({ length: count }, (_, i) => make(i + 1)));

/** LoRA Stacker has as many places; other versions of it have fewer, so that none must be there. */
export const MOST_STACKED = 49;

/** @see github.com/Suzie1/ComfyUI_Comfyroll_CustomNodes nodes_lora.py */
const COMFYROLL = ofPack('ComfyUI_Comfyroll_CustomNodes', {
  'CR LoRA Stack': {
    operation: 'stack_three_loras',
    category: 'Comfyroll/Essential/LoRA',
    inputs: {
      ...numbered(3, (i) => ({
        [`switch_${i}`]: maybe(choice(['Off', 'On'])),
        [`lora_name_${i}`]: maybe(file('loras')),
        [`model_weight_${i}`]: maybe(strength()),
        [`clip_weight_${i}`]: maybe(strength()),
      })),
      lora_stack: maybe(STACK),
    },
    outputs: outs('LORA_STACK', 'show_help:STRING'),
  },
  'CR Apply LoRA Stack': {
    operation: 'add_stacked_loras',
    category: 'Comfyroll/Essential/LoRA',
    inputs: { model: MODEL, clip: CLIP, lora_stack: maybe(STACK) },
    outputs: outs('MODEL', 'CLIP', 'show_help:STRING'),
  },
});

/** @see github.com/jags111/efficiency-nodes-comfyui TSC_LoRA_Stacker */
const EFFICIENCY = ofPack('efficiency-nodes-comfyui', {
  'LoRA Stacker': {
    operation: 'stack_loras',
    category: 'Efficiency Nodes/Stackers',
    inputs: {
      input_mode: choice(['simple', 'advanced']),
      lora_count: int(3, [0, MOST_STACKED + 1]),
      ...numbered(MOST_STACKED, (i) => ({
        [`lora_name_${i}`]: maybe(file('loras')),
        [`lora_wt_${i}`]: maybe(strength()),
        [`model_str_${i}`]: maybe(strength()),
        [`clip_str_${i}`]: maybe(strength()),
      })),
      lora_stack: maybe(STACK),
    },
    outputs: outs('LORA_STACK'),
  },
});

/** @see github.com/yolain/ComfyUI-Easy-Use py/easyNodes.py loraStack */
const EASY = ofPack('comfyui-easy-use', {
  'easy loraStack': {
    operation: 'stack_ten_loras',
    category: 'EasyUse/Loaders',
    inputs: {
      ...{ toggle: flag(true), mode: choice(['simple', 'advanced']), num_loras: int(1, [1, 10]) },
      ...numbered(10, (i) => ({
        [`lora_${i}_name`]: maybe(file('loras')),
        [`lora_${i}_strength`]: maybe(strength()),
        [`lora_${i}_model_strength`]: maybe(strength()),
        [`lora_${i}_clip_strength`]: maybe(strength()),
      })),
      optional_lora_stack: maybe(STACK),
    },
    outputs: outs('lora_stack:LORA_STACK'),
  },
});

/** @see github.com/rgthree/rgthree-comfy lora_stack.py */
const RGTHREE = ofPack('rgthree-comfy', {
  'Lora Loader Stack (rgthree)': {
    operation: 'add_four_loras',
    category: 'rgthree',
    inputs: {
      model: MODEL,
      clip: CLIP,
      ...numbered(4, (i) => ({ [`lora_0${i}`]: maybe(file('loras')), [`strength_0${i}`]: maybe(strength()) })),
    },
    outputs: outs('MODEL', 'CLIP'),
  },
});

/** Loaders with pictures in their lists. @see github.com/pythongosssss/ComfyUI-Custom-Scripts better_combos.py */
const SCRIPTS = ofPack('comfyui-custom-scripts', {
  'CheckpointLoader|pysssss': {
    title: 'Checkpoint Loader',
    operation: 'load_checkpoint',
    category: 'loaders',
    inputs: { ckpt_name: file('checkpoints') },
    outputs: outs('MODEL', 'CLIP', 'VAE'),
  },
  'LoraLoader|pysssss': {
    title: 'Lora Loader',
    operation: 'load_lora',
    category: 'loaders',
    inputs: {
      ...{ model: MODEL, clip: CLIP, lora_name: file('loras') },
      ...{ strength_model: float(1, [-20, 20]), strength_clip: float(1, [-20, 20]) },
    },
    outputs: outs('MODEL', 'CLIP'),
  },
});

export const STACK_PACKS = { ...COMFYROLL, ...EFFICIENCY, ...EASY, ...RGTHREE, ...SCRIPTS };
