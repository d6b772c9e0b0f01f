/** Nodes that make one model of two, and those that write models to files. @see ComfyUI comfy_extras/nodes_model_merging.py, nodes_model_merging_model_specific.py */
import { CLIP, float, MODEL, outs, share, text, VAE, type NodeTable } from './spec';

const CATEGORY = 'advanced/model_merging';
const MODEL_OUT = outs('MODEL');
const CLIP_OUT = outs('CLIP');
const MODELS = { model1: MODEL, model2: MODEL };
const CLIPS = { clip1: CLIP, clip2: CLIP };
const multiplier = () => float(1, [-10, 10]);

/** A share for each block, by its name in the original layout. @param blocks  of the way down, and as many up */
function ofBlocks(blocks: number) {
  const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}.${i}.`);
  const names = [
    ...['time_embed.', 'label_emb.'],
    ...[...numbered('input_blocks', blocks), ...numbered('middle_block', 3), ...numbered('output_blocks', blocks)],
    'out.',
  ];
  return {
    operation: 'merge_by_shares',
    category: `${CATEGORY}/model_specific`,
    inputs: { ...MODELS, ...Object.fromEntries(names.map((name) => [name, share(1)])) },
    outputs: MODEL_OUT,
  };
}

/** What writes files of weights. */
const saver = (inputs: NodeTable[string]['inputs'], prefix: string) => ({
  category: CATEGORY,
  inputs: { ...inputs, filename_prefix: text(prefix, { hasMarks: true }) },
  outputs: [],
  isOutput: true as const,
});

export const MERGING = {
  ModelMergeSimple: {
    operation: 'merge_models',
    category: CATEGORY,
    inputs: { ...MODELS, ratio: share(1) },
    outputs: MODEL_OUT,
  },
  ModelMergeBlocks: {
    operation: 'merge_by_shares',
    category: CATEGORY,
    inputs: { ...MODELS, input: share(1), middle: share(1), out: share(1) },
    outputs: MODEL_OUT,
  },
  ModelMergeAdd: { operation: 'add_models', category: CATEGORY, inputs: MODELS, outputs: MODEL_OUT },
  ModelMergeSubtract: {
    operation: 'subtract_models',
    category: CATEGORY,
    inputs: { ...MODELS, multiplier: multiplier() },
    outputs: MODEL_OUT,
  },
  ModelMergeSD1: ofBlocks(12),
  ModelMergeSD2: ofBlocks(12),
  ModelMergeSDXL: ofBlocks(9),
  CLIPMergeSimple: {
    operation: 'merge_clips',
    category: CATEGORY,
    inputs: { ...CLIPS, ratio: share(1) },
    outputs: CLIP_OUT,
  },
  CLIPMergeAdd: { operation: 'add_clips', category: CATEGORY, inputs: CLIPS, outputs: CLIP_OUT },
  CLIPMergeSubtract: {
    operation: 'subtract_clips',
    category: CATEGORY,
    inputs: { ...CLIPS, multiplier: multiplier() },
    outputs: CLIP_OUT,
  },
  CheckpointSave: { title: 'Save Checkpoint', ...saver({ model: MODEL, clip: CLIP, vae: VAE }, 'checkpoints/ComfyUI') },
  ModelSave: saver({ model: MODEL }, 'diffusion_models/ComfyUI'),
  CLIPSave: saver({ clip: CLIP }, 'clip/ComfyUI'),
  VAESave: saver({ vae: VAE }, 'vae/ComfyUI_vae'),
} as const satisfies NodeTable;
