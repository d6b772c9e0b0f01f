/** What travels on a graph's links while it is compiled: descriptions, of which wires are made where a sampler wants them. */
import type { Wire } from '../../../workflow';
import type { Json } from '../document';

/** A denoiser with what was put on it. `base`: the id of the checkpoint it is from. */
export interface ModelValue {
  type: 'MODEL';
  model: Wire;
  base: string;
}

export interface ClipValue {
  type: 'CLIP';
  model: Wire;
  /** Layers from the end, 1 the last. */
  skip: number;
}

/** Of a checkpoint, or a file of its own. */
export type AutoencoderValue = { type: 'VAE' } & ({ model: Wire; base: string } | { file: string });

/** A ControlNet in wait of the size that is painted. */
export interface ControlValue {
  node: string;
  control: string;
  hint: Wire;
  weight: number;
  start: number;
  end: number;
}

/** A text in wait of the side it is on, and of the steps. */
export interface ConditioningValue {
  type: 'CONDITIONING';
  node: string;
  text: string;
  clip: ClipValue;
  controls: readonly ControlValue[];
  /** The controls count for the negative too, whatever that says itself. */
  controlsBoth?: boolean;
}

export type Near = Pick<ModelValue, 'model' | 'base'>;

export interface LatentValue {
  type: 'LATENT';
  /** Where its cells are those of this model. */
  wire(near: Near): Wire;
  /** What sampled it last, or read it. */
  near?: Near;
  /** Where it may be repainted. */
  mask?: Wire;
  /** Nothing is in it. */
  isEmpty: boolean;
}

export interface ImageValue {
  type: 'IMAGE';
  image: Wire;
}

export interface MaskValue {
  type: 'MASK';
  mask: Wire;
}

/** The id of a file. */
export interface FileValue {
  type: 'CONTROL_NET' | 'UPSCALE_MODEL';
  id: string;
}

export interface LiteralValue {
  type: 'literal';
  value: Json;
}

export type Value =
  | ModelValue
  | ClipValue
  | AutoencoderValue
  | ConditioningValue
  | LatentValue
  | ImageValue
  | MaskValue
  | FileValue
  | LiteralValue;

export type ValueOf<Type extends Value['type']> = Extract<Value, { type: Type }>;
