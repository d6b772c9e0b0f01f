/** Packs' nodes that read texts in their own ways, and values on a bus: see packs.ts. */
import { anyFloat, ofPack } from './pack-words';
import { ANY, choice, CLIP, CONDITIONING, maybe, MODEL, multiline, open, other, outs, seed, socket } from './spec';

const BUS = ['any1', 'any2', 'any3', 'any4'] as const;

/** @see github.com/BlenderNeko/ComfyUI_ADV_CLIP_emb nodes.py */
const ADVANCED = ofPack('ComfyUI_ADV_CLIP_emb', {
  BNK_CLIPTextEncodeAdvanced: {
    title: 'CLIP Text Encode (Advanced)',
    operation: 'encode_text_weighed',
    category: 'conditioning/advanced',
    inputs: {
      ...{ text: multiline(), clip: CLIP },
      token_normalization: choice(['none', 'mean', 'length', 'length+mean']),
      weight_interpretation: choice(['comfy', 'A1111', 'compel', 'comfy++', 'down_weight']),
      affect_pooled: maybe(choice(['disable', 'enable'])),
    },
    outputs: outs('CONDITIONING'),
  },
});

/** What was drawn, early files say by a truth value. */
const MODE = { ...open(choice(['populate', 'fixed', 'reproduce'])), aliases: { true: 'populate', false: 'fixed' } };
const WILD = { wildcard_text: multiline(), populated_text: multiline() };

/** @see github.com/ltdrdata/ComfyUI-Impact-Pack impact_pack.py ImpactWildcardProcessor, ImpactWildcardEncode */
const IMPACT = ofPack('comfyui-impact-pack', {
  ImpactWildcardProcessor: {
    operation: 'populated_text',
    category: 'ImpactPack/Prompt',
    inputs: { ...WILD, mode: MODE, seed: seed(), 'Select to add Wildcard': maybe(other()) },
    outputs: outs('processed_text:STRING'),
  },
  ImpactWildcardEncode: {
    operation: 'encode_tagged_text',
    category: 'ImpactPack/Prompt',
    inputs: {
      ...{ model: MODEL, clip: CLIP, ...WILD, mode: MODE },
      ...{ 'Select to add LoRA': maybe(other()), 'Select to add Wildcard': maybe(other()), seed: maybe(seed()) },
    },
    outputs: outs('model:MODEL', 'clip:CLIP', 'conditioning:CONDITIONING', 'populated_text:STRING'),
  },
  CombineConditionings: {
    operation: 'combine_many_texts',
    category: 'ImpactPack/Util',
    inputs: {},
    more: { pattern: 'conditioning\\d+', type: CONDITIONING.type },
    outputs: outs('CONDITIONING'),
  },
});

/** @see github.com/Suzie1/ComfyUI_Comfyroll_CustomNodes nodes/nodes_pipe.py, nodes_utils_other.py */
const COMFYROLL = ofPack('ComfyUI_Comfyroll_CustomNodes', {
  'CR Value': {
    operation: 'value_in_two',
    category: 'Comfyroll/Utils/Other',
    inputs: { value: anyFloat(1) },
    outputs: outs('FLOAT', 'INT', 'show_help:STRING'),
  },
  'CR Data Bus In': {
    operation: 'bus_in',
    category: 'Comfyroll/Pipe/Bus',
    inputs: { pipe: maybe(ANY), ...Object.fromEntries(BUS.map((name) => [name, maybe(ANY)])) },
    outputs: outs('pipe:PIPE_LINE', 'show_help:STRING'),
  },
  'CR Data Bus Out': {
    operation: 'bus_out',
    category: 'Comfyroll/Pipe/Bus',
    inputs: { pipe: socket('PIPE_LINE') },
    outputs: outs('pipe:PIPE_LINE', ...BUS.map((name) => `${name}:*`), 'show_help:STRING'),
  },
});

export const TEXT_PACKS = { ...ADVANCED, ...IMPACT, ...COMFYROLL };
