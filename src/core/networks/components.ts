/** The components a model can have, by what packs call them: which network each is, what it does, and its words. */
import type { NetworkId } from './table';

/** What a component is there for: what paints asks for these, not for names. */
export type Role = 'text' | 'denoiser' | 'decoder' | 'encoder' | 'preview' | 'preview_encoder';

export interface Component {
  /** Packs say nothing of it: a component that is another network is another component. */
  network: NetworkId;
  role: Role;
  /** In a list. */
  label: string;
  /** Within a sentence. */
  name: string;
  /** Inputs and outputs in the words of diffusers' exports: what a ready-made graph must have. */
  ports: {
    inputs: readonly string[];
    outputs: readonly string[];
    /** Read too where the model is told sizes. */
    sizeInputs?: readonly string[];
  };
}

const decoding = { inputs: ['latent_sample'], outputs: ['sample'] };
const encoding = { inputs: ['sample'], outputs: ['latent_sample'] };

export const COMPONENTS = {
  text_encoder: {
    network: 'clip_text',
    role: 'text',
    label: 'Text encoder',
    name: 'text encoder',
    ports: { inputs: ['input_ids'], outputs: ['last_hidden_state'] },
  },
  text_encoder_2: {
    network: 'clip_text_projection',
    role: 'text',
    label: 'Second text encoder',
    name: 'second text encoder',
    ports: { inputs: ['input_ids'], outputs: ['last_hidden_state', 'text_embeds'] },
  },
  unet: {
    network: 'unet',
    role: 'denoiser',
    label: 'U-Net',
    name: 'U-Net',
    ports: {
      inputs: ['sample', 'timestep', 'encoder_hidden_states'],
      outputs: ['out_sample'],
      sizeInputs: ['text_embeds', 'time_ids'],
    },
  },
  vae_decoder: {
    network: 'autoencoder_decoder',
    role: 'decoder',
    label: 'Decoder',
    name: 'VAE decoder',
    ports: decoding,
  },
  vae_encoder: {
    network: 'autoencoder_encoder',
    role: 'encoder',
    label: 'Encoder',
    name: 'VAE encoder',
    ports: encoding,
  },
  taesd_decoder: {
    network: 'tiny_decoder',
    role: 'preview',
    label: 'Preview decoder',
    name: 'preview decoder',
    ports: decoding,
  },
  taesd_encoder: {
    network: 'tiny_encoder',
    role: 'preview_encoder',
    label: 'Preview encoder',
    name: 'preview encoder',
    ports: encoding,
  },
} as const satisfies Record<string, Component>;

export type ComponentId = keyof typeof COMPONENTS;

export const COMPONENT_IDS = Object.keys(COMPONENTS) as ComponentId[];

export const isComponentId = (id: string): id is ComponentId => Object.hasOwn(COMPONENTS, id);

export const componentOf = (id: ComponentId): Component => COMPONENTS[id];

export const roleOf = (id: ComponentId): Role => COMPONENTS[id].role;

/** Without these nothing is painted. */
export const PAINTING_ROLES: readonly Role[] = ['denoiser', 'text', 'decoder'];

export const isPainting = (id: ComponentId): boolean => PAINTING_ROLES.includes(roleOf(id));

/** Small, and used while another runs. */
export const isCompanion = (id: ComponentId): boolean => ['preview', 'preview_encoder'].includes(roleOf(id));
