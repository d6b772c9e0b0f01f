/** What settings ask of the denoising loop: sampler, sigmas, noise and guidance, worked out before the first call. */
import type { SkipOptions } from '../../../core/guidance';
import { createBrownianTree, createImageNoise, type ImageNoise } from '../../../core/noise';
import { createMasking, maskedContent, type Masking } from '../../../core/masking';
import type { SettingsOf } from '../../../core/workflow';
import {
  partStart,
  type BrownianNoise,
  type RunnableSampler,
  type SamplerEntry,
  type SamplerOptions,
  type Start,
  wholeStart,
} from '../../../core/samplers';
import { stepsOf } from '../../../core/samplers/steps-of';
import { givenStart } from '../../../core/samplers/start';
import { RUNNABLE } from '../../../core/samplers/formulas';
import {
  resolveSchedule,
  type DiscreteSchedule,
  type NoiseScheduleConfig,
  type OptimisedFor,
} from '../../../core/schedules';
import { sampledBy, sampledSchedule } from './sampled-model';

export interface SamplingPlan {
  sampler: RunnableSampler;
  /** Those of the sampler's options that the settings or their conventions set. */
  options: Partial<SamplerOptions>;
  /** The model's noise schedule as the sampler sees it. */
  schedule: DiscreteSchedule;
  sigmas: Float64Array;
  /** [channels, height, width] of the latent. */
  latentDims: readonly [number, number, number];
  /** x before the first step. */
  start(): Float32Array;
  noise(): Float32Array;
  brownian: BrownianNoise | undefined;
  /** What prompt editing and skipped guidance count in: steps, or twice as many. */
  calls: number;
  /** Steps that will be reported; undefined where nobody knows before. */
  reports: number | undefined;
  cfgScale: number;
  cfgRescale: number;
  skip: SkipOptions;
  /** What keeps the rest of the latent, where only a part of it is repainted. */
  masking: Masking | undefined;
  /** What that keeps; undefined where it starts from noise alone. */
  kept: Float32Array | undefined;
}

type Settings = SettingsOf<'sample'>;

interface PlanInput {
  settings: Settings;
  noiseConfig: NoiseScheduleConfig;
  /** Side of the pictures whose tables a schedule type takes that has some. */
  optimisedFor: OptimisedFor;
  latentDims: readonly [number, number, number];
  /** Pixels per latent cell along a side. */
  latentFactor: number;
  /** What it starts from, scaled, where that is not noise alone. */
  latent: Float32Array | undefined;
  /** Sigmas in place of a schedule's. */
  sigmas?: Float64Array;
  /** [height, width]: 1 where that is repainted. */
  mask?: Float32Array;
  /** The model sees the mask itself, and what is around it. */
  seesMask?: boolean;
}

/** @throws AppError 'bad-request' for settings that leave nothing to sample */
export function planSampling(input: PlanInput): SamplingPlan {
  const { settings, latentDims } = input;
  const sampler = sampledBy(RUNNABLE[settings.sampler], settings);
  const model = sampledSchedule(input.noiseConfig, settings);
  const run = {
    schedule: resolveSchedule(settings.schedule, sampler.defaultSchedule),
    steps: settings.steps,
    model,
    conventions: settings.conventions,
    options: { ...settings, optimisedFor: input.optimisedFor },
    discardPenultimate: settings.discardPenultimate === 'always',
  };
  const noise = imageNoise(input);
  const drawn = noise.initial();
  const first = settings.addsNoise ? drawn : drawn.map(() => 0);
  const latent = startLatent(input, first);
  const whole = (): Start =>
    latent && !isOfNoise(input)
      ? partStart(sampler, run, { ...settings, strength: settings.denoisingStrength })
      : wholeStart(sampler, run);
  const start = input.sigmas ? givenStart(input.sigmas, model.sigmaMax) : stepsOf(whole(), settings, model.sigmaMax);
  const schedule = sampler.modelSchedule?.(model) ?? model;
  const steps = start.sigmas.length - 1;
  return {
    sampler,
    options: samplerOptions(sampler, settings),
    schedule,
    sigmas: start.sigmas,
    latentDims,
    start: () => firstX(first, start, isOfNoise(input) ? undefined : latent),
    noise: () => noise.next(),
    brownian: sampler.noiseKind === 'brownian' ? brownian(input, start.path, noise) : undefined,
    calls: start.steps * (sampler.countsDouble ? 2 : 1),
    reports: sampler.reports ? sampler.reports(steps) : steps,
    cfgScale: settings.cfgScale * (sampler.cfgScaleFactor ?? 1),
    cfgRescale: settings.cfgRescale,
    skip: settings,
    kept: latent,
    masking: maskingOf(input, latent && { latent, noise: first }, {
      sigmas: start.sigmas,
      schedule,
      isVariancePreserving: sampler.variancePreserving === true,
      soft: settings,
    }),
  };
}

