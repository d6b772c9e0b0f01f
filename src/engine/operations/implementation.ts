/** What computes an operation, and what it is given for that. */
import type { Pixels } from '../../core/image';
import type { Mask } from '../../core/image/raster';
import type { PictureJoin } from '../../core/control/picture-joins';
import type { LatentSize } from '../../core/networks';
import type { NoiseScheduleConfig, OptimisedFor } from '../../core/schedules';
import type { OperationId, OPERATIONS, SettingsOf } from '../../core/workflow';
import type { AdapterEntry, EventListener, Pass, PictureShape, Stage } from '../api';
import type { AdapterUse } from '../models/adapters';
import type { Blend } from '../models/blends';
import type { EdgeTiling } from '../models/model-changes';
import type { Model } from '../models/model';
import type { PartUse } from '../models/part-use';
import type { Controls } from '../models/loaded-controls';
import type { Upscalers } from '../models/loaded-upscaler';
import type { ModelCall, Ports } from '../ports';
import type { StageClock } from '../run/stage-clock';
import type { Unfinished } from '../run/unfinished';
import type { EncodedPrompt } from './text/conditioning';

/** Plain data: passing it on loads nothing. */
export interface ModelReference {
  /** Id of its entry. */
  id: string;
  /** Which files are behind the id: those of a model that is imported again are others. */
  revision: string;
  /** What changes it, in the order in which it was added. */
  adapters: readonly AdapterUse[];
  /** An autoencoder in place of the model's own. */
  otherVae?: PartUse;
  /** Files of text encoders in place of its own; a later one's take the place of an earlier's. */
  otherTexts?: readonly PartUse[];
  /** Other models that are mixed into it. */
  blend?: Blend;
  /** How its pictures go on at the opposite edge. */
  tiling?: EdgeTiling;
}

/** Cells of a picture to be; scaled. */
export interface LatentValue extends LatentSize {
  /** Pixels along a side of a cell. */
  factor: number;
  /** [channels, height, width]; undefined where nothing is in it. */
  data?: Float32Array;
}

export interface ImageValue {
  pixels: Pixels;
  /** How many parts it was developed in, where it was. */
  tiles?: number;
  /** What was found in the picture that it is made of, as text: a pose. */
  found?: string;
}

/** A unit: a ControlNet or an adapter, its hint as large as the picture, and how much it counts. */
export interface ControlUse extends Omit<SettingsOf<'apply_control'>, 'control' | 'joins'> {
  id: string;
  pixels: Pixels;
  /** Further pictures of an IP-Adapter's unit; `join` says what becomes of all. */
  more?: readonly Pixels[];
  join?: PictureJoin;
  /** A picture that is white where the unit acts. */
  region?: Pixels;
  /** The hint in its own size. */
  whole?: Pixels;
  /** A picture whose colours at large are kept. */
  colours?: LatentValue;
}

/** One more text that a sampler is guided by, where and when. */
export interface GuideUse extends SettingsOf<'add_guide'> {
  prompt: EncodedPrompt;
  mask?: Mask;
}

/** What a run's sigmas, noise and masking depend on of the model that begins it. */
export interface PlanBasis {
  noise: NoiseScheduleConfig;
  latentChannels: number;
  latentFactor: number;
  optimisedFor: OptimisedFor;
  seesMask: boolean;
}

/** What the answer to a call depends on besides x and sigma, by the call's index. */
export type CallKeys = ReadonlyMap<number, readonly unknown[]>;

/** A run that another model may go on with. */
export interface Begun {
  basis: PlanBasis;
  /** Its model, and all that this one answered. */
  painter: ModelReference;
  calls: readonly ModelCall[];
  /** By what each of its calls was told from the one before, so that the other forecasts those that this one did. */
  keys: CallKeys;
  /** It came to its end before the other's turn. */
  painted?: Record<'latent' | 'denoised' | 'kept', LatentValue>;
}

interface Values {
  begun: Begun;
  control: readonly ControlUse[];
  guides: readonly GuideUse[];
  sigmas: Float64Array;
  model: ModelReference;
  conditioning: EncodedPrompt;
  latent: LatentValue;
  image: ImageValue;
  mask: Mask;
}

