/** LoRAs in nodes: one by its name, lists with numbers, stacks, tags in a text. */
import type { LoraWeight } from '../recipe/infotext';
import { isLink, type PromptNode, type Literal } from './graph';
import { stem } from './passes';
import type { Walk } from './walk';

const MODEL_WEIGHTS = [
  'strength_model',
  'lora_model_strength',
  'model_strength',
  'model_weight',
  'lora_strength',
  'strength',
  'weight',
  'lora_wt',
];
const CLIP_WEIGHTS = ['strength_clip', 'lora_clip_strength', 'clip_strength', 'clip_weight', 'strength_text_encoder'];
const NUMBERED = /^(?:lora|lora_name|lora_?name_?)_?0*(\d+)$|^lora_0*(\d+)_name$|^lora0*(\d+)_name$/i;
const MOST_STACKS = 16;

export function readLoras(walk: Walk, node: PromptNode): LoraWeight[] {
  const found: LoraWeight[] = [];
  let stack: PromptNode | undefined = node;
  for (let i = 0; stack && i < MOST_STACKS; i++) {
    found.unshift(...ownLoras(walk, stack));
    stack = walk.source(stack, 'lora_stack', 'optional_lora_stack', 'loras', 'prev_stack');
  }
  return found;
}

function ownLoras(walk: Walk, node: PromptNode): LoraWeight[] {
  const one = node.inputs.has('lora_name') ? walk.text(node, 'lora_name') : undefined;
  const unet = walk.number(node, ...MODEL_WEIGHTS.filter((name) => node.inputs.has(name))) ?? 1;
  const text =
    walk.number(node, ...CLIP_WEIGHTS.filter((name) => node.inputs.has(name))) ??
    (/ModelOnly/i.test(node.type) ? 0 : unet);
  const single = one === undefined || isNone(one) ? [] : [{ name: stem(one), unet, text }];
  return [...single, ...numberedLoras(walk, node), ...objectLoras(node), ...readTags(node)];
}

const isNone = (name: Literal): boolean => /^(none|)$/i.test(String(name));

/** `lora_name_1`, `lora_wt_1`; a count may leave the last ones out. */
function numberedLoras(walk: Walk, node: PromptNode): LoraWeight[] {
  const most = walk.number(node, ...['lora_count', 'num_loras'].filter((name) => node.inputs.has(name))) ?? Infinity;
  return [...node.inputs].flatMap(([name, value]) => {
    const match = NUMBERED.exec(name);
    const digits = match?.[1] ?? match?.[2] ?? match?.[3];
    if (digits === undefined || isLink(value) || typeof value !== 'string' || isNone(value) || Number(digits) > most)
      return [];
    const weight = (words: readonly string[]) =>
      [...node.inputs].find(
        ([other, number]) =>
          typeof number === 'number' &&
          other !== name &&
          sameNumber(other, digits) &&
          words.some((word) => other.includes(word)),
      )?.[1];
    const isOff = [...node.inputs].some(
      ([other, flag]) =>
        /^(switch|enabled?|on|toggle)_?/i.test(other) &&
        sameNumber(other, digits) &&
        (flag === 'Off' || flag === false),
    );
    if (isOff) return [];
    const unet = weight(['model', 'unet']) ?? weight(['strength', 'weight', 'wt']) ?? 1;
    return [{ name: stem(value), unet: Number(unet), text: Number(weight(['clip', 'text']) ?? unet) }];
  });
}

function sameNumber(name: string, digits: string): boolean {
  return Number(/(\d+)/.exec(name)?.[1] ?? NaN) === Number(digits);
}

/** rgthree keeps `{on, lora, strength, strengthTwo}`, LoRA Manager `{name, strength, clipStrength, active}`. */
function objectLoras({ objects }: PromptNode): LoraWeight[] {
  return [...(objects ?? [])].flatMap(([input, bag]) => {
    const { on, active, lora, name, strength, strengthTwo, clipStrength } = bag;
    const file = lora ?? (/^loras? /.test(input) ? name : undefined);
    if (typeof file !== 'string' || isNone(file) || on === false || active === false) return [];
    const unet = toNumber(strength) ?? 1;
    return [{ name: stem(file), unet, text: toNumber(strengthTwo ?? clipStrength) ?? unet }];
  });
}

function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const TAG = /<lora:([^:>]+)(?::(-?[\d.]+))?(?::(-?[\d.]+))?[^>]*>/gi;
/** They load what the tags name, and take these out. */
const TAG_NODES: Readonly<Record<string, string>> = {
  ImpactWildcardEncode: 'populated_text',
  'WildcardEncode //Inspire': 'populated_text',
  LoraTagLoader: 'text',
  // tinyterraNodes
  'ttN pipeLoader': 'loras',
  'ttN pipeLoader_v2': 'loras',
  'ttN pipeLoaderSDXL_v2': 'loras',
  'Power Prompt (rgthree)': 'prompt',
  'SDXL Power Prompt - Positive (rgthree)': 'prompt_g',
};

export function readTags(node: PromptNode): LoraWeight[] {
  const text = Object.hasOwn(TAG_NODES, node.type) ? node.inputs.get(TAG_NODES[node.type]) : undefined;
  if (typeof text !== 'string') return [];
  return [...text.matchAll(TAG)].map(([, name, unet = '1', clip]) => ({
    name: stem(name),
    unet: Number(unet),
    text: Number(clip ?? unet),
  }));
}

export function withoutTags(text: string): string {
  return text
    .replace(TAG, '')
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
}
