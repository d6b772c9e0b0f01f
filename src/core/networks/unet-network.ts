/** The U-Net as a network: timestep and sizes become sinusoids here, not on the GPU. */
import { network, type EncoderSizes, type NetworkInputs, type NetworkTensor } from './network';
import { sizeWaves, timestepWave } from './time-embedding';
import { buildUnet } from './unet';
import { countResiduals } from './unet-control';
import { crossLayers } from './unet-images';
import { readUnetConfig, type UnetConfig } from './unet-config';
import { FREEU_SCALES, freeuInputs } from './unet-freeu';
import { SHRINK, shrinkInputs } from './unet-shrink';

export const unet = network<UnetConfig>({
  read: readUnetConfig,
  sizes: (config) => ({
    denoiser: {
      inChannels: config.inChannels,
      outChannels: config.outChannels,
      contextWidth: config.contextWidth,
      encoder: encoderSizes(config),
    },
  }),
  layers: ({ levels, layersPerBlock, midDepth }) =>
    levels.reduce((sum, { depth }) => sum + depth + layersPerBlock, midDepth),
  build: (config, form, { control }) => buildUnet(config, form, { control }),
  toGraph: denoiserInputs,
});

export const encoderSizes = (config: TimedConfig): EncoderSizes => ({
  contextWidth: config.contextWidth,
  addedWidth: config.addedCondition?.width,
  levels: config.levels.map(({ channels }) => channels),
  residuals: countResiduals(config),
  layersPerBlock: config.layersPerBlock,
  downsamplePadding: config.downsamplePadding,
  crossLayers: crossLayers(config).map(({ channels }) => channels),
});

function denoiserInputs(
  { [FREEU_SCALES]: scales, [SHRINK]: shrink, ...inputs }: NetworkInputs,
  config: UnetConfig,
): NetworkInputs {
  const [, , height, width] = inputs['sample'].dims;
  return {
    ...timedInputs(inputs, config),
    ...((scales as NetworkTensor | undefined) && freeuInputs(scales.data, config, { height, width })),
    ...((shrink as NetworkTensor | undefined) && shrinkInputs(shrink.data, config, { height, width })),
  };
}

/** Timestep and sizes as waves. */
export function timedInputs(
  { timestep, text_embeds: pooled, time_ids: sizes, ...rest }: NetworkInputs,
  config: TimedConfig,
): NetworkInputs {
  const wave = timestepWave(timestep.data[0] as number, config);
  const added = addedCondition(pooled, sizes, config);
  return {
    ...rest,
    timestep_wave: { data: wave, dims: [1, wave.length] },
    ...(added ? { added_condition: added } : {}),
  };
}

type TimedConfig = Omit<UnetConfig, 'outChannels'>;

/** text_embeds [b, pooled], time_ids [b, numbers] → [b, pooled + as many waves]; undefined where neither is read. */
function addedCondition(pooled: NetworkTensor, sizes: NetworkTensor, config: TimedConfig): NetworkTensor | undefined {
  const condition = config.addedCondition;
  if (!condition) return undefined;
  const [batch, pooledWidth] = pooled.dims;
  const count = sizes.dims[1];
  const data = new Float32Array(batch * condition.width);
  for (let row = 0; row < batch; row++) {
    const own = Array.from(sizes.data.subarray(row * count, (row + 1) * count) as Float32Array);
    data.set(pooled.data.subarray(row * pooledWidth, (row + 1) * pooledWidth) as Float32Array, row * condition.width);
    data.set(sizeWaves(own, condition, config), row * condition.width + pooledWidth);
  }
  return { data, dims: [batch, condition.width] };
}