type Table = typeof OPERATIONS;

type RequiredNames<Inputs> = {
  [Name in keyof Inputs]: Inputs[Name] extends `${string}?` ? never : Name;
}[keyof Inputs];

type ValueOf<Type> = Type extends `${infer Plain}?` ? ValueOf<Plain> : Type extends keyof Values ? Values[Type] : never;

export type InputsOf<Id extends OperationId> = {
  [Name in RequiredNames<Table[Id]['inputs']>]: ValueOf<Table[Id]['inputs'][Name]>;
} & {
  [Name in Exclude<keyof Table[Id]['inputs'], RequiredNames<Table[Id]['inputs']>>]?: ValueOf<Table[Id]['inputs'][Name]>;
};

export type OutputsOf<Id extends OperationId> = {
  [Name in keyof Table[Id]['outputs']]: ValueOf<Table[Id]['outputs'][Name]>;
};

export interface Task<Id extends OperationId> {
  /** Key of the node: see core/workflow/keys.ts. */
  key: string;
  settings: SettingsOf<Id>;
  inputs: InputsOf<Id>;
  /** Which of the workflow's nodes of this operation it is; undefined where there is one only. */
  pass?: Pass;
}

export interface Outcome<Id extends OperationId> {
  outputs: OutputsOf<Id>;
  /** What is said whenever this is used: a sentence each. */
  notices?: readonly string[];
}

export interface OperationContext {
  models: {
    /** @throws AppError 'bad-request' where it is no model of this run */
    refer(id: string): Promise<ModelReference>;
    /** @throws AppError 'missing-file' where it did not come with the run */
    adapterRevision(id: string): string;
    /** @throws AppError 'missing-file' where it is not on this computer */
    partRevision(id: string): Promise<string>;
    /** Ready, for such a picture; another model's memory is given back first. */
    get(reference: ModelReference, shape?: PictureShape): Promise<Model>;
  };
  upscalers: Upscalers;
  controls: Controls;
  /** Embeddings that prompts may name. */
  embeddings: readonly AdapterEntry[];
  /** What came with the workflow, by hash. @throws AppError 'missing-file' */
  image(hash: string): Pixels;
  onEvent: EventListener;
  clock: StageClock;
  ports: Pick<Ports, 'now' | 'breathe'>;
  /** Where what is known of a long operation stays when this ends badly. */
  unfinished?: Unfinished;
  /** @throws AppError 'cancelled' */
  check(): void;
  /** Lets messages come in, which takes milliseconds, and checks. @throws AppError 'cancelled' */
  pause(): Promise<void>;
  /** Another attempt has begun, or none will. */
  isOver(): boolean;
  /** An image that the workflow is for. */
  keep(image: ImageValue): void;
}

export interface Implementation<Id extends OperationId> {
  /** What a person is told while it runs. */
  stage?: Stage;
  /** All its nodes that are ready run in one call: parts of a model are loaded once for all of them. */
  isTogether?: boolean;
  /** Its outputs are kept for the next workflow. */
  isKept?: boolean;
  /** So are these, where somebody works on one graph again and again. */
  isKeptForGraphs?: boolean;
  /** Nothing that is made of its outputs is kept: one of many parts of a picture, each of which starts from the one before. */
  isPassing?: boolean;
  /** What tells a node's outputs apart beside its settings. */
  identify?(settings: SettingsOf<Id>, context: OperationContext): Promise<string>;
  /** @returns an outcome for each task, in their order */
  run(tasks: readonly Task<Id>[], context: OperationContext): Promise<Outcome<Id>[]>;
}

/** Makes an implementation of an operation whose nodes run one by one. */
export const oneByOne =
  <Id extends OperationId>(run: (task: Task<Id>, context: OperationContext) => Promise<Outcome<Id>>) =>
  async (tasks: readonly Task<Id>[], context: OperationContext): Promise<Outcome<Id>[]> => {
    const outcomes: Outcome<Id>[] = [];
    for (const task of tasks) outcomes.push(await run(task, context));
    return outcomes;
  };
