/** AutoencoderKL's decoder: latent → pixels. @see diffusers autoencoder_kl.py; Rombach et al. 2022, arXiv:2112.10752 */
import {
  addTo,
  conv,
  fromNchw,
  GraphBuilder,
  groupNorm,
  imageSize,
  imageToTokens,
  linear,
  scale,
  tensor,
  tokensToImage,
  toNchw,
  upsample2x,
  type BuiltGraph,
  type Target,
  type Value,
} from '../graph';
import { ConfigReader } from './read-config';
import { conv3x3, normSilu, resnet } from './resnet';
import type { LatentSize } from './unet';

/** diffusers fixes it for every norm of the autoencoder. */
const EPSILON = 1e-6;

export interface AutoencoderConfig {
  outChannels: number;
  latentChannels: number;
  /** Widths from the picture's size downwards. */
  channels: number[];
  /** Resnets per level of the encoder; the decoder has one more. */
  layersPerBlock: number;
  groups: number;
  midAttention: boolean;
  postQuantConv: boolean;
  /** The U-Net's latents are the autoencoder's times this. */
  scalingFactor: number;
  /** Added after dividing by scalingFactor, where a model has one. */
  shiftFactor: number;
}

/** Pixels per latent cell along a side. */
export const latentFactor = (config: AutoencoderConfig): number => 2 ** (config.channels.length - 1);

export function readAutoencoderConfig(file: string, json: unknown): AutoencoderConfig {
  const c = new ConfigReader(file, json);
  c.refuse('act_fn', 'silu', 'swish');
  c.refuse('latents_mean');
  c.refuse('latents_std');
  const channels = c.sizeList('block_out_channels');
  for (const type of c.texts('up_block_types'))
    if (type !== 'UpDecoderBlock2D') c.unsupported('up_block_types', type, 'supported: UpDecoderBlock2D');
  const groups = c.size('norm_num_groups', 32);
  for (const n of channels) if (n % groups !== 0) c.fail('norm_num_groups', groups, `must divide ${n}`);
  return {
    outChannels: c.size('out_channels', 3),
    latentChannels: c.size('latent_channels', 4),
    channels,
    layersPerBlock: c.size('layers_per_block', 1),
    groups,
    midAttention: c.flag('mid_block_add_attention', true),
    postQuantConv: c.flag('use_post_quant_conv', true),
    scalingFactor: c.number('scaling_factor', 0.18215),
    shiftFactor: c.number('shift_factor', 0),
  };
}

/** latent [batch, latentChannels, h, w], not scaled → image [batch, 3, h·factor, w·factor], RGB in −1…1 (unclamped). */
export function buildAutoencoderDecoder(config: AutoencoderConfig, size: LatentSize, target: Target): BuiltGraph {
  const g = new GraphBuilder('vae_decoder', target);
  const { latentChannels, groups } = config;
  const latent = g.input('latent', 'float32', ['batch', latentChannels, size.height, size.width]);
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
  let x = conv3x3(g, unquantised, 'decoder.conv_in', widths[0]);
  x = middle(g, x, config);
  widths.forEach((channels, i) => {
    const name = `decoder.up_blocks.${i}`;
    for (let j = 0; j <= config.layersPerBlock; j++)
      x = resnet(g, x, { name: `${name}.resnets.${j}`, outChannels: channels, groups, epsilon: EPSILON });
    if (i < widths.length - 1) x = conv3x3(g, upsample2x(g, x), `${name}.upsamplers.0.conv`, channels);
  });
  const normal = normSilu(g, x, { name: 'decoder.conv_norm_out', groups, epsilon: EPSILON });
  g.output('image', toNchw(g, conv3x3(g, normal, 'decoder.conv_out', config.outChannels)));
  return g.build();
}

function middle(g: GraphBuilder, x: Value, { channels, groups, midAttention }: AutoencoderConfig): Value {
  const outChannels = channels[channels.length - 1];
  const name = 'decoder.mid_block';
  const first = resnet(g, x, { name: `${name}.resnets.0`, outChannels, groups, epsilon: EPSILON });
  const attended = midAttention ? imageAttention(g, first, `${name}.attentions.0`, groups) : first;
  return resnet(g, attended, { name: `${name}.resnets.1`, outChannels, groups, epsilon: EPSILON });
}

/**
 * Single-head attention over all pixels, spelled out: 512 channels in one head are too wide for the flash kernel of
 * ONNX Runtime's WebGPU provider. The scale 1/√channels is part of the query's weights.
 */
function imageAttention(g: GraphBuilder, image: Value, name: string, groups: number): Value {
  const { batch, channels, height, width } = imageSize(g, image);
  const vector = (part: string) => tensor(`${name}.${part}`, channels);
  const matrix = (part: string) => tensor(`${name}.${part}.weight`, channels, channels);
  const normal = groupNorm(g, image, vector('group_norm.weight'), vector('group_norm.bias'), {
    groups,
    epsilon: EPSILON,
    silu: false,
  });
  const tokens = imageToTokens(g, normal);
  const count = height * width;
  const by = channels ** -0.5;
  const q = linear(g, tokens, scale(matrix('to_q'), by), scale(vector('to_q.bias'), by));
  const k = linear(g, tokens, matrix('to_k'), vector('to_k.bias'));
  const v = linear(g, tokens, matrix('to_v'), vector('to_v.bias'));
  const [kT] = g.node('Transpose', {
    inputs: [k],
    attributes: { perm: [0, 2, 1] },
    outputs: [[batch, channels, count]],
  });
  const [scores] = g.node('MatMul', { inputs: [q, kT], outputs: [[batch, count, count]] });
  const [shares] = g.node('Softmax', { inputs: [scores], attributes: { axis: -1 }, outputs: [scores.dims] });
  const [mixed] = g.node('MatMul', { inputs: [shares, v], outputs: [tokens.dims] });
  const out = linear(g, mixed, matrix('to_out.0'), vector('to_out.0.bias'));
  return addTo(g, tokensToImage(g, out, height, width), image);
}
