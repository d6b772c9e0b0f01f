/** What travels on a graph's links while it is compiled: descriptions, of which wires are made where a sampler wants them. */
import type { PictureJoin } from '../../../control/picture-joins';
import type { Size } from '../../../image/raster';
import type { SamplerId, SamplerOptions } from '../../../samplers';
import type { ScheduleId } from '../../../schedules';
import type { SettingsOf, Wire } from '../../../workflow';
import type { DynthresSettings } from '../../dynthres-node';
import type { TilingId } from '../../../recipe/tiling-field';
import type { TiledSettings } from '../../tiled-node';
import type { Json } from '../document';

/** What nodes say of how a model is sampled. */
export type ModelSettings = Partial<
  Pick<
    SettingsOf<'sample'>,
    | ('sampling' | 'zeroTerminalSnr' | 'cfgRescale' | 'maskMode')
    | ('shrinkBlock' | 'shrinkFactor' | 'shrinkStart' | 'shrinkEnd' | 'shrinkKeepsSmall' | 'shrinkDown' | 'shrinkUp')
    | ('freeu' | 'freeuB1' | 'freeuB2' | 'freeuS1' | 'freeuS2' | 'pagScale' | 'sagScale' | 'sagBlur')
    | ('mahiro' | 'epsScaling' | 'patches')
  > &
    DynthresSettings &
    TiledSettings
>;

/** Perp-Neg: a text that says nothing, and how much the negative one counts. */
export interface PerpValue {
  empty: ConditioningValue;
  scale: number;
  /** It is no part of the sampler's own texts, which share controls. */
  isApart?: boolean;
}

/** A denoiser with what was put on it. `base`: the id of the checkpoint it is from. */
export interface ModelValue {
  type: 'MODEL';
  model: Wire;
  base: string;
  settings?: ModelSettings;
  perp?: PerpValue;
  pictures?: readonly PictureUse[];
}

export interface ClipValue {
  type: 'CLIP';
  model: Wire;
  /** Layers from the end, 1 the last. */
  skip: number;
}

/** An autoencoder: a checkpoint's, a file of its own, or the name of one that is not here; and which edges of its pictures it joins. */
export type AutoencoderValue = { type: 'VAE'; tiling?: TilingId } & (
  { model: Wire; base: string } | { file: string } | { missing: string }
);

/** A ControlNet in wait of the size that is painted. */
export interface ControlValue {
  node: string;
  control: string;
  /** A hint for each picture of a batch, in turn. */
  hints: readonly Wire[];
  weight: number;
  start: number;
  end: number;
  kind?: string;
}

/** What a text is read for: `calls` is what its editing counts in. */
export interface Reading {
  side: 'positive' | 'negative';
  calls: number;
}

export type Placing = Partial<Omit<SettingsOf<'add_guide'>, 'isNegative'>>;

/** A text in wait of the side it is on, and of the steps. */
export interface TextItem {
  node: string;
  wire(reading: Reading): Wire;
  controls: readonly ControlValue[];
  /** The controls count for the negative too, whatever that says itself. */
  controlsBoth?: boolean;
  /** Where, when and how much it counts; absent: everywhere, always, as any other. */
  place?: Placing;
  mask?: Wire;
  /** A picture that models of inpainting see beside what they paint, and what of it is hidden; without that one that is edited by its text. */
  seen?: { images: readonly Wire[]; masks?: readonly Wire[] };
}

export interface ConditioningValue {
  type: 'CONDITIONING';
  /** The texts, at least one. */
  items: readonly TextItem[];
}

export type Near = Pick<ModelValue, 'model' | 'base'>;

export interface LatentItem {
  /** Where its cells are those of this model. */
  wire(near: Near): Wire;
  /** What sampled it last, or read it. */
  near?: Near;
  /** Where it may be repainted. */
  mask?: Wire;
  /** Nothing is in it. */
  isEmpty: boolean;
  /** Its noise is that of this place in a batch, from 0, wherever it stands now. */
  noiseIndex?: number;
  /** Size in pixels, where that is known before anything runs. */
  size?: Size;
}

