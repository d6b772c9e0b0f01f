/** How much arithmetic one call of a model's component is. */
import type { Target } from '../graph';
import {
  buildAutoencoderDecoder,
  buildClipText,
  buildUnet,
  latentFactor,
  readAutoencoderConfig,
  readClipTextConfig,
  readUnetConfig,
} from '../models';
import { countFlops, type FlopCount } from './count-flops';

/** A model's config.json files, as far as they are there. */
export interface BenchConfigs {
  text_encoder: object;
  text_encoder_2?: object;
  unet: object;
  vae: object;
}

export type BenchComponent = 'text_encoder' | 'text_encoder_2' | 'unet' | 'vae_decoder';

export interface CallShape {
  /** Of the picture, in pixels. */
  width: number;
  height: number;
  /** Latents a call: two with guidance. */
  batch: number;
}

const TOKENS = 77;

/** @param target  portable: without channels that fill up fours */
export function componentFlops(
  component: BenchComponent,
  configs: BenchConfigs,
  { width, height, batch }: CallShape,
  target: Target = 'portable',
): FlopCount {
  const vae = readAutoencoderConfig('vae/config.json', configs.vae);
  const latent = { height: height / latentFactor(vae), width: width / latentFactor(vae) };
  switch (component) {
    case 'unet': {
      const config = readUnetConfig('unet/config.json', configs.unet);
      return countFlops(buildUnet(config, latent, target), {
        sample: [batch, config.inChannels, latent.height, latent.width],
        timestep_wave: [1, config.levels[0].channels],
        encoder_hidden_states: [batch, TOKENS, config.contextWidth],
        ...(config.addedCondition ? { added_condition: [batch, config.addedCondition.width] } : {}),
      });
    }
    case 'vae_decoder': {
      const graph = buildAutoencoderDecoder(vae, latent, target);
      return countFlops(graph, { latent: [batch, vae.latentChannels, latent.height, latent.width] });
    }
    case 'text_encoder':
    case 'text_encoder_2': {
      const config = readClipTextConfig(`${component}/config.json`, configs[component]);
      return countFlops(buildClipText(config, target), { input_ids: [batch, TOKENS] });
    }
  }
}
