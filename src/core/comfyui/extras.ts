/** What a node of another pack asks for beyond the core node that it resembles. */
import type { Note } from '../recipe/infotext';
import { isLink, type PromptNode } from './graph';

/** Inputs of KSampler, KSamplerAdvanced, CLIPTextEncode and their kin, and those that only say where things go. */
const PLAIN =
  /^(seed|noise_seed|steps|cfg|sampler_name|scheduler|denoise|add_noise|start_at_step|end_at_step|return_with_leftover_noise|text(_[gl])?|prompt(_[gl])?|populated_text|wildcard_text|positive|negative|width|height|crop_[wh]|target_(width|height)|ascore|batch_size|control_after_generate|preview_method|vae_decode|image_output|link_id|save_prefix|filename_prefix|file_type|embed_workflow|sampler_state|add_seed_num|mode|tile_?\w*_placeholder|Select to add .*|.*prefix|speak_and_recognation|t5xxl|clip_[gl]|guidance|optional_.*)$/i;

/** Values that ask for nothing. */
const NOTHING: ReadonlySet<unknown> = new Set([
  '',
  0,
  false,
  'none',
  'None',
  'disable',
  'disabled',
  'default',
  'auto',
  'comfy',
  'original',
  'enable',
  'Hide',
  'Preview',
  'Baked VAE',
  'incremental',
  'linear',
  'CPU',
  'false',
  'randomize',
  'fixed',
  // what rgthree's lists show where nothing is chosen, and numbers for "off"
  'CHOOSE',
  -1,
]);

export function extrasOf(node: PromptNode, read: ReadonlySet<string> = new Set()): Note[] {
  if (/^(KSampler|KSamplerAdvanced|SamplerCustom|SamplerCustomAdvanced|CLIPTextEncode\w*)$/.test(node.type)) return [];
  const extras = [...node.inputs].filter(
    ([name, value]) => !isLink(value) && !PLAIN.test(name) && !read.has(name) && !NOTHING.has(value),
  );
  if (extras.length === 0) return [];
  const said = extras.slice(0, 8).map(([name, value]) => `"${name}: ${String(value as string).slice(0, 40)}"`);
  return [{ key: node.type, message: `Of the node "${node.type}" these are not carried over: ${said.join(', ')}.` }];
}
