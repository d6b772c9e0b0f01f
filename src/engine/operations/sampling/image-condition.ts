/** What U-Nets of inpainting and of editing read beside the latent. */
import { fromEncoder } from '../../../core/latents';
import { joinFloats } from '../../../core/math';
import type { LatentSize } from '../../../core/networks';
import type { Pixels } from '../../../core/image';
import { latentMask } from '../../../core/image/masks';
import { toPlanes } from '../../../core/image/paste';
import { fromPixels, type Mask } from '../../../core/image/raster';
import { pillowResize } from '../../../core/image/resample';
import type { MaskMode } from '../../../core/masking';
import { encodeMean, encodePlanes, type Reading } from '../encode-image';
import type { Model } from '../../models/model';

export interface ImageCondition {
  /** [channels, height, width], after the latent's own channels. */
  channels: Float32Array;
  /** It is a picture to be edited, from which guidance leads away by the image CFG scale. */
  isEdited?: boolean;
  notice?: string;
}

/**
 * A grey picture through Stable Diffusion 1.5's autoencoder, scaled, for models whose encoder is not at hand.
 * @see ComfyUI comfy/model_base.py blank_inpaint_image_like
 */
const GREY_LATENT = [0.8223, -0.6876, 0.6364, 0.138];

const NO_PICTURE =
  'This model edits a picture by instructions. It got none, so that it paints from the words alone, which it does badly.';

/** A picture that a model sees beside what it paints. */
export interface SeenPicture {
  pixels: Pixels;
  /** What is hidden of it from a model that sees masks; without one all of it. */
  mask?: Mask;
  maskMode: MaskMode;
  /** How much of that is hidden. */
  conditioningMaskStrength: number;
}

/** Channels of a mask, and of what is around it. */
export const seesMask = ({ traits: { inChannels, latentChannels } }: Model): boolean =>
  inChannels === 2 * latentChannels + 1;

/**
 * @param picture  that is to be edited; of another size it is resized to what is painted
 * @returns undefined for models that read nothing but the latent
 */
export async function imageCondition(
  model: Model,
  latent: LatentSize,
  { picture, ...reading }: Reading & { picture?: SeenPicture | undefined },
): Promise<ImageCondition | undefined> {
  const { inChannels, latentChannels } = model.traits;
  const cells = latent.height * latent.width;
  const extra = inChannels - latentChannels;
  if (extra === 0) return undefined;
  // Not scaled: so it was trained. @see timothybrooks/instruct-pix2pix#36
  if (extra === latentChannels && picture)
    return { channels: await encodeMean(model, ofLatent(picture.pixels, latent, model), reading), isEdited: true };
  if (extra === latentChannels) return { channels: new Float32Array(extra * cells), notice: NO_PICTURE };
  if (picture?.mask)
    return { channels: await maskedChannels(model, latent, { ...picture, mask: picture.mask, ...reading }) };
  // As A1111's txt2img_image_conditioning: the mask is 1 everywhere, and what it hides is grey.
  const channels = new Float32Array(extra * cells).fill(1, 0, cells);
  channels.set(await greyLatent(model, latent, reading), cells);
  return { channels };
}

async function greyLatent(model: Model, latent: LatentSize, reading: Reading): Promise<Float32Array> {
  const { latentFactor, latentChannels } = model.traits;
  const cells = latent.height * latent.width;
  if (!model.readsPictures)
    return Float32Array.from({ length: latentChannels * cells }, (_, i) => GREY_LATENT[Math.floor(i / cells)] ?? 0);
  const [height, width] = [latent.height * latentFactor, latent.width * latentFactor];
  const grey = new Float32Array(3 * height * width);
  return fromEncoder(await encodePlanes(model, grey, { width, height, ...reading }), model.traits);
}

/**
 * The mask in cells, and the latent of the picture whose masked part is grey. A1111 and diffusers agree on both.
 * @see A1111 modules/processing.py, inpainting_image_conditioning; diffusers prepare_mask_latents; ComfyUI nodes.py, InpaintModelConditioning
 */
async function maskedChannels(
  model: Model,
  latent: LatentSize,
  picture: SeenPicture & Reading & { mask: Mask },
): Promise<Float32Array> {
  const { pixels, mask, maskMode, conditioningMaskStrength: strength, onEvent, pause } = picture;
  const seen = ofLatent(pixels, latent, model);
  const hidden = mask.width === seen.width && mask.height === seen.height ? mask : pillowResize(mask, seen, LANCZOS);
  const planes = toPlanes(fromPixels(seen));
  const count = hidden.data.length;
  const covered = planes.map((value, i) => (hidden.data[i % count] >= HALF ? value * (1 - strength) : value));
  const mean = await encodePlanes(model, covered, { width: seen.width, height: seen.height, onEvent, pause });
  const cells =
    maskMode === 'comfyui'
      ? latentMask(mask, latent, 'comfyui').map(Math.round)
      : latentMask(hidden, latent, 'diffusers');
  return joinFloats([cells, fromEncoder(mean, model.traits)]);
}

/** The lowest level that rounds to 1. */
const HALF = 128;
const LANCZOS = { filter: 'lanczos' } as const;

/** The picture in the size of the latent: in a second pass that is larger than the picture was made. */
function ofLatent(pixels: Pixels, { width, height }: LatentSize, { traits: { latentFactor } }: Model): Pixels {
  const size = { width: width * latentFactor, height: height * latentFactor };
  if (Math.floor(pixels.width / latentFactor) === width && Math.floor(pixels.height / latentFactor) === height)
    return pixels;
  return pillowResize(fromPixels(pixels), size, LANCZOS);
}
