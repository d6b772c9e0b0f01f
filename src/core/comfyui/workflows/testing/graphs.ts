/** Small workflows for tests, written as ComfyUI writes them. */
import { openComfyJson, toPrompt, type ApiPrompt } from '../convert';
import type { Json, JsonObject } from '../document/json';

export type Fields = JsonObject;

/** `links` as `[id, from, slot, to, slot, type]`; sockets get theirs from them. */
export function workflow(nodes: Fields[], links: Json[][] = [], more: Fields = {}): Fields {
  return { last_node_id: 99, last_link_id: 99, nodes, links, groups: [], config: {}, extra: {}, version: 0.4, ...more };
}

export const node = (id: number | string, type: string, more: Fields = {}): Fields => ({
  id,
  type,
  pos: [10, 20],
  size: [210, 60],
  flags: {},
  order: 0,
  mode: 0,
  inputs: [],
  outputs: [],
  properties: { 'Node name for S&R': type },
  ...more,
});

export const input = (name: string, type: string, link: number | null, more: Fields = {}): Fields => ({
  name,
  type,
  link,
  ...more,
});

export const widgetInput = (name: string, type: string, link: number | null): Fields =>
  input(name, type, link, { widget: { name } });

export const output = (name: string, type: string, links: number[]): Fields => ({ name, type, links });

export const promptOf = (json: Json): ApiPrompt => toPrompt(openComfyJson(json).document);

/** Checkpoint, two texts, a sampler and a saved picture. */
export function textToImage(more: { sampler?: Fields; nodes?: Fields[]; links?: Json[][] } = {}): Fields {
  return workflow(
    [
      node(4, 'CheckpointLoaderSimple', {
        outputs: [output('MODEL', 'MODEL', [1]), output('CLIP', 'CLIP', [3, 5]), output('VAE', 'VAE', [8])],
        widgets_values: ['orchard.safetensors'],
      }),
      node(5, 'EmptyLatentImage', { outputs: [output('LATENT', 'LATENT', [2])], widgets_values: [512, 768, 1] }),
      node(6, 'CLIPTextEncode', {
        inputs: [input('clip', 'CLIP', 3)],
        outputs: [output('CONDITIONING', 'CONDITIONING', [4])],
        widgets_values: ['a pear'],
      }),
      node(7, 'CLIPTextEncode', {
        inputs: [input('clip', 'CLIP', 5)],
        outputs: [output('CONDITIONING', 'CONDITIONING', [6])],
        widgets_values: ['mist'],
      }),
      node(3, 'KSampler', {
        inputs: [
          input('model', 'MODEL', 1),
          input('positive', 'CONDITIONING', 4),
          input('negative', 'CONDITIONING', 6),
          input('latent_image', 'LATENT', 2),
        ],
        outputs: [output('LATENT', 'LATENT', [7])],
        widgets_values: [77, 'randomize', 20, 8, 'euler', 'normal', 1],
        ...more.sampler,
      }),
      node(8, 'VAEDecode', {
        inputs: [input('samples', 'LATENT', 7), input('vae', 'VAE', 8)],
        outputs: [output('IMAGE', 'IMAGE', [9])],
      }),
      node(9, 'SaveImage', { inputs: [input('images', 'IMAGE', 9)], widgets_values: ['ComfyUI'] }),
      ...(more.nodes ?? []),
    ],
    [
      [1, 4, 0, 3, 0, 'MODEL'],
      [2, 5, 0, 3, 3, 'LATENT'],
      [3, 4, 1, 6, 0, 'CLIP'],
      [4, 6, 0, 3, 1, 'CONDITIONING'],
      [5, 4, 1, 7, 0, 'CLIP'],
      [6, 7, 0, 3, 2, 'CONDITIONING'],
      [7, 3, 0, 8, 0, 'LATENT'],
      [8, 4, 2, 8, 1, 'VAE'],
      [9, 8, 0, 9, 0, 'IMAGE'],
      ...(more.links ?? []),
    ],
  );
}

/** What runs of text to image, as a prompt. */
export const TEXT_TO_IMAGE: ApiPrompt = {
  '3': {
    class_type: 'KSampler',
    inputs: {
      seed: 77,
      steps: 20,
      cfg: 8,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'orchard.safetensors' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 768, batch_size: 1 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a pear', clip: ['4', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'mist', clip: ['4', 1] } },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'ComfyUI', images: ['8', 0] } },
};

/** An instance of a subgraph that reads a text, with an input and an output that is joined to nothing. */
export const nested = (): Fields => workflow([node(1, 'abc')], [], { definitions: { subgraphs: [SUB] } });

const SUB: Fields = {
  ...{ id: 'abc', name: 'Half', version: 1, state: { lastNodeId: 200, lastLinkId: 30 }, groups: [] },
  inputNode: { id: -10, bounding: [0, 0, 1, 1] },
  outputNode: { id: -20, bounding: [0, 0, 1, 1] },
  inputs: [{ id: 'i', name: 'clip', type: 'CLIP', linkIds: [30] }],
  outputs: [{ id: 'o', name: 'out', type: 'CONDITIONING', linkIds: [] }],
  nodes: [
    node(150, 'CLIPTextEncode', {
      inputs: [{ name: 'clip', type: 'CLIP', link: 30 }],
      outputs: [output('CONDITIONING', 'CONDITIONING', [])],
      widgets_values: ['inner'],
    }),
  ],
  links: [{ id: 30, origin_id: -10, origin_slot: 0, target_id: 150, target_slot: 0, type: 'CLIP' }],
};
