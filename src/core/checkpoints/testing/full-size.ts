/** Names and shapes of the published models' tensors, whole and in parts. */
import { readFixture, type Shapes } from './layouts';

export const FULL_SIZE =
  readFixture<Record<string, { stored: Shapes; components: Record<string, Shapes> }>>('full-size.json.gz');

export const UNET = 'model.diffusion_model.';

/** A model whose U-Net takes so many channels. */
export const withInputs = (channels: number, base = FULL_SIZE['sd15'].stored): Shapes => ({
  ...base,
  [`${UNET}input_blocks.0.0.weight`]: [320, channels, 3, 3],
});
