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

export const decode = (samples: [string, number]) => node('VAEDecode', { samples, vae: ['1', 2] });
/** A second sampler behind node `from`, which is given what the first one made. */
export const second = (enlarge: Nodes, from: string): Nodes => ({
  ...enlarge,
  '9': sampler({ latent_image: [from, 0], denoise: 0.5 }),
  '6': decode(['9', 0]),
});
export const upscaler = (name: string) => node('UpscaleModelLoader', { model_name: name });
/** A second sampler behind a model that enlarges, node 11, and what follows that; node `last` is what it is given. */
export const byModel = (name: string, more: Nodes = {}, last = '11'): Nodes =>
  second(
    {
      '10': decode(['5', 0]),
      '11': node('ImageUpscaleWithModel', { upscale_model: ['12', 0], image: ['10', 0] }),
      '12': upscaler(name),
      ...more,
      '14': node('VAEEncode', { pixels: [last, 0], vae: ['1', 2] }),
    },
    '14',
  );
