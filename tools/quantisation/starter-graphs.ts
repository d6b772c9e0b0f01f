/** The starter's networks by component, as diffusers' folders hold them. */
import type { BuiltGraph, GraphForm } from '../../src/core/graph';
import {
  buildAutoencoderDecoder,
  buildClipText,
  buildUnet,
  readAutoencoderConfig,
  readClipTextConfig,
  readUnetConfig,
} from '../../src/core/networks';

export type StarterComponent = 'text_encoder' | 'unet' | 'vae_decoder';

export interface StarterGraph {
  /** Name of the file of its weights. */
  weights: string;
  /** @param config  of its config.json */
  build(config: unknown, form: GraphForm): BuiltGraph;
}

export const STARTER_GRAPHS: Readonly<Record<StarterComponent, StarterGraph>> = {
  text_encoder: {
    weights: 'text_encoder/model.safetensors',
    build: (json, form) => buildClipText(readClipTextConfig('config.json', json), form),
  },
  unet: {
    weights: 'unet/diffusion_pytorch_model.safetensors',
    build: (json, form) => buildUnet(readUnetConfig('config.json', json), form),
  },
  vae_decoder: {
    weights: 'vae/diffusion_pytorch_model.safetensors',
    build: (json, form) => buildAutoencoderDecoder(readAutoencoderConfig('config.json', json), form),
  },
};
