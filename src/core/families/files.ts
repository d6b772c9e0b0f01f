/**
 * What files tell of each family, whose configs they take where they have none, and how people call it: apart from the families'
 * own files, for the importer alone asks, and the page holds those from the start.
 */
import type { FamilyConfigId } from './configs';
import type { ModelFamily } from './table';

/** `inpaint`: mask and masked latents beside the latent; `instruct`: the picture's latents (InstructPix2Pix). */
export type Variant = 'base' | 'inpaint' | 'instruct';

/** What tells the family by a checkpoint's tensors; the families are asked in the order of their table. */
export interface FamilySigns {
  /** Channels into the denoiser, where no other family has as many. */
  inChannels?: number;
  /** Width of the text vectors that cross-attention reads. */
  contextWidth?: number;
  /** Where that is of no published model: whether pooled text and numbers of the picture are read, linear projections, and attention in the deepest level. */
  structure?: { hasAdded: boolean; hasLinearProjection?: boolean; endsInAttention?: boolean };
  /** Width of a text encoder that comes alone. */
  textWidth?: number;
  /** Tells the family by names of files that have no denoiser. */
  name?: RegExp;
  /** What Civitai calls the model that it was tuned from. */
  base?: RegExp;
  /** What trainers of LoRAs call the model they began with. @see kohya-ss/sd-scripts train_util.py, sai_model_spec.py */
  training?: RegExp;
}

export interface FamilyFiles {
  /** "Stable Diffusion", "1.x": as the sentences say which models run. */
  series: string;
  version: string;
  /** Name in a word, as people say it of LoRAs. */
  shortName: string;
  signs: FamilySigns;
  /** The published models whose configs files without any take. */
  published: { base: FamilyConfigId; turbo?: FamilyConfigId } & Partial<Record<Variant, FamilyConfigId>>;
  /** Where models that predict v have another config: what tells them in files that do not say it, a tensor's spread. */
  predictsV?: { config: FamilyConfigId; inChannels: number; telltale: string; spread: number };
}

/** A family without a line does not compile. */
export const FILES: Readonly<Record<ModelFamily, FamilyFiles>> = {
  sd15: {
    series: 'Stable Diffusion',
    version: '1.x',
    shortName: 'SD 1.5',
    signs: {
      contextWidth: 768,
      structure: { hasAdded: false, hasLinearProjection: false },
      base: /^SD 1(\.|\b)/,
      training: /^(sd_v1|stable-diffusion-v1)/,
    },
    published: { base: 'sd15', inpaint: 'sd15-inpaint', instruct: 'sd15-instruct' },
  },
  sd21: {
    series: 'Stable Diffusion',
    version: '2.x',
    shortName: 'SD 2',
    signs: {
      contextWidth: 1024,
      structure: { hasAdded: false, hasLinearProjection: true },
      textWidth: 1024,
      base: /^SD 2(\.|\b)/,
      training: /^(sd_v2|stable-diffusion-v2)/,
    },
    published: { base: 'sd21-base', inpaint: 'sd21-inpaint', turbo: 'sd-turbo' },
    /** 2.1 at 768x768: its attention needs float32. @see ComfyUI comfy/supported_models.py SD20.model_type */
    predictsV: {
      config: 'sd21',
      inChannels: 4,
      telltale: 'up_blocks.3.attentions.2.transformer_blocks.0.norm1.bias',
      spread: 0.09,
    },
  },
  sdxl: {
    series: 'Stable Diffusion',
    version: 'XL',
    shortName: 'SDXL',
    signs: {
      contextWidth: 2048,
      structure: { hasAdded: true, endsInAttention: true },
      textWidth: 1280,
      /** Pony V7 is another kind. @see Civitai's base models */
      base: /^(?!.*[Rr]efiner)(SDXL|Pony(?! V7)|Illustrious|NoobAI)/,
      training: /^(sdxl|stable-diffusion-xl(?!.*refiner))/,
      name: /sd_?xl|taesdxl|stable-diffusion-xl|xl[-_]?vae/i,
    },
    published: { base: 'sdxl', inpaint: 'sdxl-inpaint', instruct: 'sdxl-instruct', turbo: 'sdxl-turbo' },
  },
  'sdxl-refiner': {
    series: 'Stable Diffusion',
    version: 'the XL refiner',
    shortName: 'the SDXL refiner',
    signs: {
      contextWidth: 1280,
      structure: { hasAdded: true, endsInAttention: false },
      base: /^SDXL.*[Rr]efiner/,
      training: /^stable-diffusion-xl.*refiner/,
    },
    published: { base: 'sdxl-refiner' },
  },
  starter: {
    series: '',
    version: '',
    shortName: 'the starter',
    signs: { inChannels: 32 },
    published: { base: 'sd15' },
  },
};
