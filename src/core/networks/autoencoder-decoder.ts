/** AutoencoderKL's decoder: latent → pixels. @see diffusers autoencoder_kl.py; Rombach et al. 2022, arXiv:2112.10752 */
import {
  conv,
  fromNchw,
  GraphBuilder,
  tensor,
  toNchw,
  upsample2x,
  type BuiltGraph,
  type GraphForm,
  type Target,
} from '../graph';
import type { AutoencoderConfig } from './autoencoder-config';
import { AUTOENCODER_EPSILON, autoencoderMiddle } from './autoencoder-middle';
import { conv3x3, normSilu, resnet } from './resnet';

/** latent [batch, latentChannels, h, w], not scaled → image [batch, 3, h·factor, w·factor], RGB in −1…1 (unclamped). */
export function buildAutoencoderDecoder(config: AutoencoderConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('vae_decoder', form);
  const { latentChannels, groups, streamScale } = config;
  const latent = g.input('latent', 'float32', ['batch', latentChannels, 'height', 'width']);
  const start = fromNchw(g, latent);
  const unquantised = config.postQuantConv
    ? conv(
        g,
        start,
        tensor('post_quant_conv.weight', latentChannels, latentChannels, 1, 1),
        tensor('post_quant_conv.bias', latentChannels),
      )
    : start;
  const widths = config.channels.toReversed();
  let x = conv3x3(g, unquantised, 'decoder.conv_in', widths[0], { kernel: streamScale, bias: streamScale });
  x = autoencoderMiddle(g, x, 'decoder.mid_block', config);
  const block = { groups, epsilon: AUTOENCODER_EPSILON, streamScale };
  widths.forEach((outChannels, i) => {
    const name = `decoder.up_blocks.${i}`;
    for (let j = 0; j <= config.layersPerBlock; j++)
      x = resnet(g, x, { ...block, name: `${name}.resnets.${j}`, outChannels });
    if (i === widths.length - 1) return;
    x = conv3x3(g, upsample2x(g, x), `${name}.upsamplers.0.conv`, outChannels, { bias: streamScale });
  });
  const epsilon = AUTOENCODER_EPSILON * streamScale ** 2;
  const normal = normSilu(g, x, { name: 'decoder.conv_norm_out', groups, epsilon });
  g.output('image', toNchw(g, conv3x3(g, normal, 'decoder.conv_out', config.outChannels)));
  return g.build();
}
