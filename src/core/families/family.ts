/** A family of models: what is put together and painted with alike, as data alone. */
import type { ComponentId } from '../networks/components';
import type { SizeLimits } from '../recipe/size-limits';
import type { SamplerId } from '../samplers';
import type { OptimisedFor, ScheduleId } from '../schedules';
import type { FamilyConfigId } from './configs';
import type { LatentColours } from './latent-colours';

/** A side of a latent cell: pictures may have any number of them along each side. */
export const CELL_PIXELS = 8;

/** What a model likes to be painted with. */
export interface ModelDefaults {
  sampler: SamplerId;
  schedule: ScheduleId;
  steps: number;
  cfgScale: number;
  width: number;
  height: number;
}

/**
 * Original height and width; crop's top and left; target height and width, all in pixels; how beautiful it is, from 0 to 10.
 * @see Podell et al. 2023, arXiv:2307.01952, 2.2; Stability-AI/generative-models configs/inference/sd_xl_refiner.yaml
 */
export type ToldNumbers = 'size' | 'crop' | 'target' | 'score';

export interface TextEncoderUse {
  component: ComponentId;
  /** What fills a chunk: the end token again (CLIP-L), or token 0 (OpenCLIP). */
  padding: 'end' | 'zero';
  /** Whether the encoder's final norm follows the layer that is taken. */
  finalNorm: boolean;
  /** Whether it gives the text in one vector too. */
  isPooled?: boolean;
}

/**
 * Which layers a clip skip can choose: any; from the last but one, which is what the model was trained on; none, where the
 * model was trained on one layer and its files end there.
 */
export type ClipSkipRule = 'any' | 'from_two' | 'none';

/** The ways of storing that a person chooses from. */
export type StoredAs = 'q8' | 'q4' | 'smallest' | 'float16';

export interface Megabytes {
  /** Megabytes of the pack. */
  stored: number;
  /** Megabytes on a GPU with 16-bit floats, to paint: packed matrices as they are, all else widened. */
  loaded: number;
}

export interface Family {
  /** The text encoders in the order of their channels in the context, side by side; the pooled vector is the last one's. */
  texts: readonly TextEncoderUse[];
  denoiser: ComponentId;
  decoder: ComponentId;
  encoder: ComponentId;
  preview: ComponentId;
  previewEncoder: ComponentId;
  /** Id of the catalogue's helper that sharpens previews. */
  previewHelper?: string;
  /** `clip`: the vocabulary that ships with the app; `own`: each model brings one. */
  tokenizer: 'clip' | 'own';
  clipSkip: ClipSkipRule;
  /** Whether a negative prompt that says nothing is zeros, for the tokens and the pooled vector alike, under A1111's dialect. */
  zeroesEmptyNegative: boolean;
  /** Numbers of the picture that the denoiser reads in this order, beside the pooled text; absent where it reads neither. */
  tells?: readonly ToldNumbers[];
  latentChannels: number;
  /** Where latents are those of the published autoencoder. */
  latentColours?: LatentColours;
  /** Side of the pictures for which tables of sigmas were optimised (Align Your Steps). */
  optimisedFor: OptimisedFor;
  /** Whose memory stands for all of the family's; absent where it is too small to tell. */
  estimatedAs?: FamilyConfigId;
  /** What its models like when nobody has said more. @see A1111's defaults; sizes each family was trained at */
  defaults: ModelDefaults;
  size: SizeLimits;
  /** TFLOP of one pass at a side of `size` pixels, and of decoding it. @see Gesso's own count over the graphs; 2 FLOP a multiply-add */
  work: { pass: number; decode: number; size: number };
  /** Better pictures have a higher one: which is recommended first. */
  rank: number;
  /** Sizes from the published shapes: tools/fullsize/pack-sizes.ts, whose test compares. Absent where it is built in. */
  megabytes?: Readonly<Record<StoredAs, Megabytes>>;
  /** Id of its model that ships with the app. */
  builtIn?: string;
}