/** Latents of a batch as ComfyUI has them: at least one. */
export interface LatentValue {
  type: 'LATENT';
  items: readonly LatentItem[];
}

export interface SizedWire {
  wire: Wire;
  /** Size in pixels, where that is known before anything runs. */
  size?: Size;
  /** A picture's mask of what shows through: it is laid on where the picture leaves, and goes no further than the next node. */
  hidden?: Wire;
}

export interface ImageValue {
  type: 'IMAGE';
  items: readonly SizedWire[];
}

export interface MaskValue {
  type: 'MASK';
  items: readonly SizedWire[];
}

/** An upscaler, by the id of a file. */
export interface UpscalerValue {
  type: 'UPSCALE_MODEL';
  id: string;
}

export interface ControlNetValue {
  type: 'CONTROL_NET';
  id: string;
  /** What a Union is told that its hint is. */
  kind?: string;
}

/** An adapter that reads pictures: the id of its file. */
export interface PictureAdapterValue {
  type: 'IPADAPTER';
  id: string;
}

/** What looks at pictures for adapters: which file is theirs, the engine knows. */
export interface VisionValue {
  type: 'CLIP_VISION';
}

/** A picture that a model reads beside its texts. */
export interface PictureUse {
  node: string;
  adapter: string;
  /** At least one. */
  images: readonly Wire[];
  /** What becomes of several. */
  join: PictureJoin;
  /** Where it counts. */
  mask?: Wire;
  weight: number;
  start: number;
  end: number;
}

/** ControlNets in wait of texts, first to last. */
export interface ControlStackValue {
  type: 'CONTROL_NET_STACK';
  controls: readonly ControlValue[];
}

/** All that a KSampler is told but its latent. */
export interface KSampling {
  model: ModelValue;
  positive: ConditioningValue;
  negative: ConditioningValue;
  cfg: number;
  steps: number;
  sampler: SamplerId;
  schedule: ScheduleId;
  seed: number | bigint;
  denoise: number;
}

/** A KSampler in wait of a latent. */
export interface KSamplerValue {
  type: 'KSAMPLER';
  how: KSampling;
}

/** What Efficiency's sampler does after it has painted. */
export interface HiresScript {
  kind: 'latent' | 'pixel' | 'both';
  model?: ModelValue;
  /** How latents are enlarged, and the id of the upscaler of pictures. */
  mode: string;
  upscaler?: string;
  factor: number;
  /** Undefined: that of the sampler. */
  seed?: number | bigint;
  steps: number;
  denoise: number;
  times: number;
}

export interface ScriptValue {
  type: 'SCRIPT';
  hires: HiresScript;
}

export interface SigmasValue {
  type: 'SIGMAS';
  wire: Wire;
}

export interface SamplerValue {
  type: 'SAMPLER';
  sampler: SamplerId;
  options: Partial<SamplerOptions>;
}

export interface NoiseValue {
  type: 'NOISE';
  /** Undefined: none is added. */
  seed?: number | bigint;
}

export interface GuiderValue {
  type: 'GUIDER';
  model: ModelValue;
  positive: ConditioningValue;
  /** Undefined: it is guided by the positive alone. */
  negative?: ConditioningValue;
  cfg: number;
}

export interface StackedLora {
  /** Name that the graph has for its file. */
  name: string;
  denoiser: number;
  text: number;
}

/** LoRAs in wait of a model. */
export interface LoraStackValue {
  type: 'LORA_STACK';
  loras: readonly StackedLora[];
}

/** Several values on one link, as packs have them. */
export interface PipeValue {
  type: 'PIPE';
  parts: Readonly<Record<string, Value | undefined>>;
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
  | UpscalerValue
  | ControlNetValue
  | PictureAdapterValue
  | VisionValue
  | ControlStackValue
  | KSamplerValue
  | ScriptValue
  | SigmasValue
  | SamplerValue
  | NoiseValue
  | GuiderValue
  | PipeValue
  | LoraStackValue
  | LiteralValue;

export type ValueOf<Type extends Value['type']> = Extract<Value, { type: Type }>;
