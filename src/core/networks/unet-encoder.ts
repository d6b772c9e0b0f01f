/** The way down and the middle of a U-Net: the U-Net's own, and the copy of them that a ControlNet is. @see diffusers unet_2d_condition.py */
import { conv, imageSize, tensor, type GraphBuilder, type Value } from '../graph';
import { ContextKeys } from './context-keys';
import { resnet } from './resnet';
import { spatialTransformer } from './spatial-transformer';
import { timeBiases, type TimeConsumer } from './time-embedding';
import type { UnetConfig, UnetLevel } from './unet-config';
import type { ImagePrompts } from './unet-images';
import type { MiddleAttention } from './unet-middle';
import type { DeepShrink } from './unet-shrink';

/**
 * ONNX Runtime's attention on the CPU keeps the scores of all queries: 1 GiB for SD 1.5 at 512 x 512, and at 105 x 158 cells
 * more than a wasm heap can be. At the largest maps with attention its queries come in so many parts; a level below, all
 * of them take no more. On WebGPU no scores are kept.
 */
const CPU_QUERY_CHUNKS = 16;

/** What is told of each map on its way down, to be changed before it goes on: features of an adapter. */
export interface DownTaps {
  /** Called after a level's last layer, before its map is kept. */
  afterLayers?(level: number, x: Value): Value;
  /** Called after a level is halved, before that is kept. */
  afterHalving?(level: number, x: Value): Value;
}

interface Reading {
  /** Pictures that it reads beside the text. */
  images?: ImagePrompts;
  /** What becomes of attention in its middle. */
  middle?: MiddleAttention;
  /** Where maps become smaller. */
  shrink?: DeepShrink;
}

export class UnetEncoder {
  readonly #g: GraphBuilder;
  readonly #config: UnetConfig;
  readonly #reading: Reading;
  readonly #keys: ContextKeys;
  readonly #consumers: TimeConsumer[] = [];

  constructor(g: GraphBuilder, config: UnetConfig, reading: Reading = {}) {
    this.#g = g;
    this.#config = config;
    this.#reading = reading;
    this.#keys = new ContextKeys(g);
  }

  /** @returns the map at the bottom, and every map that the way up is given: the first map first */
  down(first: Value, context: Value, taps: DownTaps = {}): { bottom: Value; skips: Value[] } {
    const { levels, layersPerBlock } = this.#config;
    const skips = [first];
    let x = first;
    levels.forEach((level, i) => {
      const name = `down_blocks.${i}`;
      for (let j = 0; j < layersPerBlock; j++) {
        x = this.resnet(x, `${name}.resnets.${j}`, level.channels);
        x = this.transformer(x, context, `${name}.attentions.${j}`, level);
        if (j + 1 === layersPerBlock) x = taps.afterLayers?.(i, x) ?? x;
        x = this.#keep(skips, x);
      }
      if (i < levels.length - 1) {
        x = this.#downsample(x, `${name}.downsamplers.0.conv`);
        x = taps.afterHalving?.(i, x) ?? x;
        x = this.#keep(skips, x);
      }
    });
    return { bottom: x, skips };
  }

  /** @returns what goes on */
  #keep(skips: Value[], made: Value): Value {
    const { skip, x } = this.#reading.shrink?.kept(skips.length, made) ?? { skip: made, x: made };
    skips.push(skip);
    return x;
  }

  middle(bottom: Value, context: Value): Value {
    const { levels, midDepth, isMidBare = false, isMidSingle = false } = this.#config;
    const deepest = levels[levels.length - 1];
    let x = this.resnet(bottom, 'mid_block.resnets.0', deepest.channels);
    if (isMidSingle) return x;
    const level = { ...deepest, depth: midDepth, isBare: isMidBare };
    x = this.transformer(x, context, 'mid_block.attentions.0', level, this.#reading.middle);
    return this.resnet(x, 'mid_block.resnets.1', deepest.channels);
  }

  resnet(x: Value, name: string, channels: number): Value {
    const { groups, epsilon, addedCondition } = this.#config;
    const bias = this.#g.reserve(addedCondition ? ['batch', channels] : [channels]);
    this.#consumers.push({ name, channels, bias });
    return resnet(this.#g, x, { name, outChannels: channels, groups, epsilon, timeBias: bias });
  }

  transformer(x: Value, context: Value, name: string, level: UnetLevel, middle?: MiddleAttention): Value {
    const { depth, heads, isBare = false } = level;
    if (depth === 0 && !isBare) return x;
    const isLargest = level === this.#config.levels.find((other) => other.depth > 0);
    const { groups, linearProjection, upcastAttention: upcast } = this.#config;
    const queryChunks = this.#g.target === 'portable' && isLargest ? CPU_QUERY_CHUNKS : 1;
    const [images, keys] = [this.#reading.images, this.#keys];
    const options = { name, depth, heads, upcast, queryChunks, groups, linearProjection, keys, images, middle };
    return spatialTransformer(this.#g, x, context, options);
  }

  /** The biases of all resnets so far, which stand before `position`, and what of the text is still to be made. @param kind  joins the time embedding: see timeBiases */
  emitTime(position: number, wave: Value, { added, kind }: { added?: Value; kind?: Value }): void {
    this.#keys.emit();
    this.#g.emitAt(position, () => timeBiases(this.#g, wave, this.#consumers, { added, kind }));
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
