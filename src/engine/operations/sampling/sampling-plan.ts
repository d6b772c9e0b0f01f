/** What settings ask of the denoising loop: sampler, sigmas, noise and guidance, worked out before the first call. */
import type { SkipOptions } from '../../../core/guidance';
import { createBrownianTree, createImageNoise, type ImageNoise } from '../../../core/noise';
import type { SettingsOf } from '../../../core/workflow';
import {
  partStart,
  SAMPLERS,
  type BrownianNoise,
  type SamplerEntry,
  type SamplerOptions,
  type Start,
  wholeStart,
} from '../../../core/samplers';
import {
  createDiscreteSchedule,
  resolveSchedule,
  type DiscreteSchedule,
  type NoiseScheduleConfig,
  type OptimisedFor,
} from '../../../core/schedules';

export interface SamplingPlan {
  sampler: SamplerEntry;
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
}

/** Of sampling. */
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
}

/** @throws AppError 'bad-request' for settings that leave nothing to sample */
export function planSampling(input: PlanInput): SamplingPlan {
  const { settings, latentDims } = input;
  const sampler: SamplerEntry = SAMPLERS[settings.sampler];
  const model = trainedSchedule(input);
  const run = {
    schedule: resolveSchedule(settings.schedule, sampler.defaultSchedule),
    steps: settings.steps,
    model,
    dialect: settings.conventions,
    options: { ...settings, optimisedFor: input.optimisedFor },
    discardPenultimate: settings.discardPenultimate === 'always',
  };
  const { latent } = input;
  const start = latent
    ? partStart(sampler, run, { ...settings, strength: settings.denoisingStrength })
    : wholeStart(sampler, run);
  const noise = imageNoise(input);
  const steps = start.sigmas.length - 1;
  return {
    sampler,
    options: samplerOptions(sampler, settings),
    schedule: sampler.modelSchedule?.(model) ?? model,
    sigmas: start.sigmas,
    latentDims,
    start: () => firstX(noise.initial(), start, latent),
    noise: () => noise.next(),
    brownian: sampler.noiseKind === 'brownian' ? brownian(input, start.path, noise) : undefined,
    calls: start.steps * (sampler.countsDouble ? 2 : 1),
    reports: sampler.reports ? sampler.reports(steps) : steps,
    cfgScale: settings.cfgScale * (sampler.cfgScaleFactor ?? 1),
    cfgRescale: settings.cfgRescale,
    skip: settings,
  };
}

function firstX(
  noise: Float32Array,
  { noiseScale, latentScale }: Start,
  latent: Float32Array | undefined,
): Float32Array {
  if (!latent) return noise.map((value) => value * noiseScale);
  return noise.map((value, i) => value * noiseScale + latent[i] * latentScale);
}

function trainedSchedule({ settings, noiseConfig }: PlanInput): DiscreteSchedule {
  const { conventions, zeroTerminalSnr, timestepRounding } = settings;
  return createDiscreteSchedule(noiseConfig, {
    dialect: conventions,
    zeroTerminalSnr,
    timesteps: timestepRounding === 'auto' ? undefined : timestepRounding,
  });
}

/** Only what the sampler honours; its own defaults stand for what the settings leave open. */
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
  });
  return (sigma, sigmaNext) => tree.increment(sigma, sigmaNext);
}
