/** What the pipeline needs of a model of ours, from its configs and its family. */
import { AppError } from '../../core/errors';
import type { Family } from '../../core/families';
import { LATENT_COLOURS } from '../../core/families/latent-colours';
import type { LatentRgb } from '../../core/latents';
import type { AutoencoderSizes, DenoiserSizes, OpenNetworks, TextSizes } from '../../core/networks';
import type { ComponentId } from '../../core/networks/components';
import { publishedAs } from '../../core/networks/published';
import type { NoiseScheduleConfig } from '../../core/schedules';
import type { Tokenizer } from '../../core/tokenizer';
import { familyTraits, type ModelTraits } from './traits';

export interface TraitsInput {
  family: Family;
  networks: OpenNetworks;
  noise: NoiseScheduleConfig;
  /** One tokenizer for each text encoder. */
  tokenizers: readonly Tokenizer[];
  /** The model's own preview, where it has one. */
  ownRgb?: LatentRgb;
}

/** @throws AppError 'bad-file' where the configs are not of one model, 'unsupported-model' for a U-Net with other inputs */
export function graphTraits({ family, networks, noise, tokenizers, ownRgb }: TraitsInput): ModelTraits {
  const sizes = sizesOf(family, networks);
  assertTogether(family, sizes, tokenizers);
  const { latentChannels } = sizes.decoder;
  const published = latentChannels === family.latentChannels ? coloursOf(family) : undefined;
  return {
    ...familyTraits(family),
    clipSkip: family.clipSkip,
    texts: sizes.texts.map(({ component, width }, i) => ({ component, tokenizer: tokenizers[i], width })),
    inChannels: sizes.denoiser.inChannels,
    ...sizes.decoder,
    sizeStep: sizes.decoder.latentFactor,
    noise,
    latentRgb: ownRgb ?? published,
  };
}

export const coloursOf = ({ latentColours }: Family): LatentRgb | undefined =>
  latentColours && LATENT_COLOURS[latentColours];

interface Sizes {
  texts: readonly (TextSizes & { component: ComponentId })[];
  denoiser: DenoiserSizes;
  decoder: AutoencoderSizes;
}

function sizesOf({ texts, denoiser, decoder }: Family, networks: OpenNetworks): Sizes {
  return {
    texts: texts.map(({ component }) => ({ component, ...need(networks[component]?.sizes.text, component) })),
    denoiser: need(networks[denoiser]?.sizes.denoiser, denoiser),
    decoder: need(networks[decoder]?.sizes.autoencoder, decoder),
  };
}

function need<Value>(value: Value | undefined, component: ComponentId): Value {
  if (value === undefined) throw new RangeError(`${component}: its network has no such sizes`);
  return value;
}

/** The configs describe one model only if their widths meet. */
function assertTogether(family: Family, { texts, denoiser, decoder }: Sizes, tokenizers: readonly Tokenizer[]): void {
  const meet = (a: string, x: number, b: string, y: number): void => {
    if (x !== y) throw new AppError('bad-file', `${a} is ${x} but ${b} is ${y}; these files are not of one model`);
  };
  const configOf = (component: ComponentId): string => `${publishedAs(component)}/config.json`;
  const [unet, vae] = [configOf(family.denoiser), configOf(family.decoder)];
  const textWidth = texts.reduce((sum, { width }) => sum + width, 0);
  const names = texts.map(({ component }) => component);
  const widths = names.length === 1 ? configOf(names[0]) : names.join(' and ');
  meet(`${widths}: hidden_size`, textWidth, `${unet}: cross_attention_dim`, denoiser.contextWidth);
  const { latentChannels } = decoder;
  const extra = denoiser.inChannels - latentChannels;
  if (![0, latentChannels, latentChannels + 1].includes(extra))
    meet(`${unet}: in_channels`, denoiser.inChannels, `${vae}: latent_channels`, latentChannels);
  meet(`${unet}: out_channels`, denoiser.outChannels, 'latent_channels', latentChannels);
  texts.forEach(({ component, contextLength }, i) => {
    const folder = `tokenizer${/_\d+$/.exec(publishedAs(component))?.[0] ?? ''}`;
    const positions = `${configOf(component)}: max_position_embeddings`;
    meet(`${folder}/tokenizer_config.json: model_max_length`, tokenizers[i].contextLength, positions, contextLength);
  });
}
