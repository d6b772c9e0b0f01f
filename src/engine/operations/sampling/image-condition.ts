/** What U-Nets of inpainting and of editing read beside the latent. */
import { fromEncoder } from '../../../core/latents';
import type { LatentSize } from '../../../core/networks';
import type { Pixels } from '../../../core/image';
import type { EventListener } from '../../api';
import { encodeMean } from '../encode-image';
import type { Model } from '../../models/model';

export interface ImageCondition {
  /** [channels, height, width], after the latent's own channels. */
  channels: Float32Array;
  notice?: string;
}

/**
 * A grey picture through Stable Diffusion 1.5's autoencoder, scaled, for models whose encoder is not at hand.
 * @see ComfyUI comfy/model_base.py blank_inpaint_image_like
 */
const GREY_LATENT = [0.8223, -0.6876, 0.6364, 0.138];

const NO_PICTURE =
  'This model edits a picture by instructions. It got none, so that it paints from the words alone, which it does badly.';

/**
 * @param picture  that is to be edited, of the size that is painted
 * @returns undefined for models that read nothing but the latent
 */
export async function imageCondition(
  model: Model,
  latent: LatentSize,
  picture?: { pixels: Pixels; onEvent: EventListener },
): Promise<ImageCondition | undefined> {
  const { inChannels, latentChannels } = model.traits;
  const cells = latent.height * latent.width;
  const extra = inChannels - latentChannels;
  if (extra === 0) return undefined;
  // Not scaled: so it was trained. @see timothybrooks/instruct-pix2pix#36
  if (extra === latentChannels && picture) return { channels: await encodeMean(model, picture.pixels, picture) };
  if (extra === latentChannels) return { channels: new Float32Array(extra * cells), notice: NO_PICTURE };
  // As A1111's txt2img_image_conditioning: the mask is 1 everywhere, and what it hides is grey.
  const channels = new Float32Array(extra * cells).fill(1, 0, cells);
  channels.set(await greyLatent(model, latent), cells);
  return { channels };
}

async function greyLatent(model: Model, latent: LatentSize): Promise<Float32Array> {
  const { latentFactor, latentChannels, parts } = model.traits;
  const cells = latent.height * latent.width;
  if (!model.components.has(parts.encoder))
    return Float32Array.from({ length: latentChannels * cells }, (_, i) => GREY_LATENT[Math.floor(i / cells)] ?? 0);
  const [height, width] = [latent.height * latentFactor, latent.width * latentFactor];
  const encoder = await model.components.get(parts.encoder);
  const grey = { data: new Float32Array(3 * height * width), dims: [1, 3, height, width] };
  const { latent_sample: mean } = await encoder.run({ sample: grey });
  await model.components.release(parts.encoder);
  return fromEncoder(mean, model.traits);
}
