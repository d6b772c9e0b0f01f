/** The residual block of U-Net and autoencoder. @see diffusers ResnetBlock2D; He et al. 2016, arXiv:1603.05027 */
import {
  addPerChannel,
  conv,
  groupNorm,
  imageSize,
  residualSum,
  scale,
  tensor,
  type GraphBuilder,
  type Value,
} from '../graph';

export interface ResnetOptions {
  name: string;
  outChannels: number;
  groups: number;
  epsilon: number;
  /**
   * Bias of the first convolution where the time embedding is added to it, computed at run time: [outChannels], or
   * [batch, outChannels] where it differs within a batch. Without it the stored bias is used.
   */
  timeBias?: Value;
  /** The input and the output are the model's feature maps times this; 1 if not given. */
  streamScale?: number;
}

/** norm, SiLU, conv 3x3, (+ time), norm, SiLU, conv 3x3, + input (through a 1x1 convolution where channels change). */
export function resnet(g: GraphBuilder, x: Value, o: ResnetOptions): Value {
  const { channels } = imageSize(g, x);
  const first = normConv(g, x, { ...o, norm: 'norm1', conv: 'conv1', bias: o.timeBias });
  const second = normConv(g, first, { ...o, norm: 'norm2', conv: 'conv2' });
  const shortcut = `${o.name}.conv_shortcut`;
  const skip =
    channels === o.outChannels
      ? x
      : conv(
          g,
          x,
          tensor(`${shortcut}.weight`, o.outChannels, channels, 1, 1),
          scale(tensor(`${shortcut}.bias`, o.outChannels), o.streamScale ?? 1),
        );
  return residualSum(g, { x: second, skip });
}

function normConv(g: GraphBuilder, x: Value, o: ResnetOptions & { norm: string; conv: string; bias?: Value }): Value {
  const { channels } = imageSize(g, x);
  const { streamScale = 1 } = o;
  const epsilon = o.epsilon * streamScale ** 2;
  const active = normSilu(g, x, { name: `${o.name}.${o.norm}`, groups: o.groups, epsilon });
  const name = `${o.name}.${o.conv}`;
  const kernel = scale(tensor(`${name}.weight`, o.outChannels, channels, 3, 3), streamScale);
  const options = { pads: [1, 1, 1, 1] } as const;
  if (o.bias?.dims.length === 2) return addPerChannel(g, conv(g, active, kernel, undefined, options), o.bias);
  return conv(g, active, kernel, o.bias ?? scale(tensor(`${name}.bias`, o.outChannels), streamScale), options);
}

/** Group norm and SiLU with the weights `name.weight` and `name.bias`. */
export function normSilu(
  g: GraphBuilder,
  x: Value,
  { name, groups, epsilon }: { name: string; groups: number; epsilon: number },
): Value {
  const { channels } = imageSize(g, x);
  return groupNorm(g, x, tensor(`${name}.weight`, channels), tensor(`${name}.bias`, channels), {
    groups,
    epsilon,
    silu: true,
  });
}

/** Factors of a convolution's weights. */
interface Factors {
  kernel?: number;
  bias?: number;
}

/** 3x3 convolution, padded by 1, with the weights `name.weight` and `name.bias`. */
export function conv3x3(
  g: GraphBuilder,
  x: Value,
  name: string,
  outChannels: number,
  { kernel = 1, bias = 1 }: Factors = {},
): Value {
  const { channels } = imageSize(g, x);
  return conv(
    g,
    x,
    scale(tensor(`${name}.weight`, outChannels, channels, 3, 3), kernel),
    scale(tensor(`${name}.bias`, outChannels), bias),
    { pads: [1, 1, 1, 1] },
  );
}
