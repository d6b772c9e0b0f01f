/** AutoencoderKL as two networks, one for each side. */
import { latentFactor, readAutoencoderConfig, type AutoencoderConfig } from './autoencoder-config';
import { buildAutoencoderDecoder } from './autoencoder-decoder';
import { buildAutoencoderEncoder } from './autoencoder-encoder';
import { network, renamed, type NetworkKind } from './network';

const common = {
  read: readAutoencoderConfig,
  sizes: (config) => {
    const { latentChannels, scalingFactor, shiftFactor } = config;
    return { autoencoder: { latentChannels, latentFactor: latentFactor(config), scalingFactor, shiftFactor } };
  },
  layers: ({ channels, layersPerBlock }) => channels.length * layersPerBlock,
} satisfies Partial<NetworkKind<AutoencoderConfig>>;

export const autoencoderDecoder = network<AutoencoderConfig>({
  ...common,
  build: buildAutoencoderDecoder,
  toGraph: (inputs) => renamed(inputs, { latent_sample: 'latent' }),
  fromGraph: (outputs) => renamed(outputs, { image: 'sample' }),
});

/** The graph gives mean and log variance: the latent is the mean, as in A1111's img2img. */
export const autoencoderEncoder = network<AutoencoderConfig>({
  ...common,
  build: buildAutoencoderEncoder,
  toGraph: ({ sample }) => ({ image: sample }),
  fromGraph: ({ moments }) => ({ latent_sample: moments.slice(0, moments.length / 2) }),
});
