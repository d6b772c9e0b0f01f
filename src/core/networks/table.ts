/** The table of networks: what a component can be. Packs, engine, catalogue and tests iterate it or look into it. */
import { annotator } from './annotators/network';
import { autoencoderDecoder, autoencoderEncoder } from './autoencoder-network';
import { clipText, clipTextProjection } from './clip-text-network';
import { controlHint, controlnet, t2iAdapter } from './control/control-networks';
import { imagePrompt, vision } from './image-prompt/networks';
import type { Network } from './network';
import { tinyDecoder, tinyEncoder } from './tiny-autoencoder-network';
import { unet } from './unet-network';
import { compact } from './upscalers/compact';
import { omniSr } from './upscalers/omnisr';
import { rrdb } from './upscalers/rrdb';
import { span } from './upscalers/span';

export const NETWORKS = {
  clip_text: clipText,
  clip_text_projection: clipTextProjection,
  unet,
  autoencoder_decoder: autoencoderDecoder,
  autoencoder_encoder: autoencoderEncoder,
  tiny_decoder: tinyDecoder,
  tiny_encoder: tinyEncoder,
  control_step: controlnet,
  control_hint: controlHint,
  t2i_adapter: t2iAdapter,
  image_prompt_adapter: imagePrompt,
  clip_vision: vision,
  hint_annotator: annotator,
  compact_upscaler: compact,
  rrdb_upscaler: rrdb,
  span_upscaler: span,
  omnisr_upscaler: omniSr,
} as const satisfies Record<string, Network>;

export type NetworkId = keyof typeof NETWORKS;
