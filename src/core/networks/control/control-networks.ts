/** ControlNets, what they make of hints, and T2I-Adapters as networks. */
import { network, type NetworkInputs, type NetworkTensor } from '../network';
import { wave } from '../time-embedding';
import { encoderSizes, timedInputs } from '../unet-network';
import { buildControlNet } from './controlnet';
import { readControlNetConfig, type ControlNetConfig } from './controlnet-config';
import { buildControlHint, hintFactor } from './hint';
import {
  buildT2iAdapter,
  featureFactors,
  hintPatches,
  readT2iAdapterConfig,
  type T2iAdapterConfig,
} from './t2i-adapter';

const layersOf = ({ levels, layersPerBlock, midDepth }: ControlNetConfig): number =>
  levels.reduce((sum, { depth }) => sum + depth + layersPerBlock, midDepth);

const controlSizes = (config: ControlNetConfig) => ({
  control: {
    ...encoderSizes(config),
    inChannels: config.inChannels,
    hintFactor: hintFactor(config),
    kinds: config.kinds,
    pools: config.pools,
  },
});

/** The part of a ControlNet that runs in each step. */
export const controlnet = network<ControlNetConfig>({
  read: readControlNetConfig,
  sizes: controlSizes,
  layers: layersOf,
  build: (config, form, { addsUp, hasRegion, isNative }) =>
    buildControlNet(config, form, { addsUp, hasRegion, isNative }),
  toGraph: timedInputs,
});

/** hint float32 [1, 3, h, w] in 0…1, and of a Union kind int32 [1], −1 where none is said. */
export const controlHint = network<ControlNetConfig>({
  read: readControlNetConfig,
  sizes: controlSizes,
  layers: layersOf,
  build: buildControlHint,
  toGraph: ({ hint, kind }, config) => ({
    hint: config.isBgr ? reversedPlanes(hint) : hint,
    ...(config.kinds > 0 && kindInputs((kind as NetworkTensor | undefined)?.data[0] ?? -1, config)),
  }),
});

/** hint float32 [1, 3, h, w] in 0…1 */
export const t2iAdapter = network<T2iAdapterConfig>({
  read: readT2iAdapterConfig,
  sizes: (config) => ({ features: { channels: config.channels, factors: featureFactors(config) } }),
  layers: ({ channels, layers }) => channels.length * layers,
  build: (config, form, { latentFactor }) => buildT2iAdapter(config, form, latentFactor),
  toGraph: ({ hint }, config): NetworkInputs => {
    const [, , height, width] = hint.dims;
    return { hint_patches: hintPatches(hint.data as Float32Array, { height, width }, config) };
  },
});

/** Inputs that say which kind of hint it is, among how many. @see diffusers ControlNetUnionModel.control_type_proj */
function kindInputs(kind: number, config: ControlNetConfig): NetworkInputs {
  const { kinds, kindWaveWidth } = config;
  const flags = Float32Array.from({ length: kinds }, (_, i) => (i === kind ? 1 : 0));
  const waves = new Float32Array(kinds * kindWaveWidth);
  flags.forEach((flag, i) => waves.set(wave(flag, kindWaveWidth / 2, config), i * kindWaveWidth));
  return {
    kind_one_hot: { data: flags, dims: [1, kinds] },
    kind_share: { data: Float32Array.of(kind < 0 ? 0 : 1), dims: [1] },
    kind_wave: { data: waves, dims: [1, waves.length] },
  };
}

/** The planes of an image with blue first. */
function reversedPlanes({ data, dims }: NetworkTensor): NetworkTensor {
  const [, planes, height, width] = dims;
  const size = height * width;
  const turned = Float32Array.from(data, (_, i) => data[(planes - 1 - Math.floor(i / size)) * size + (i % size)]);
  return { data: turned, dims };
}
