/** What becomes of a checkpoint's components: each a part of a pack, an autoencoder one for each side that is there. */
import type { ComponentId } from '../networks/component';
import type { CheckpointComponent, TensorReader } from './opened';

interface PackPart {
  id: ComponentId;
  /** The tensor by which a side of an autoencoder is there. */
  first?: string;
}

const PARTS: Readonly<Record<CheckpointComponent, readonly PackPart[]>> = {
  text_encoder: [{ id: 'text_encoder' }],
  text_encoder_2: [{ id: 'text_encoder_2' }],
  unet: [{ id: 'unet' }],
  vae: [
    { id: 'vae_decoder', first: 'decoder.conv_in.weight' },
    { id: 'vae_encoder', first: 'encoder.conv_in.weight' },
  ],
  taesd: [
    { id: 'taesd_decoder', first: 'decoder.layers.0.weight' },
    { id: 'taesd_encoder', first: 'encoder.layers.0.weight' },
  ],
};

export const partsOf = (component: CheckpointComponent, tensors: Pick<TensorReader, 'has'>): ComponentId[] =>
  PARTS[component].filter(({ first }) => first === undefined || tensors.has(first)).map(({ id }) => id);