/** diffusers begins with noise alone where all is painted anew, and shows the model what is kept from the second call on. */
function isOfNoise({ settings: { maskMode, denoisingStrength }, mask }: PlanInput): boolean {
  return mask !== undefined && maskMode === 'diffusers' && denoisingStrength >= 1;
}

function startLatent({ settings, latent, mask }: PlanInput, noise: Float32Array): Float32Array | undefined {
  return latent && mask ? maskedContent(settings.maskedContent, { latent, noise, mask }) : latent;
}

/** diffusers leaves it to the model where that sees the mask. */
function maskingOf(
  { settings: { maskMode }, mask, seesMask = false }: PlanInput,
  start: { latent: Float32Array; noise: Float32Array } | undefined,
  run: Parameters<typeof createMasking>[2],
): Masking | undefined {
  if (!mask || !start || (maskMode === 'diffusers' && seesMask)) return undefined;
  return createMasking(maskMode, { ...start, mask }, run);
}

function firstX(
  noise: Float32Array,
  { noiseScale, latentScale }: Start,
  latent: Float32Array | undefined,
): Float32Array {
  if (!latent) return noise.map((value) => value * noiseScale);
  return noise.map((value, i) => value * noiseScale + latent[i] * latentScale);
}

/** Options that the sampler honours; its own defaults stand for what the settings leave open. */
function samplerOptions(sampler: SamplerEntry, settings: Settings): Partial<SamplerOptions> {
  const options: Partial<SamplerOptions> = settings.conventions === 'comfyui' ? { ...sampler.comfyOptions } : {};
  for (const id of Object.keys(sampler.options) as (keyof SamplerOptions)[]) {
    const value = settings[id];
    if (value !== undefined) options[id] = value;
  }
  return options;
}

function imageNoise({ settings, latentDims, latentFactor }: PlanInput): ImageNoise {
  const { resizeSeedFromWidth: width, resizeSeedFromHeight: height } = settings;
  const cells = (pixels: number): number => Math.floor(pixels / latentFactor);
  return createImageNoise({
    kind: settings.noise,
    seed: typeof settings.seed === 'string' ? BigInt(settings.seed) : settings.seed,
    shape: latentDims,
    batch: { index: settings.batchIndex, size: settings.batchSize },
    ...(settings.noiseIndex > 0 && { ordinal: settings.noiseIndex - 1 }),
    variation: { seed: settings.variationSeed, strength: settings.variationStrength },
    ...(width > 0 && height > 0 ? { resizeFrom: { width: cells(width), height: cells(height) } } : {}),
    ensd: settings.ensd,
  });
}

function brownian({ settings, latentDims }: PlanInput, sigmas: Float64Array, noise: ImageNoise): BrownianNoise {
  const positive = sigmas.filter((sigma) => sigma > 0);
  const tree = createBrownianTree({
    kind: settings.noise,
    seed: noise.seed,
    sigmaMin: Math.min(...positive),
    sigmaMax: Math.max(...positive),
    count: latentDims[0] * latentDims[1] * latentDims[2],
    batch: { index: settings.batchIndex, size: settings.batchSize },
  });
  return (sigma, sigmaNext) => tree.increment(sigma, sigmaNext);
}
