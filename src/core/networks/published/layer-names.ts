/**
 * How trainers of LoRAs call a network's layers: a prefix, then a path, with its dots or with underscores in their place.
 * @see reference: kohya-ss/sd-scripts networks/lora.py, oft.py; KohakuBlueleaf/LyCORIS wrapper.py; diffusers loaders/lora_pipeline.py;
 *   huggingface/peft utils/save_and_load.py; OneTrainer modules/util/convert/lora/convert_clip.py; ComfyUI comfy/lora.py model_lora_keys_unet, model_lora_keys_clip
 */
import type { ComponentId } from '../components';
import { toLdmUnetLayer } from '../names/to-ldm-unet';

export interface LayerNames {
  /** Prefixes of a path whose dots became underscores. */
  flat: readonly string[];
  /** Prefixes of a path as it is. */
  dotted: readonly string[];
  /** Prefixes of a text encoder that is the model's only one. */
  alone?: { flat: readonly string[]; dotted: readonly string[] };
  /** All paths that a layer has: diffusers' or transformers' first, then those of other programs. */
  paths(layer: string, has: (start: string) => boolean): string[];
}

const PEFT = 'base_model.model.';

/** transformers 5 names its layers without "text_model.". */
const clipPaths = (layer: string): string[] =>
  layer.startsWith('text_model.') ? [layer, layer.slice('text_model.'.length)] : [layer];

/** ComfyUI's; the Open Model Initiative's, which OneTrainer writes; and those that count text encoders from 0. */
const ofTextEncoder = (name: string, at: number): string[] => [
  `text_encoders.${name}.transformer.`,
  `${name}.`,
  `text_encoders.${at}.`,
  `text_encoders_${at}.`,
];

const LAYER_NAMES: Partial<Record<ComponentId, LayerNames>> = {
  unet: {
    flat: ['lora_unet_', 'lycoris_', 'oft_unet_'],
    dotted: [
      'unet.',
      '',
      PEFT,
      `unet.${PEFT}`,
      'unet.unet.',
      'lora_unet.',
      'diffusion_model.',
      'model.diffusion_model.',
    ],
    paths(layer, has) {
      const ldm = toLdmUnetLayer(layer, (level) => has(`up_blocks.${level}.attentions.`));
      return ldm === undefined ? [layer] : [layer, ldm];
    },
  },
  text_encoder: {
    flat: ['lora_te1_', 'lycoris_'],
    dotted: ['text_encoder.', '', PEFT, `text_encoder.${PEFT}`, ...ofTextEncoder('clip_l', 0)],
    alone: { flat: ['lora_te_', 'oft_te_'], dotted: ['text_encoders.clip_h.transformer.'] },
    paths: clipPaths,
  },
  text_encoder_2: {
    flat: ['lora_te2_'],
    dotted: ['text_encoder_2.', `text_encoder_2.${PEFT}`, ...ofTextEncoder('clip_g', 1)],
    alone: { flat: ['lora_te_'], dotted: ['text_encoder.'] },
    paths: clipPaths,
  },
};

/** Whether LoRAs may be for it. */
export const isAdapted = (component: ComponentId): boolean => LAYER_NAMES[component] !== undefined;

export interface Spelling {
  prefix: string;
  isFlat: boolean;
}

/** @param isOnlyText  whether the model has no other text encoder */
export function spellingsOf(component: ComponentId, isOnlyText: boolean): Spelling[] {
  const names = LAYER_NAMES[component];
  if (!names) return [];
  const alone = isOnlyText ? names.alone : undefined;
  return [
    ...[...names.flat, ...(alone?.flat ?? [])].map((prefix) => ({ prefix, isFlat: true })),
    ...[...names.dotted, ...(alone?.dotted ?? [])].map((prefix) => ({ prefix, isFlat: false })),
  ];
}

/** @param layers  all of the network's, without ".weight" @returns every path of each, its own first */
export function layerPaths(component: ComponentId, layers: readonly string[]): Map<string, string[]> {
  const names = LAYER_NAMES[component];
  const has = (start: string): boolean => layers.some((layer) => layer.startsWith(start));
  return new Map(layers.map((layer) => [layer, names?.paths(layer, has) ?? []]));
}

/** A path with the prefix that a trainer puts before it. */
export const spelled = ({ prefix, isFlat }: Spelling, path: string): string =>
  prefix + (isFlat ? path.replaceAll('.', '_') : path);
