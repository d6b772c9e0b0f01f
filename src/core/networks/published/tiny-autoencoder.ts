/** TAESD as files have it. @see diffusers autoencoder_tiny.py */
import { taesdName } from '../names/taesd';
import type { Shapes } from '../unet-signs';
import { oneTensor, type Config, type Published, type Rename } from './published';

const DIFFUSERS = /^(encoder|decoder)\.layers\.\d+\.(conv\.\d\.|skip\.)?(weight|bias)$/;

const rename: Rename = (name) => {
  const [, side, layer] = /^(encoder|decoder)\.(.+)$/.exec(name) ?? [];
  if (side === undefined) return undefined;
  return (
    oneTensor(taesdName(layer, side as 'encoder' | 'decoder'), 'ldm') ??
    oneTensor(DIFFUSERS.test(name) ? name : undefined, 'diffusers')
  );
};

export const publishedTinyAutoencoder: Published = {
  name: 'small autoencoder',
  partName: 'preview decoder (TAESD)',
  isFolder: false,
  parts: [
    { component: 'taesd_decoder', first: 'decoder.layers.0.weight' },
    { component: 'taesd_encoder', first: 'encoder.layers.0.weight' },
  ],
  places: [
    ['taesd_', rename],
    ['', rename],
  ],
  /** A file has one side and no word for it: its decoder's first convolution is layer 1, its encoder's layer 0. */
  prefixOf(keys) {
    if (keys.length === 0 || !keys.every((key) => taesdName(key, 'encoder') !== undefined)) return '';
    return keys.includes('0.weight') ? 'taesd_encoder.' : 'taesd_decoder.';
  },
  essential: [],
  latentChannels: (tensors) => tensors.get('decoder.layers.0.weight')?.shape[1],
  config: tinyConfig,
};

/** Config with as many channels everywhere, 64 in the published ones. */
function tinyConfig(tensors: Shapes): Config {
  const first = tensors.get('decoder.layers.0.weight') ?? tensors.get('encoder.layers.0.weight');
  const widths = Array.from({ length: 4 }, () => first?.shape[0] ?? 64);
  return {
    _class_name: 'AutoencoderTiny',
    act_fn: 'relu',
    in_channels: 3,
    out_channels: 3,
    latent_channels:
      tensors.get('decoder.layers.0.weight')?.shape[1] ?? tensors.get('encoder.layers.14.weight')?.shape[0],
    encoder_block_out_channels: widths,
    decoder_block_out_channels: widths,
    num_encoder_blocks: [1, 3, 3, 3],
    num_decoder_blocks: [3, 3, 3, 1],
    upsampling_scaling_factor: 2,
    scaling_factor: 1,
  };
}
