/** The components a model can have, by what packs call them: which network each is, what it does, and its words. */
import type { NetworkId } from './table';

/** What a component is there for: what paints asks for these, not for names. */
export type Role =
  | 'text'
  | 'denoiser'
  | 'decoder'
  | 'encoder'
  | 'preview'
  | 'preview_encoder'
  | 'control'
  | 'hint'
  | 'adapter'
  | 'image_prompt'
  | 'vision'
  | 'annotator'
  | 'upscaler';

export interface Component {
  /** Packs say nothing of it: a component that is another network is another component. */
  network: NetworkId;
  role: Role;
  /** Name within a sentence. */
  name: string;
  /** Name in a list, where that is another. */
  label?: string;
}

export const COMPONENTS = {
  text_encoder: { network: 'clip_text', role: 'text', name: 'text encoder' },
  text_encoder_2: { network: 'clip_text_projection', role: 'text', name: 'second text encoder' },
  unet: { network: 'unet', role: 'denoiser', name: 'U-Net' },
  vae_decoder: { network: 'autoencoder_decoder', role: 'decoder', label: 'Decoder', name: 'VAE decoder' },
  vae_encoder: { network: 'autoencoder_encoder', role: 'encoder', label: 'Encoder', name: 'VAE encoder' },
  taesd_decoder: { network: 'tiny_decoder', role: 'preview', name: 'preview decoder' },
  taesd_encoder: { network: 'tiny_encoder', role: 'preview_encoder', name: 'preview encoder' },
  control_step: { network: 'control_step', role: 'control', name: 'ControlNet' },
  control_hint: { network: 'control_hint', role: 'hint', name: 'hint encoder' },
  t2i_adapter: { network: 't2i_adapter', role: 'adapter', name: 'T2I-Adapter' },
  image_prompt_adapter: { network: 'image_prompt_adapter', role: 'image_prompt', name: 'IP-Adapter' },
  clip_vision: { network: 'clip_vision', role: 'vision', name: 'CLIP vision encoder' },
  hint_annotator: { network: 'hint_annotator', role: 'annotator', name: 'network that draws hints' },
  compact_upscaler: { network: 'compact_upscaler', role: 'upscaler', name: 'upscaler' },
  rrdb_upscaler: { network: 'rrdb_upscaler', role: 'upscaler', name: 'upscaler' },
  span_upscaler: { network: 'span_upscaler', role: 'upscaler', name: 'upscaler' },
  omnisr_upscaler: { network: 'omnisr_upscaler', role: 'upscaler', name: 'upscaler' },
} as const satisfies Record<string, Component>;

export type ComponentId = keyof typeof COMPONENTS;

export const componentIds = (): ComponentId[] => Object.keys(COMPONENTS) as ComponentId[];

export const isComponentId = (id: string): id is ComponentId => Object.hasOwn(COMPONENTS, id);

export const componentOf = (id: ComponentId): Component => COMPONENTS[id];

/** Name in a list: "Text encoder". */
export function labelOf(id: ComponentId): string {
  const { name, label = name[0].toUpperCase() + name.slice(1) } = componentOf(id);
  return label;
}

export const roleOf = (id: ComponentId): Role => COMPONENTS[id].role;

/** Roles without which nothing is painted. */
const PAINTING_ROLES: readonly Role[] = ['denoiser', 'text', 'decoder'];

export const isPainting = (id: ComponentId): boolean => PAINTING_ROLES.includes(roleOf(id));

/** Small, and used while another runs. */
export const isCompanion = (id: ComponentId): boolean => ['preview', 'preview_encoder'].includes(roleOf(id));
