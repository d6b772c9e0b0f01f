/**
 * ControlNet: a copy of a U-Net's way down and middle that sees a hint, whose maps are added to the U-Net's own.
 * @see Zhang et al. 2023, arXiv:2302.05543; diffusers models/controlnets/controlnet.py, controlnet_union.py
 */
import {
  addTo,
  conv,
  fromNchw,
  GraphBuilder,
  imageSize,
  multiply,
  tensor,
  toNchw,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../../graph';
import { conv3x3 } from '../resnet';
import { countResiduals, regionName, residualName } from '../unet-control';
import { UnetEncoder } from '../unet-encoder';
import type { ControlNetConfig } from './controlnet-config';
import { meanOfMap } from './layers';

export interface ControlNetOptions {
  /** Each residual is added to one that is given: several units, one after another. */
  addsUp?: boolean;
  /** Residuals come and go in the form of the graph's own maps: see unet-control.ts. */
  isNative?: boolean;
  /** It acts in a part of the picture alone. */
  hasRegion?: boolean;
}

/**
 * sample [batch, in, h, w], timestep_wave, encoder_hidden_states and added_condition as the U-Net; hint_features [1, channels of level 0, h, w]
 * (control_hint's), control_scale [batch, 1, 1, residuals]; of a Union type_embedding [1, 4 · channels of level 0] → residual_0 and so on,
 * [batch, c, h', w'], each times its scale; [batch, c, 1, 1] where the config says that only their means are given.
 *
 * With `hasRegion` also region_0 and so on, [1, 1, h', w'] or [1, 1, 1, 1]: what each residual is multiplied with, one for each size from the largest on.
 * With `addsUp` also previous_0 and so on: residuals of another, or [1, 1, 1, 1] zeros.
 */
export function buildControlNet(
  config: ControlNetConfig,
  form: Target | GraphForm,
  { addsUp = false, isNative = false, hasRegion = false }: ControlNetOptions = {},
): BuiltGraph {
  const g = new GraphBuilder('controlnet', form);
  const encoder = new UnetEncoder(g, { ...config, outChannels: config.inChannels });
  const { inChannels, levels, contextWidth, addedCondition, kinds } = config;
  const [{ channels }] = levels;
  const count = countResiduals(config);
  const sample = g.input('sample', 'float32', ['batch', inChannels, 'height', 'width']);
  const wave = g.input('timestep_wave', 'float32', [1, channels]);
  const context = g.input('encoder_hidden_states', 'float32', ['batch', 'tokens', contextWidth]);
  const added = addedCondition && g.input('added_condition', 'float32', ['batch', addedCondition.width]);
  const hint = g.input('hint_features', 'float32', [1, channels, 'height', 'width']);
  const kind = kinds > 0 ? g.input('type_embedding', 'float32', [1, 4 * channels]) : undefined;
  const scales = g.input('control_scale', 'float32', ['batch', 1, 1, count]);
  const previous = Array.from({ length: addsUp ? count : 0 }, (_, k) => previousResidual(g, k, isNative));
  const regions = hasRegion ? levels.map((_, i) => regionInput(g, i)) : [];
  const start = g.position;
  const first = addTo(g, conv3x3(g, fromNchw(g, sample), 'conv_in', channels), fromNchw(g, hint));
  const { bottom, skips } = encoder.down(first, context);
  const maps = [...skips, encoder.middle(bottom, context)];
  const sizes = [...new Set(maps.map((map) => imageSize(g, map).height))];
  maps.forEach((map, k) => {
    const whole = multiply(g, zeroConv(g, map, zeroConvName(k, count)), scaleAt(g, scales, k));
    const region = regions.at(sizes.indexOf(imageSize(g, map).height));
    const scaled = region ? multiply(g, whole, region) : whole;
    const own = config.pools ? meanOfMap(g, scaled) : scaled;
    // of an earlier unit that is not pooled the sum has the size of
    const sum = addsUp ? addTo(g, config.pools ? { ...own, dims: map.dims } : own, previous[k]) : own;
    if (isNative) g.nativeOutput(residualName(k), sum);
    else g.output(residualName(k), toNchw(g, sum));
  });
  encoder.emitTime(start, wave, { added, kind });
  return g.build();
}

const previousName = (place: number): string => `previous_${place}`;

function regionInput(g: GraphBuilder, level: number): Value {
  const [high, wide] = ['h', 'w'].map((axis) => `${regionName(level)}_${axis}`);
  return fromNchw(g, g.input(regionName(level), 'float32', [1, 1, high, wide]));
}

const zeroConvName = (k: number, count: number): string =>
  k + 1 < count ? `controlnet_down_blocks.${k}` : 'controlnet_mid_block';

/** 1x1, trained from zero on. */
function zeroConv(g: GraphBuilder, map: Value, name: string): Value {
  const { channels } = imageSize(g, map);
  return conv(g, map, tensor(`${name}.weight`, channels, channels, 1, 1), tensor(`${name}.bias`, channels));
}

/** The scale of one residual, [batch, 1, 1, 1]. */
function scaleAt(g: GraphBuilder, scales: Value, k: number): Value {
  return g.node('Slice', {
    inputs: [scales, g.integers(k), g.integers(k + 1), g.integers(3), g.integers(1)],
    outputs: [[...scales.dims.slice(0, 3), 1]],
  })[0];
}

function previousResidual(g: GraphBuilder, k: number, isNative: boolean): Value {
  const name = previousName(k);
  const dims = ['a', 'b', 'c', 'd'].map((axis) => `${name}_${axis}`);
  return isNative ? g.nativeInput(name, dims) : fromNchw(g, g.input(name, 'float32', dims));
}
