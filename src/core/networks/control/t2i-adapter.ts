/**
 * T2I-Adapter: features of a hint, made once for each picture, which are added to a U-Net's way down.
 * @see Mou et al. 2023, arXiv:2302.08453; diffusers models/adapter.py FullAdapter, FullAdapterXL, LightAdapter
 */
import {
  addTo,
  conv,
  floorDivide,
  fromNchw,
  GraphBuilder,
  imageSize,
  relu,
  tensor,
  times,
  toNchw,
  type BuiltGraph,
  type Dim,
  type GraphForm,
  type Target,
  type Value,
} from '../../graph';
import { ConfigReader } from '../read-config';
import { featureName } from '../unet-control';
import { halved } from './layers';

export interface T2iAdapterConfig {
  /** Channels of the hint: 1 or 3. */
  inChannels: number;
  /** Channels of the features, from the largest downwards. */
  channels: number[];
  /** Layers of each level. */
  layers: number;
  /** Pixels that the first feature has in each of its cells, along a side. */
  factor: number;
  kind: (typeof KINDS)[number];
}

const KINDS = ['full_adapter', 'full_adapter_xl', 'light_adapter'] as const;

export function readT2iAdapterConfig(file: string, json: unknown): T2iAdapterConfig {
  const c = new ConfigReader(file, json);
  const kind = c.choice('adapter_type', KINDS, 'full_adapter');
  const channels = c.sizeList('channels');
  return {
    inChannels: c.size('in_channels', 3),
    // a fourth level has the width of the third
    channels: kind === 'light_adapter' ? [...channels, channels[channels.length - 1]] : channels,
    layers: c.size('num_res_blocks', 2),
    factor: c.size('downscale_factor', kind === 'full_adapter_xl' ? 16 : 8),
    kind,
  };
}

/** Whether a level's map is half as large as the one before. */
const isHalved = ({ kind }: T2iAdapterConfig, level: number): boolean =>
  kind === 'full_adapter_xl' ? level === 2 : level > 0;

/** Pixels of the hint in a cell of each feature, along a side. */
export function featureFactors(config: T2iAdapterConfig): number[] {
  let factor = config.factor;
  return config.channels.map((_, level) => (factor *= isHalved(config, level) ? 2 : 1));
}

/**
 * hint_patches [1, inChannels · factor², pixels h / factor, w / factor] (`hintPatches`) → feature_0 and so on, [1, c, h', w'].
 * @param latentFactor  pixels in a cell of the latent, of which height and width are told
 */
export function buildT2iAdapter(config: T2iAdapterConfig, form: Target | GraphForm, latentFactor = 8): BuiltGraph {
  const g = new GraphBuilder('t2i_adapter', form);
  const { inChannels, channels, factor, kind } = config;
  const cells = (side: 'height' | 'width'): Dim => floorDivide(times(latentFactor, side), factor);
  const patches = g.input('hint_patches', 'float32', [1, inChannels * factor ** 2, cells('height'), cells('width')]);
  let x = fromNchw(g, patches);
  if (kind !== 'light_adapter') x = named(g, x, 'adapter.conv_in', { to: channels[0], side: 3 });
  channels.forEach((to, level) => {
    if (isHalved(config, level)) x = halved(g, x);
    x = kind === 'light_adapter' ? lightLevel(g, x, { level, to, config }) : fullLevel(g, x, { level, to, config });
    g.output(featureName(level), toNchw(g, x));
  });
  return g.build();
}

interface Level {
  level: number;
  to: number;
  config: T2iAdapterConfig;
}

function fullLevel(g: GraphBuilder, x: Value, { level, to, config }: Level): Value {
  const body = `adapter.body.${level}`;
  const { channels } = imageSize(g, x);
  let y = channels === to ? x : named(g, x, `${body}.in_conv`, { to, side: 1 });
  for (let i = 0; i < config.layers; i++) y = residual(g, y, `${body}.resnets.${i}`, 1);
  return y;
}

/** Layers at a quarter of the width. */
function lightLevel(g: GraphBuilder, x: Value, { level, to, config }: Level): Value {
  const body = `adapter.body.${level}`;
  let y = named(g, x, `${body}.in_conv`, { to: Math.floor(to / 4), side: 1 });
  for (let i = 0; i < config.layers; i++) y = residual(g, y, `${body}.resnets.${i}`, 3);
  return named(g, y, `${body}.out_conv`, { to, side: 1 });
}

/** 3x3, ReLU, a second convolution, + x */
function residual(g: GraphBuilder, x: Value, name: string, side: number): Value {
  const { channels: to } = imageSize(g, x);
  const inner = relu(g, named(g, x, `${name}.block1`, { to, side: 3 }));
  return addTo(g, named(g, inner, `${name}.block2`, { to, side }), x);
}

function named(g: GraphBuilder, x: Value, name: string, { to, side }: { to: number; side: number }): Value {
  const { channels } = imageSize(g, x);
  const pad = (side - 1) / 2;
  return conv(g, x, tensor(`${name}.weight`, to, channels, side, side), tensor(`${name}.bias`, to), {
    pads: [pad, pad, pad, pad],
  });
}

/**
 * A hint's pixels of each cell as channels of it. Of an adapter that takes grey it is the mean of the colours.
 * @param planes  [channels, height, width] @see torch.nn.PixelUnshuffle
 */
export function hintPatches(
  planes: Float32Array,
  { height, width }: { height: number; width: number },
  { inChannels, factor }: Pick<T2iAdapterConfig, 'inChannels' | 'factor'>,
): { data: Float32Array; dims: number[] } {
  const [high, wide] = [Math.floor(height / factor), Math.floor(width / factor)];
  const size = height * width;
  const colours = planes.length / size;
  const source = inChannels === colours ? planes : meanPlane(planes, size, colours);
  const data = new Float32Array(inChannels * factor ** 2 * high * wide);
  let to = 0;
  for (let c = 0; c < inChannels; c++)
    for (let dy = 0; dy < factor; dy++)
      for (let dx = 0; dx < factor; dx++)
        for (let y = 0; y < high; y++)
          for (let x = 0; x < wide; x++) data[to++] = source[c * size + (y * factor + dy) * width + x * factor + dx];
  return { data, dims: [1, inChannels * factor ** 2, high, wide] };
}

function meanPlane(planes: Float32Array, size: number, colours: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < colours; c++) sum += planes[c * size + i];
    return sum / colours;
  });
}
