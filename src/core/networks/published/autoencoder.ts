/** The autoencoder as files have it: both sides in one. */
import { currentName } from '../names/diffusers-names';
import { ldmAutoencoderName } from '../names/ldm-autoencoder';
import type { Shapes } from '../unet-signs';
import { countOf, oneTensor, type Config, type Published, type Rename } from './published';

const DIFFUSERS = /^(encoder|decoder)\.(conv_\w+|down_blocks|mid_block|up_blocks)\./;

const rename: Rename = (name) =>
  oneTensor(ldmAutoencoderName(name), 'ldm') ??
  oneTensor(DIFFUSERS.test(name) ? currentName(name) : undefined, 'diffusers');

export const publishedAutoencoder: Published = {
  name: 'autoencoder',
  partName: 'autoencoder (VAE)',
  isFolder: true,
  parts: [
    { component: 'vae_decoder', first: 'decoder.conv_in.weight' },
    { component: 'vae_encoder', first: 'encoder.conv_in.weight' },
  ],
  places: [
    ['first_stage_model.', rename],
    ['vae.', rename],
    ['', rename],
  ],
  essential: [
    ['decoder.conv_in.weight', 'encoder.conv_in.weight'],
    ['decoder.up_blocks.0.resnets.0.conv1.weight', 'encoder.down_blocks.0.resnets.0.conv1.weight'],
  ],
  latentChannels: (tensors) => tensors.get('decoder.conv_in.weight')?.shape[1],
  config: autoencoderConfig,
};

function autoencoderConfig(tensors: Shapes, base: Config): Config {
  const side = tensors.has('decoder.conv_in.weight') ? 'decoder.up_blocks.' : 'encoder.down_blocks.';
  const count = countOf(tensors, side);
  const channels = Array.from(
    { length: count },
    (_, i) => tensors.get(`${side}${i}.resnets.0.conv1.weight`)?.shape[0] ?? 0,
  );
  const isDecoder = side.startsWith('decoder');
  return {
    ...base,
    block_out_channels: isDecoder ? channels.toReversed() : channels,
    down_block_types: Array.from({ length: count }, () => 'DownEncoderBlock2D'),
    up_block_types: Array.from({ length: count }, () => 'UpDecoderBlock2D'),
    layers_per_block: countOf(tensors, `${side}0.resnets.`) - (isDecoder ? 1 : 0),
    latent_channels: tensors.get('decoder.conv_in.weight')?.shape[1] ?? 4,
    use_quant_conv: tensors.has('quant_conv.weight') || !tensors.has('encoder.conv_in.weight'),
    use_post_quant_conv: tensors.has('post_quant_conv.weight') || !tensors.has('decoder.conv_in.weight'),
  };
}
