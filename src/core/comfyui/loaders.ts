/** What stands before a sampler: the checkpoint with its LoRAs, the texts and their encoder. */
import type { LoraWeight, Note, Recipe } from '../infotext';
import type { GraphNode } from './graph';
import { stem } from './passes';
import type { Walk } from './walk';

/** Up from a sampler's `model` to the file. */
export function readModel(walk: Walk, start: GraphNode | undefined, notes: Note[]): Partial<Recipe> {
  const recipe: Partial<Recipe> = {};
  const loras: LoraWeight[] = [];
  for (let node = start; node;) {
    const file = walk.text(node, 'ckpt_name', 'unet_name');
    if (file !== undefined) recipe.model = stem(file);
    if (file !== undefined && !node.inputs.has('model')) break;
    const lora = walk.text(node, 'lora_name');
    if (lora !== undefined) loras.unshift(readLora(walk, node, lora));
    else if (node.type === 'ModelSamplingDiscrete') readModelSampling(walk, node, recipe, notes);
    else if (node.type === 'RescaleCFG') recipe.cfgRescale ??= walk.number(node, 'multiplier');
    else if (file === undefined) {
      node = walk.onward(node, 'model');
      continue;
    }
    node = walk.source(node, 'model');
  }
  if (loras.length > 0) recipe.loras = loras;
  return recipe;
}

function readLora(walk: Walk, node: GraphNode, file: string): LoraWeight {
  const unet = walk.number(node, 'strength_model') ?? 1;
  const text = walk.number(node, 'strength_clip') ?? (node.type === 'LoraLoaderModelOnly' ? 0 : unet);
  return { name: stem(file), unet, text };
}

function readModelSampling(walk: Walk, node: GraphNode, recipe: Partial<Recipe>, notes: Note[]): void {
  if (walk.value(node, 'zsnr') === true) recipe.zeroTerminalSnr = true;
  const sampling = walk.text(node, 'sampling');
  if (sampling !== undefined && sampling !== 'eps')
    notes.push({ key: 'ModelSamplingDiscrete', message: `"${sampling}" is not carried over: the model decides.` });
}

export interface ConditioningText {
  text: string;
  clip: GraphNode | undefined;
}

/** Up from a sampler's `positive` or `negative` to the text. */
export function readConditioning(walk: Walk, start: GraphNode | undefined, notes: Note[]): ConditioningText {
  for (let node = start; node;) {
    if (node.type === 'ConditioningZeroOut') return { text: '', clip: undefined };
    const texts = ['text', 'text_g', 'text_l'].map((name) => walk.text(node, name));
    const found = texts.filter((text) => text !== undefined);
    if (found.length > 0) {
      if (new Set(found).size > 1)
        notes.push({ key: node.type, message: 'The two text encoders had different prompts: the first is taken.' });
      return { text: found[0], clip: walk.source(node, 'clip') };
    }
    node = walk.onward(node, 'conditioning', 'positive', 'conditioning_1', 'conditioning_to');
  }
  return { text: '', clip: undefined };
}

/** `stop_at_clip_layer` counts from the end: −2 is A1111's 2. */
export function readClipSkip(walk: Walk, start: GraphNode | undefined): number | undefined {
  for (let node = start; node;) {
    const layer = walk.number(node, 'stop_at_clip_layer');
    if (layer !== undefined) return layer < 0 ? -layer : undefined;
    if (!node.inputs.has('clip')) return undefined;
    node = node.inputs.has('lora_name') ? walk.source(node, 'clip') : walk.onward(node, 'clip');
  }
  return undefined;
}
