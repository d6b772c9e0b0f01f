/** What a sampler is to the rest: it walks a latent down a ladder of sigmas and knows nothing of models. */
import { AppError } from '../errors';
import type { DiscreteSchedule, ResolvedScheduleId, Conventions } from '../schedules';
import type { SamplerOptions } from './options';

/** What samplers compute in: with float32, a step from sigma 4096 to 24 would cancel most of the digits. */
export type Latent = Float64Array;

/**
 * The model's x0 prediction after guidance. Takes and returns [1, C, h, w] in σ-space: x = x0 + σ · noise, not divided by
 * √(σ² + 1). It must leave `x` as it is.
 */
export type Denoise<Tensor = Float32Array> = (x: Tensor, sigma: number) => Promise<Tensor>;

/** Denoises, and gives the prediction of the negative prompt alone beside the guided one. */
export type DenoiseBoth<Tensor = Float32Array> = (
  x: Tensor,
  sigma: number,
) => Promise<{ denoised: Tensor; uncond: Tensor }>;

/** Normal noise for the way from sigma down to sigmaNext, as long as the latent. Ways that overlap share their noise. */
export type BrownianNoise<Tensor = Float32Array> = (sigma: number, sigmaNext: number) => Tensor;

export interface SamplerStep<Tensor = Float32Array> {
  /** 0, 1, ...; how many there will be: SamplerEntry.reports. */
  index: number;
  /** The noise level of the model call: the step's sigma, after churn. */
  sigma: number;
  /** x0 as predicted from `x`: what a preview shows. */
  denoised: Tensor;
  /** The latent of the model call. */
  x: Tensor;
}

export interface SamplerRun<Tensor = Float32Array> {
  denoise: Denoise<Tensor>;
  /** Called only by samplers that say `needsUncond`. */
  denoiseBoth?: DenoiseBoth<Tensor>;
  /** The start: for txt2img, the first draw of noise times sigmas[0]; see also `variancePreserving`. Left as it is. */
  x: Tensor;
  /** Strictly decreasing; the last is 0, or the lowest level where a schedule or a sampler ends above it. */
  sigmas: Float64Array;
  /** What the model was trained with, as the sampler sees it: see `modelSchedule`. */
  model: DiscreteSchedule;
  /** The next draw of N(0, 1), as long as `x`. */
  noise: () => Tensor;
  /** Called only by samplers whose noise is 'brownian'; it must cover the sigmas above 0. */
  brownian?: BrownianNoise<Tensor>;
  /** Awaited once a step, between model calls. What it throws ends the run: AppError 'cancelled', for one. */
  onStep(step: SamplerStep<Tensor>): void | Promise<void>;
}

/** A run as samplers see it. */
export type LatentRun = SamplerRun<Latent>;

/** Where a step goes and what is known at its start. */
export interface StepTo {
  x: Latent;
  sigma: number;
  denoised: Latent;
  sigmaNext: number;
}

/** Part of a schedule, as A1111 counts. */
export interface Partway {
  /** Steps of the whole schedule. */
  steps: number;
  /** `t_enc`: how far from the end it begins. */
  from: number;
  /** The model's schedule as the sampler sees it. */
  model: DiscreteSchedule;
  /** What is left of the schedule type's sigmas. */
  scheduled(): Float64Array;
}

export interface PartSigmas {
  sigmas: Float64Array;
  /** Sigma of the noise that is put into the latent, where that is not the first of them. */
  noisedAt?: number;
}

export interface SamplerEntry {
  /** Name in A1111's "Sampler". */
  label: string;
  /** Other names in A1111's and ComfyUI's APIs and metadata; the id is ComfyUI's, or A1111's where ComfyUI has none. */
  aliases: readonly string[];
  /**
   * The noise that it adds on the way with its default options: none, the next draws of the generator, or a Brownian path.
   * Options can make a 'none' draw: eta of DDIM, churn.
   */
  noiseKind: 'none' | 'draws' | 'brownian';
  /** The advanced settings that it honours, with A1111's defaults. */
  options: Partial<SamplerOptions>;
  /** ComfyUI's defaults, where they differ. */
  comfyOptions?: Partial<SamplerOptions>;
  /** What "Automatic" means with it; without effect for those with sigmas of their own. */
  defaultSchedule: ResolvedScheduleId;
  /** Its own sigmas, where it ignores the schedule type as A1111 does. */
  ownSigmas?(steps: number, model: DiscreteSchedule): Float64Array;
  /** The same for part of the way, from a latent. */
  partway?(part: Partway): PartSigmas;
  /** ComfyUI runs it on the schedule's sigmas all the same. */
  comfySchedule?: boolean;
  /** The model's schedule as it sees it, for building sigmas and for telling the network the timestep; else as it is. */
  modelSchedule?(model: DiscreteSchedule): DiscreteSchedule;
  /**
   * True for A1111's timestep samplers: they start from unscaled noise, in σ-space √(σ² + 1) times, and their result has
   * the scale of their last sigma.
   */
  variancePreserving?: boolean;
  /** The dialects in which the schedule makes one step more and then loses the sigma before the last. */
  discardsPenultimate?: readonly Conventions[];
  /** A1111's `second_order`: prompt editing and alternation count 2 × steps. */
  countsDouble?: boolean;
  /** A1111 writes ENSD to its metadata, unless eta is 0. The delta itself changes the draws of every sampler. */
  usesEnsd?: boolean;
  /** It calls denoiseBoth, not denoise. */
  needsUncond?: boolean;
  /** The CFG scale is multiplied by this. */
  cfgScaleFactor?: number;
  /**
   * Convergence order of its deterministic part: halving the steps' size divides the error by 2^order or more; measured.
   * 0 goes elsewhere: as published, it does not follow the way of the data however small its steps are.
   */
  order: number;
  /** How often it reports in so many steps, where that is not once a step; undefined where nobody knows before. */
  reports?(steps: number): number | undefined;
  /**
   * Model calls; undefined where nobody knows before.
   *
   * @param steps those of its sigmas: sigmas.length − 1, with 0 the last unless it has sigmas of its own
   */
  modelCalls(steps: number): number | undefined;
}

/** What a sampler does. Without `options`, the defaults of its entry. For runs of the app see runSampler. */
export type SampleFormula = (run: LatentRun, options?: Partial<SamplerOptions>) => Promise<Latent>;

export interface RunnableSampler extends SamplerEntry {
  sample: SampleFormula;
}

/** @throws AppError 'internal' when the engine did not bring what the sampler's entry asks for */
export function brought<Part>(part: Part | undefined, name: keyof SamplerRun): Part {
  if (part === undefined) throw new AppError('internal', `This sampler needs ${name}, which the run does not have.`);
  return part;
}
