/** Graphs for tests: a plain one of core nodes, with nodes put over it. */
import { readComfyRecipe, type ComfyRecipe } from '..';

export type Inputs = Record<string, unknown>;
export type Nodes = Record<string, { class_type: string; inputs: Inputs }>;

export const node = (class_type: string, inputs: Inputs) => ({ class_type, inputs });

const SAMPLER: Inputs = {
  seed: 77,
  steps: 18,
  cfg: 5.5,
  sampler_name: 'dpmpp_2m',
  scheduler: 'karras',
  denoise: 1,
  model: ['1', 0],
  positive: ['2', 0],
  negative: ['3', 0],
  latent_image: ['4', 0],
};

export const sampler = (more: Inputs = {}, type = 'KSampler') => node(type, { ...SAMPLER, ...more });

export const PLAIN: Nodes = {
  '1': node('CheckpointLoaderSimple', { ckpt_name: 'orchard.safetensors' }),
  '2': node('CLIPTextEncode', { text: 'a stone bridge', clip: ['1', 1] }),
  '3': node('CLIPTextEncode', { text: 'mist', clip: ['1', 1] }),
  '4': node('EmptyLatentImage', { width: 576, height: 704, batch_size: 1 }),
  '5': sampler(),
  '6': node('VAEDecode', { samples: ['5', 0], vae: ['1', 2] }),
  '7': node('SaveImage', { filename_prefix: 'x', images: ['6', 0] }),
};

/** What the plain graph says. */
export const SAID = {
  prompt: 'a stone bridge',
  negativePrompt: 'mist',
  seed: 77,
  steps: 18,
  cfgScale: 5.5,
  sampler: 'dpmpp_2m',
  schedule: 'karras',
  width: 576,
  height: 704,
  model: 'orchard',
};

export function read(nodes: Nodes): ComfyRecipe {
  const found = readComfyRecipe({ prompt: JSON.stringify({ ...PLAIN, ...nodes }) });
  if (!found) throw new Error('no recipe');
  return found;
}

export const notesOf = ({ notes }: ComfyRecipe): string => notes.map(({ message }) => message).join('\n');
