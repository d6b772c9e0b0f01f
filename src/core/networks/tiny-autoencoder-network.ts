/** TAESD as two networks: latents of a denoiser as they are, and pictures. */
import { network, renamed, type NetworkKind } from './network';
import { buildTinyDecoder, buildTinyEncoder } from './tiny-autoencoder';
import { readTinyAutoencoderConfig, type TinyAutoencoderConfig } from './tiny-autoencoder-config';

const common = {
  read: readTinyAutoencoderConfig,
  sizes: ({ latentChannels, decoderBlocks }) => ({
    autoencoder: { latentChannels, latentFactor: 2 ** (decoderBlocks.length - 1), scalingFactor: 1, shiftFactor: 0 },
  }),
  layers: () => 0,
} satisfies Partial<NetworkKind<TinyAutoencoderConfig>>;

export const tinyDecoder = network<TinyAutoencoderConfig>({
  ...common,
  build: buildTinyDecoder,
  toGraph: (inputs) => renamed(inputs, { latent_sample: 'latent' }),
  fromGraph: (outputs) => renamed(outputs, { image: 'sample' }),
});

export const tinyEncoder = network<TinyAutoencoderConfig>({
  ...common,
  build: buildTinyEncoder,
  toGraph: (inputs) => renamed(inputs, { sample: 'image' }),
  fromGraph: (outputs) => renamed(outputs, { latent: 'latent_sample' }),
});
