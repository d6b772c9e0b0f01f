/** AutoencoderKL's encoder: pixels → latent distribution. @see diffusers autoencoder_kl.py; arXiv:2112.10752 */
import {
  conv,
  fromNchw,
  GraphBuilder,
  imageSize,
  scale,
  tensor,
  toNchw,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../graph';
import { latentFactor, type AutoencoderConfig } from './autoencoder-config';
import { AUTOENCODER_EPSILON, autoencoderMiddle } from './autoencoder-middle';
import { pixelDims } from './latent-size';
import { conv3x3, normSilu, resnet } from './resnet';

/**
 * image [batch, 3, h·factor, w·factor], RGB in −1…1 → moments [batch, 2 · latentChannels, h, w]: mean, then log variance, not
 * scaled. Its sides are multiples of the latent factor.
 */
export function buildAutoencoderEncoder(config: AutoencoderConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('vae_encoder', form);
  const { channels, groups, layersPerBlock, latentChannels, streamScale } = config;
  const image = g.input('image', 'float32', ['batch', config.outChannels, ...pixelDims(latentFactor(config))]);
  const block = { groups, epsilon: AUTOENCODER_EPSILON, streamScale };
  let x = conv3x3(g, fromNchw(g, image), 'encoder.conv_in', channels[0], { kernel: streamScale, bias: streamScale });
  channels.forEach((outChannels, i) => {
    const name = `encoder.down_blocks.${i}`;
    for (let j = 0; j < layersPerBlock; j++) x = resnet(g, x, { ...block, name: `${name}.resnets.${j}`, outChannels });
    if (i < channels.length - 1) x = halve(g, x, `${name}.downsamplers.0.conv`, streamScale);
  });
  x = autoencoderMiddle(g, x, 'encoder.mid_block', config);
  const epsilon = AUTOENCODER_EPSILON * streamScale ** 2;
  const normal = normSilu(g, x, { name: 'encoder.conv_norm_out', groups, epsilon });
  const moments = conv3x3(g, normal, 'encoder.conv_out', 2 * latentChannels);
  g.output('moments', toNchw(g, config.quantConv ? quantise(g, moments, 2 * latentChannels) : moments));
  return g.build();
}

/** Stride 2; padded by one at right and bottom only, unlike the U-Net's. */
function halve(g: GraphBuilder, x: Value, name: string, streamScale: number): Value {
  const { channels } = imageSize(g, x);
  const kernel = tensor(`${name}.weight`, channels, channels, 3, 3);
  const bias = scale(tensor(`${name}.bias`, channels), streamScale);
  return conv(g, x, kernel, bias, { stride: 2, pads: [0, 0, 1, 1] });
}

function quantise(g: GraphBuilder, x: Value, channels: number): Value {
  return conv(g, x, tensor('quant_conv.weight', channels, channels, 1, 1), tensor('quant_conv.bias', channels));
}
