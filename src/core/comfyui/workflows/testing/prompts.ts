/** Small prompts for tests: a node's class and inputs, links as `['id', 0]`. */
import type { ApiPrompt } from '../convert';
import type { Json } from '../document';

type Written = Readonly<Record<string, readonly [type: string, inputs: Record<string, Json>]>>;

export const promptFrom = (nodes: Written): ApiPrompt =>
  Object.fromEntries(Object.entries(nodes).map(([id, [class_type, inputs]]) => [id, { class_type, inputs }]));

/** Settings of a sampler that are not links. */
export const SAMPLER = { seed: 7, steps: 4, cfg: 4, sampler_name: 'euler', scheduler: 'normal', denoise: 1 };
export const PARTS = { model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] };

/** ComfyUI's first graph. @param changes  nodes in place of these, and others */
export const TEXT_TO_PICTURE = {
  '3': ['KSampler', { ...SAMPLER, ...PARTS }],
  '4': ['CheckpointLoaderSimple', { ckpt_name: 'starter' }],
  '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 1 }],
  '6': ['CLIPTextEncode', { text: 'a red apple', clip: ['4', 1] }],
  '7': ['CLIPTextEncode', { text: 'blue', clip: ['4', 1] }],
  '8': ['VAEDecode', { samples: ['3', 0], vae: ['4', 2] }],
  '9': ['SaveImage', { images: ['8', 0], filename_prefix: 'ComfyUI' }],
} as const satisfies Written;
