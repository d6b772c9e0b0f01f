/** UNet2DConditionModel: the network that denoises. @see diffusers unet_2d_condition.py; Rombach et al. 2022, arXiv:2112.10752 */
import {
  fromNchw,
  GraphBuilder,
  toNchw,
  upsampleTo,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../graph';
import { conv3x3, normSilu } from './resnet';
import type { UnetConfig } from './unet-config';
import type { ControlForm } from './control-form';
import { controlled, type Controlled } from './unet-control';
import { UnetEncoder } from './unet-encoder';
import { FreeU } from './unet-freeu';
import { ImagePrompts } from './unet-images';
import { MiddleAttention } from './unet-middle';
import { DeepShrink } from './unet-shrink';

export interface UnetOptions {
  /** What is added to its maps: see unet-control.ts. */
  control?: ControlForm;
}

/**
 * sample [batch, in, h, w], timestep_wave [1, channels of level 0] (timestepWave: one for the whole batch),
 * encoder_hidden_states [batch, tokens, contextWidth], SDXL: added_condition [batch, its width] → out_sample [batch, out, h, w].
 * What it may be given and give besides: ControlForm.
 * Any size: where a level does not halve evenly, the upsampled map takes the size of its skip (diffusers' upsample_size).
 */
export function buildUnet(
  config: UnetConfig,
  form: Target | GraphForm,
  { control = {} }: UnetOptions = {},
): BuiltGraph {
  const g = new GraphBuilder('unet', form);
  const { inChannels, outChannels, levels, groups, epsilon, contextWidth, addedCondition } = config;
  const sample = g.input('sample', 'float32', ['batch', inChannels, 'height', 'width']);
  const wave = g.input('timestep_wave', 'float32', [1, levels[0].channels]);
  const context = g.input('encoder_hidden_states', 'float32', ['batch', 'tokens', contextWidth]);
  const added = addedCondition && g.input('added_condition', 'float32', ['batch', addedCondition.width]);
  const adds = controlled(g, config, control);
  const middleAttention = new MiddleAttention(g, control);
  const freeu = new FreeU(g, config, control.freeu);
  const shrink = new DeepShrink(g, control.shrinks);
  const images = new ImagePrompts(g, config, control);
  const encoder = new UnetEncoder(g, config, { images, middle: middleAttention, shrink });
  const start = g.position;
  const first = conv3x3(g, fromNchw(g, sample), 'conv_in', levels[0].channels);
  const { bottom, skips } = encoder.down(first, context, adds.taps);
  const middle = adds.middle(encoder.middle(bottom, context));
  const top = up(g, middle, { config, encoder, context, skips, adds, freeu, shrink });
  const normal = normSilu(g, top, { name: 'conv_norm_out', groups, epsilon });
  g.output('out_sample', toNchw(g, conv3x3(g, normal, 'conv_out', outChannels)));
  middleAttention.emit();
  encoder.emitTime(start, wave, { added });
  return g.build();
}

interface UpInput {
  config: UnetConfig;
  encoder: UnetEncoder;
  context: Value;
  /** Maps that were kept on the way down: all are taken. */
  skips: Value[];
  adds: Controlled;
  freeu: FreeU;
  shrink: DeepShrink;
}

function up(g: GraphBuilder, middle: Value, { config, encoder, context, skips, adds, freeu, shrink }: UpInput): Value {
  const { levels, layersPerBlock } = config;
  let x = middle;
  levels.toReversed().forEach((level, i) => {
    const name = `up_blocks.${i}`;
    for (let j = 0; j <= layersPerBlock; j++) {
      const skip = skips.pop();
      if (!skip) throw new RangeError('the U-Net has more up blocks than skips');
      const kept = adds.skip(skips.length, skip);
      const joined = freeu.join(shrink.grown(x, kept), kept, levels.length - 1 - i);
      x = encoder.resnet(joined, `${name}.resnets.${j}`, level.channels);
      x = encoder.transformer(x, context, `${name}.attentions.${j}`, level);
    }
    const next = skips.at(-1);
    if (next) x = conv3x3(g, upsampleTo(g, x, next), `${name}.upsamplers.0.conv`, level.channels);
  });
  return x;
}
