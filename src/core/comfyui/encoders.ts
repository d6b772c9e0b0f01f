/** Nodes that make conditioning out of texts. */
import type { Note } from '../recipe/infotext';
import { extrasOf } from './extras';
import { isLink, type PromptNode } from './graph';
import { isOfKind } from './kinds';
import { readTags, withoutTags } from './loras';
import type { Outlet } from './outlets';
import type { Found, Walk } from './walk';

export interface ConditioningText {
  text: string;
  clip: Found | undefined;
}

/** Their texts, of which the first that is not empty counts. */
const ENCODERS: Readonly<Record<string, readonly string[]>> = {
  CLIPTextEncode: ['text'],
  CLIPTextEncodeSDXL: ['text_g', 'text_l'],
  CLIPTextEncodeSDXLRefiner: ['text'],
  CLIPTextEncodeFlux: ['t5xxl', 'clip_l'],
  CLIPTextEncodeSD3: ['clip_g', 'clip_l', 't5xxl'],
  CLIPTextEncodeHiDream: ['clip_l', 'clip_g', 't5xxl', 'llama'],
  CLIPTextEncodeHunyuanDiT: ['bert', 'mt5xl'],
  CLIPTextEncodeLumina2: ['user_prompt'],
  CLIPTextEncodePixArtAlpha: ['text'],
  TextEncodeQwenImageEdit: ['prompt'],
  TextEncodeQwenImageEditPlus: ['prompt'],
  ImpactWildcardEncode: ['populated_text'],
  'WildcardEncode //Inspire': ['populated_text'],
  BNK_CLIPTextEncodeAdvanced: ['text'],
  BNK_CLIPTextEncodeSDXLAdvanced: ['text_g', 'text_l'],
  'smZ CLIPTextEncode': ['text', 'text_g', 'text_l'],
  'CLIPTextEncodeSDXL+': ['text_g', 'text_l'],
  'CLIPTextEncodeSDXL+ ': ['text'],
  CLIPTextEncodeSDXLSimplified: ['text'],
  'Power Prompt (rgthree)': ['prompt'],
  'SDXL Power Prompt - Positive (rgthree)': ['prompt_g', 'prompt_l'],
  'SDXL Power Prompt - Simple / Negative (rgthree)': ['prompt_g', 'prompt_l'],
  'CLIP Positive-Negative w/Text (WLSH)': ['positive_text', 'negative_text'],
  PCLazyTextEncode: ['text'],
  ScheduleToCond: ['prompt_schedule'],
};

/** Undefined where the node makes none. */
export function readEncoder(walk: Walk, outlet: Outlet, notes: Note[]): ConditioningText | undefined {
  const { node, role } = outlet;
  const clip = walk.origin(node, 'clip');
  if (Object.hasOwn(ENCODERS, node.type)) {
    const texts = ENCODERS[node.type]
      .filter((name) => node.inputs.has(name))
      .map((name) => textOf(walk, node, { name, role }));
    return { text: first(node, texts, notes), clip };
  }
  const hasConditioning = [...node.inputs].some(
    ([name, value]) => isLink(value) && isOfKind(name, value, 'conditioning'),
  );
  const isEncoder =
    [...node.inputs].some(([name, value]) => isOfKind(name, value, 'text')) &&
    (node.inputs.has('clip') || /encode|prompt/i.test(node.type));
  if (hasConditioning || !isEncoder) return undefined;
  const text = walk.valueOf(walk.before(outlet, 'text') ?? outlet, 'text');
  return text === undefined ? { text: '', clip } : { text: String(text), clip };
}

function textOf(walk: Walk, node: PromptNode, { name, role }: { name: string; role: string }): string | undefined {
  const value = node.inputs.get(name);
  const source = isLink(value) ? walk.resolve(value, role) : undefined;
  const text = isLink(value) ? walk.valueOf(source, 'text') : value;
  if (text === undefined && source && 'node' in source) walk.loseText(source.node, role);
  return text === undefined ? undefined : String(text);
}

/** Encoders of models that edit pictures look at them. */
function notePictures({ type, inputs }: PromptNode): Note[] {
  const names = [...inputs].filter(([name, value]) => isLink(value) && /^image\d*$/.test(name));
  if (names.length === 0) return [];
  return [{ key: type, message: `The node "${type}" reads a picture beside the text, which is not carried over.` }];
}

const SCHEDULED = /\[[^\]]*:[^\]]*\]|<\w+:|^\s*"?\d+"?\s*:/m;

function first(node: PromptNode, texts: readonly (string | undefined)[], notes: Note[]): string {
  const found = texts.filter((text) => text !== undefined && text !== '');
  if (new Set(found).size > 1)
    notes.push({ key: node.type, message: 'The two text encoders had different prompts: the first is taken.' });
  notes.push(...extrasOf(node), ...notePictures(node));
  if (/^PC|PromptControl|Schedule/.test(node.type) && found.some((text) => SCHEDULED.test(text ?? '')))
    notes.push({
      key: node.type,
      message: `The node "${node.type}" reads "[from:to:0.5]" and tags in its text: here they are words of the prompt.`,
    });
  const text = found[0] ?? '';
  // This one loads LoRAs by tags, which it takes out of the text.
  return readTags(node).length > 0 ? withoutTags(text) : text;
}
