/** Which family a checkpoint is of, by widths that no two families share, and by structure where a model is of another size. */
import { AppError } from '../errors';
import type { ModelFamily } from '../families/family';
import type { Collected, Tensors } from './collect';
import type { OpenedCheckpoint } from './opened';

export interface Recognised {
  family: ModelFamily;
  variant: OpenedCheckpoint['variant'];
}

/** What the text encoder gives the U-Net, and SDXL's refiner. @see ComfyUI comfy/supported_models.py */
const FAMILY_OF_CONTEXT: Readonly<Record<number, ModelFamily | 'refiner'>> = {
  768: 'sd15',
  1024: 'sd21',
  1280: 'refiner',
  2048: 'sdxl',
};

/** Channels into the U-Net: latents; latents and a picture's; latents, mask and masked picture's. */
const VARIANTS: Readonly<Record<number, OpenedCheckpoint['variant']>> = { 4: 'base', 8: 'instruct', 9: 'inpaint' };

/** Latent channels of the built-in model, which no other U-Net of this architecture has. */
const STARTER_CHANNELS = 32;

/**
 * @param hint file names and what the files say of themselves: decides only where tensors cannot
 * @throws AppError 'unsupported-model' naming what it is
 */
export function recogniseFamily({ components }: Collected, { file, hint }: { file: string; hint: string }): Recognised {
  const unet = components.get('unet');
  if (unet) return recogniseUnet(unet, file);
  refuseOtherLatents(components, file);
  return { family: familyWithoutUnet(components, hint), variant: 'base' };
}

function recogniseUnet(unet: Tensors, file: string): Recognised {
  const refuse = (what: string): never => {
    throw new AppError('unsupported-model', `${file}: this is ${what}`);
  };
  const inChannels = unet.get('conv_in.weight')?.shape[1];
  if (inChannels === STARTER_CHANNELS) return { family: 'starter', variant: 'base' };
  const family = unetFamily(unet);
  const added = unet.get('add_embedding.linear_1.weight')?.shape[1];
  const context = firstShape(unet, /\.attn2\.to_k\.weight$/)?.[1];
  if (context === 1024 && added !== undefined) return refuse(`a Stable unCLIP model; ${WHAT_RUNS}`);
  // Widths of published models: a toy may have any.
  if (context === 2048 && added !== undefined && added !== SDXL_ADDED)
    return refuse(`a relative of SDXL whose added embedding has ${added} numbers, not ${SDXL_ADDED}; ${WHAT_RUNS}`);
  if (family === 'sdxl' && context === 2048 && isSmaller(unet))
    return refuse(`a smaller SDXL (such as SSD-1B or Segmind Vega); ${WHAT_RUNS} of full size`);
  if (family === 'refiner') return refuse('the SDXL refiner; Gesso runs Stable Diffusion 1.x, 2.x and XL without it');
  if (inChannels === 7) return refuse('the Stable Diffusion x4 upscaler; Gesso runs Stable Diffusion 1.x, 2.x and XL');
  if (inChannels === 5) return refuse('a depth-to-image model; Gesso has no depth input yet');
  const variant = inChannels === undefined ? 'base' : VARIANTS[inChannels];
  if (variant === undefined)
    return refuse(`a U-Net with ${inChannels} channels in; Gesso knows 4, 8 (InstructPix2Pix) and 9 (inpainting)`);
  return { family, variant };
}

/** Pooled text of 1280 and six sizes of 256 each. */
const SDXL_ADDED = 2816;
const WHAT_RUNS = 'Gesso runs Stable Diffusion 1.x, 2.x and XL';

/** SDXL has ten blocks in each attention of its last level; those that were distilled from it have fewer. */
const SDXL_LAST_BLOCK = 'down_blocks.2.attentions.0.transformer_blocks.9.attn2.to_k.weight';

function isSmaller(unet: Tensors): boolean {
  return unet.has('down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight') && !unet.has(SDXL_LAST_BLOCK);
}

function unetFamily(unet: Tensors): ModelFamily | 'refiner' {
  const context = firstShape(unet, /\.attn2\.to_k\.weight$/)?.[1];
  const known = context === undefined ? undefined : FAMILY_OF_CONTEXT[context];
  if (known !== undefined) return known;
  if (unet.has('add_embedding.linear_1.weight')) return 'sdxl';
  return firstShape(unet, /\.proj_in\.weight$/)?.length === 2 ? 'sd21' : 'sd15';
}

/** An autoencoder alone is of use to a U-Net with as many channels. */
function refuseOtherLatents(components: Collected['components'], file: string): void {
  for (const [component, name] of [
    ['vae', 'decoder.conv_in.weight'],
    ['taesd', 'decoder.layers.0.weight'],
  ] as const) {
    const channels = components.get(component)?.get(name)?.shape[1] ?? 4;
    if (channels !== 4)
      throw new AppError(
        'unsupported-model',
        `${file}: this is an autoencoder with ${channels} latent channels (Stable Diffusion 3, Flux); those of Stable Diffusion 1.x, 2.x and XL have 4`,
      );
  }
}

/** A text encoder has the width of its family; a VAE alone may be of any. */
function familyWithoutUnet(components: Collected['components'], hint: string): ModelFamily {
  if (components.has('text_encoder_2')) return 'sdxl';
  const width = components.get('text_encoder')?.get('text_model.final_layer_norm.weight')?.shape[0];
  if (width === 1280) return 'sdxl';
  if (width === 1024) return 'sd21';
  return /sd_?xl|taesdxl|stable-diffusion-xl|xl[-_]?vae/i.test(hint) ? 'sdxl' : 'sd15';
}

export function firstShape(tensors: Tensors, name: RegExp): readonly number[] | undefined {
  for (const [key, { shape }] of tensors) if (name.test(key)) return shape;
  return undefined;
}
