/** UNet2DConditionModel: the network that denoises. @see diffusers unet_2d_condition.py; Rombach et al. 2022, arXiv:2112.10752 */
import {
  concatChannels,
  conv,
  fromNchw,
  GraphBuilder,
  imageSize,
  tensor,
  toNchw,
  upsampleTo,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../graph';
import { conv3x3, normSilu, resnet } from './resnet';
import { spatialTransformer } from './spatial-transformer';
import { timeBiases, type TimeConsumer } from './time-embedding';
import type { UnetConfig, UnetLevel } from './unet-config';

/**
 * sample [batch, in, h, w], timestep_wave [1, channels of level 0] (timestepWave: one for the whole batch),
 * encoder_hidden_states [batch, tokens, contextWidth], SDXL: added_condition [batch, its width] → out_sample [batch, out, h, w].
 * Any size: where a level does not halve evenly, the upsampled map takes the size of its skip (diffusers' upsample_size).
 */
export function buildUnet(config: UnetConfig, form: Target | GraphForm): BuiltGraph {
  return new UnetBuilder(config, form).build();
}

/**
 * ONNX Runtime's attention on the CPU keeps the scores of all queries: 1 GiB for SD 1.5 at 512 x 512, and at 105 x 158 cells
 * more than a wasm heap can be. At the largest maps with attention its queries come in so many parts; a level below, all
 * of them take no more. On WebGPU no scores are kept.
 */
const CPU_QUERY_CHUNKS = 16;

class UnetBuilder {
  readonly #g: GraphBuilder;
  readonly #config: UnetConfig;
  readonly #consumers: TimeConsumer[] = [];

  constructor(config: UnetConfig, form: Target | GraphForm) {
    this.#config = config;
    this.#g = new GraphBuilder('unet', form);
  }

  build(): BuiltGraph {
    const g = this.#g;
    const { inChannels, outChannels, levels, groups, epsilon, contextWidth, addedCondition } = this.#config;
    const sample = g.input('sample', 'float32', ['batch', inChannels, 'height', 'width']);
    const wave = g.input('timestep_wave', 'float32', [1, levels[0].channels]);
    const context = g.input('encoder_hidden_states', 'float32', ['batch', 'tokens', contextWidth]);
    const added = addedCondition && g.input('added_condition', 'float32', ['batch', addedCondition.width]);
    const start = g.position;
    const first = conv3x3(g, fromNchw(g, sample), 'conv_in', levels[0].channels);
    const skips: Value[] = [first];
    const bottom = this.#down(first, context, skips);
    const top = this.#up(this.#middle(bottom, context), context, skips);
    const normal = normSilu(g, top, { name: 'conv_norm_out', groups, epsilon });
    g.output('out_sample', toNchw(g, conv3x3(g, normal, 'conv_out', outChannels)));
    g.emitAt(start, () => timeBiases(g, wave, this.#consumers, added));
    return g.build();
  }

  #down(first: Value, context: Value, skips: Value[]): Value {
    const { levels, layersPerBlock } = this.#config;
    let x = first;
    levels.forEach((level, i) => {
      const name = `down_blocks.${i}`;
      for (let j = 0; j < layersPerBlock; j++) {
        x = this.#resnet(x, `${name}.resnets.${j}`, level.channels);
        x = this.#transformer(x, context, `${name}.attentions.${j}`, level);
        skips.push(x);
      }
      if (i < levels.length - 1) {
        x = this.#downsample(x, `${name}.downsamplers.0.conv`);
        skips.push(x);
      }
    });
    return x;
  }

  #middle(bottom: Value, context: Value): Value {
    const { levels, midDepth } = this.#config;
    const deepest = levels[levels.length - 1];
    let x = this.#resnet(bottom, 'mid_block.resnets.0', deepest.channels);
    x = this.#transformer(x, context, 'mid_block.attentions.0', { ...deepest, depth: midDepth });
    return this.#resnet(x, 'mid_block.resnets.1', deepest.channels);
  }

  #up(middle: Value, context: Value, skips: Value[]): Value {
    const { levels, layersPerBlock } = this.#config;
    let x = middle;
    levels.toReversed().forEach((level, i) => {
      const name = `up_blocks.${i}`;
      for (let j = 0; j <= layersPerBlock; j++) {
        const skip = skips.pop();
        if (!skip) throw new RangeError('the U-Net has more up blocks than skips');
        x = this.#resnet(concatChannels(this.#g, x, skip), `${name}.resnets.${j}`, level.channels);
        x = this.#transformer(x, context, `${name}.attentions.${j}`, level);
      }
      const next = skips.at(-1);
      if (next) x = conv3x3(this.#g, upsampleTo(this.#g, x, next), `${name}.upsamplers.0.conv`, level.channels);
    });
    return x;
  }

  #resnet(x: Value, name: string, channels: number): Value {
    const { groups, epsilon, addedCondition } = this.#config;
    const bias = this.#g.reserve(addedCondition ? ['batch', channels] : [channels]);
    this.#consumers.push({ name, channels, bias });
    return resnet(this.#g, x, { name, outChannels: channels, groups, epsilon, timeBias: bias });
  }

  #transformer(x: Value, context: Value, name: string, level: UnetLevel): Value {
    const { depth, heads } = level;
    if (depth === 0) return x;
    const isLargest = level === this.#config.levels.find((other) => other.depth > 0);
    const { groups, contextWidth, linearProjection, upcastAttention: upcast } = this.#config;
    const queryChunks = this.#g.target === 'portable' && isLargest ? CPU_QUERY_CHUNKS : 1;
    const options = { name, depth, heads, upcast, queryChunks, groups, contextWidth, linearProjection };
    return spatialTransformer(this.#g, x, context, options);
  }

  #downsample(x: Value, name: string): Value {
    const { channels } = imageSize(this.#g, x);
    const pad = this.#config.downsamplePadding;
    return conv(this.#g, x, tensor(`${name}.weight`, channels, channels, 3, 3), tensor(`${name}.bias`, channels), {
      stride: 2,
      // diffusers with padding 0 pads right and bottom by one instead
      pads: pad === 0 ? [0, 0, 1, 1] : [pad, pad, pad, pad],
    });
  }
}
