/** What the pipeline needs of a model of ours, from its configs. */
import { AppError } from '../core/errors';
import { SD15_LATENT_RGB, SDXL_LATENT_RGB, type LatentRgb } from '../core/latents';
import { latentFactor } from '../core/networks';
import type { NoiseScheduleConfig } from '../core/schedules';
import type { Tokenizer } from '../core/tokenizer';
import type { GraphConfigs } from './graph-configs';
import type { ModelTraits, TextTraits } from './traits';

export interface TraitsInput {
  configs: GraphConfigs;
  noise: NoiseScheduleConfig;
  /** One a text encoder. */
  tokenizers: readonly Tokenizer[];
  /** The model's own preview, where it has one. */
  ownRgb?: LatentRgb;
}

/** @throws AppError 'bad-file' where the configs are not of one model, 'unsupported-model' for a U-Net with other inputs */
export function graphTraits({ configs, noise, tokenizers, ownRgb }: TraitsInput): ModelTraits {
  const { text, text2, unet, vae } = configs;
  assertTogether(configs, tokenizers);
  const isXl = text2 !== undefined;
  const texts: TextTraits[] = [{ component: 'text_encoder', tokenizer: tokenizers[0], width: text.width }];
  if (text2) texts.push({ component: 'text_encoder_2', tokenizer: tokenizers[1], width: text2.width });
  const factor = latentFactor(vae);
  const published = isXl ? SDXL_LATENT_RGB : SD15_LATENT_RGB;
  return {
    isXl,
    texts,
    // OpenCLIP's files (gelu) end at the last layer but one, on which Stable Diffusion 2 was trained.
    clipSkip: isXl ? 'from_two' : text.activation === 'gelu' ? 'none' : 'any',
    unetChannels: unet.inChannels,
    latentChannels: vae.latentChannels,
    latentFactor: factor,
    sizeStep: factor,
    scalingFactor: vae.scalingFactor,
    shiftFactor: vae.shiftFactor,
    noise,
    latentRgb: ownRgb ?? (vae.latentChannels === 4 ? published : undefined),
  };
}

/** The configs describe one model only if their widths meet. */
function assertTogether({ text, text2, unet, vae }: GraphConfigs, tokenizers: readonly Tokenizer[]): void {
  const meet = (a: string, x: number, b: string, y: number): void => {
    if (x !== y) throw new AppError('bad-file', `${a} is ${x} but ${b} is ${y}; these files are not of one model`);
  };
  const textWidth = text.width + (text2?.width ?? 0);
  const widths = text2 ? 'text_encoder and text_encoder_2: hidden_size' : 'text_encoder/config.json: hidden_size';
  meet(widths, textWidth, 'unet/config.json: cross_attention_dim', unet.contextWidth);
  const extra = unet.inChannels - vae.latentChannels;
  if (![0, vae.latentChannels, vae.latentChannels + 1].includes(extra))
    meet('unet/config.json: in_channels', unet.inChannels, 'vae/config.json: latent_channels', vae.latentChannels);
  meet('unet/config.json: out_channels', unet.outChannels, 'latent_channels', vae.latentChannels);
  [text, text2].forEach((config, i) => {
    const folder = i === 0 ? '' : '_2';
    if (config)
      meet(
        `tokenizer${folder}/tokenizer_config.json: model_max_length`,
        tokenizers[i].contextLength,
        `text_encoder${folder}/config.json: max_position_embeddings`,
        config.contextLength,
      );
  });
}
