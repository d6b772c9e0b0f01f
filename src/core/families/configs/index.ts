/** The published models' configs, by name. */
import type { PublishedId } from '../../networks/published';
import { VAE_SD, VAE_SDXL } from './autoencoders';
import {
  SCHEDULER_INSTRUCT,
  SCHEDULER_SD15,
  SCHEDULER_SD21,
  SCHEDULER_SD_TURBO,
  SCHEDULER_SDXL,
  SCHEDULER_SDXL_TURBO,
} from './schedulers';
import { CLIP_L, OPEN_CLIP_BIG_G, OPEN_CLIP_H } from './text-encoders';
import { inpaint, instruct, UNET_SD15, UNET_SD21, UNET_SD21_BASE, UNET_SDXL, UNET_SDXL_REFINER } from './unets';

export { TAESD } from './autoencoders';

/** One hub repository's config.json files. */
export type FamilyConfigs = Partial<Record<PublishedId, object>> & { scheduler: object };

const sd15 = { text_encoder: CLIP_L, unet: UNET_SD15, vae: VAE_SD, scheduler: SCHEDULER_SD15 };
const sd21Base = { text_encoder: OPEN_CLIP_H, unet: UNET_SD21_BASE, vae: VAE_SD, scheduler: SCHEDULER_SD15 };
const sdxl = {
  text_encoder: CLIP_L,
  text_encoder_2: OPEN_CLIP_BIG_G,
  unet: UNET_SDXL,
  vae: VAE_SDXL,
  scheduler: SCHEDULER_SDXL,
};

export const FAMILY_CONFIGS = {
  sd15,
  'sd15-inpaint': { ...sd15, unet: inpaint(UNET_SD15) },
  'sd15-instruct': { ...sd15, unet: instruct(UNET_SD15), scheduler: SCHEDULER_INSTRUCT },
  /** 2.1 at 768x768: predicts v. */
  sd21: { ...sd21Base, unet: UNET_SD21, scheduler: SCHEDULER_SD21 },
  'sd21-base': sd21Base,
  'sd21-inpaint': { ...sd21Base, unet: inpaint(UNET_SD21_BASE) },
  'sd-turbo': { ...sd21Base, scheduler: SCHEDULER_SD_TURBO },
  sdxl,
  'sdxl-inpaint': { ...sdxl, unet: inpaint(UNET_SDXL) },
  'sdxl-instruct': { ...sdxl, unet: instruct(UNET_SDXL) },
  'sdxl-refiner': {
    text_encoder_2: OPEN_CLIP_BIG_G,
    unet: UNET_SDXL_REFINER,
    vae: VAE_SDXL,
    scheduler: SCHEDULER_SDXL,
  },
  'sdxl-turbo': { ...sdxl, scheduler: SCHEDULER_SDXL_TURBO },
} as const satisfies Record<string, FamilyConfigs>;

export type FamilyConfigId = keyof typeof FAMILY_CONFIGS;
