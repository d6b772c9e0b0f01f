/**
 * TAESD: an autoencoder of 2.4 million parameters for the latents of another, for previews.
 * @see github.com/madebyollin/taesd taesd.py; diffusers AutoencoderTiny
 */
import {
  addTo,
  conv,
  fromNchw,
  GraphBuilder,
  imageSize,
  multiply,
  relu,
  tanh,
  tensor,
  toNchw,
  upsample2x,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../graph';
import { pixelDims } from './latent-size';
import type { TinyAutoencoderConfig } from './tiny-autoencoder-config';

/** Latents are squeezed smoothly into −3…3: three standard deviations. */
const MAX_LATENT = 3;

/** latent [batch, latentChannels, h, w], the U-Net's → image [batch, 3, 8h, 8w], RGB in −1…1 (unclamped). */
export function buildTinyDecoder(config: TinyAutoencoderConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('taesd_decoder', form);
  const { latentChannels, channels, decoderBlocks, imageChannels } = config;
  const latent = g.input('latent', 'float32', ['batch', latentChannels, 'height', 'width']);
  const third = multiply(g, fromNchw(g, latent), number(g, 1 / MAX_LATENT));
  const squeezed = multiply(g, tanh(g, third), number(g, MAX_LATENT));
  const layers = new Layers(g, 'decoder');
  let x = relu(g, layers.conv(squeezed, channels));
  layers.skip(); // diffusers counts the ReLU
  decoderBlocks.forEach((blocks, i) => {
    for (let j = 0; j < blocks; j++) x = layers.block(x);
    if (i === decoderBlocks.length - 1) return;
    layers.skip(); // and the upsampling
    x = layers.conv(upsample2x(g, x), channels, { bias: false });
  });
  const zeroToOne = layers.conv(x, imageChannels);
  g.output('image', toNchw(g, addTo(g, multiply(g, zeroToOne, number(g, 2)), number(g, -1))));
  return g.build();
}

/** image [batch, 3, 8h, 8w], RGB in −1…1 → latent [batch, latentChannels, h, w], the U-Net's. */
export function buildTinyEncoder(config: TinyAutoencoderConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('taesd_encoder', form);
  const { latentChannels, channels, encoderBlocks, imageChannels } = config;
  const factor = 2 ** (encoderBlocks.length - 1);
  const image = g.input('image', 'float32', ['batch', imageChannels, ...pixelDims(factor)]);
  const half = number(g, 0.5);
  const layers = new Layers(g, 'encoder');
  let x = addTo(g, multiply(g, fromNchw(g, image), half), half); // 0…1
  encoderBlocks.forEach((blocks, i) => {
    x = layers.conv(x, channels, i === 0 ? {} : { stride: 2, bias: false });
    for (let j = 0; j < blocks; j++) x = layers.block(x);
  });
  g.output('latent', toNchw(g, layers.conv(x, latentChannels)));
  return g.build();
}

const number = (g: GraphBuilder, value: number): Value => g.floats(Float32Array.of(value), [1]);

interface LayerOptions {
  stride?: number;
  bias?: boolean;
}

/** The layers one after another, as the tensor names number them: `decoder.layers.0.weight`. */
class Layers {
  #next = 0;

  constructor(
    readonly g: GraphBuilder,
    readonly part: string,
  ) {}

  skip(): void {
    this.#next++;
  }

  conv(x: Value, outChannels: number, options: LayerOptions = {}): Value {
    return conv3x3(this.g, x, this.#name(), outChannels, options);
  }

  /** Three convolutions with ReLU between, plus the input, ReLU. */
  block(x: Value): Value {
    const { g } = this;
    const name = this.#name();
    const { channels } = imageSize(g, x);
    let inner = x;
    for (const i of [0, 2, 4]) {
      inner = conv3x3(g, inner, `${name}.conv.${i}`, channels);
      if (i < 4) inner = relu(g, inner);
    }
    return relu(g, addTo(g, inner, x));
  }

  #name(): string {
    return `${this.part}.layers.${this.#next++}`;
  }
}

function conv3x3(g: GraphBuilder, x: Value, name: string, outChannels: number, o: LayerOptions = {}): Value {
  const { channels } = imageSize(g, x);
  const kernel = tensor(`${name}.weight`, outChannels, channels, 3, 3);
  const bias = o.bias === false ? undefined : tensor(`${name}.bias`, outChannels);
  return conv(g, x, kernel, bias, { stride: o.stride ?? 1, pads: [1, 1, 1, 1] });
}
