/** What a request asks of the denoising loop: sampler, sigmas, noise and guidance, worked out before the first call. */
import type { SkipOptions } from '../../../core/guidance';
import { createBrownianTree, createImageNoise, type ImageNoise } from '../../../core/noise';
import type { CompleteRequest } from '../../../core/recipe/request';
import { startScale } from '../../../core/predictions';
import {
  runSigmas,
  SAMPLERS,
  type BrownianNoise,
  type SamplerEntry,
  type SamplerOptions,
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
  /** Those of the sampler's options that the request or its conventions set. */
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

interface PlanInput {
  request: CompleteRequest;
  noiseConfig: NoiseScheduleConfig;
  /** Side of the pictures whose tables a schedule type takes that has some. */
  optimisedFor: OptimisedFor;
  latentDims: readonly [number, number, number];
  /** Pixels per latent cell along a side. */
  latentFactor: number;
}

/** @throws AppError 'bad-request' for settings that leave nothing to sample */
export function planSampling(input: PlanInput): SamplingPlan {
  const { request, latentDims } = input;
  const sampler: SamplerEntry = SAMPLERS[request.sampler];
  const model = trainedSchedule(input);
  const sigmas = runSigmas(sampler, {
    schedule: resolveSchedule(request.schedule, sampler.defaultSchedule),
    steps: request.steps,
    model,
    dialect: request.conventions,
    options: { ...request, optimisedFor: input.optimisedFor },
    discardPenultimate: request.discardPenultimate === 'always',
  });
  const noise = imageNoise(input);
  const scale = startScale({ sigma: sigmas[0], sigmaMax: model.sigmaMax, rule: startRule(sampler, request) });
  const steps = sigmas.length - 1;
  return {
    sampler,
    options: samplerOptions(sampler, request),
    schedule: sampler.modelSchedule?.(model) ?? model,
    sigmas,
    latentDims,
    start: () => noise.initial().map((value) => value * scale),
    noise: () => noise.next(),
    brownian: sampler.noiseKind === 'brownian' ? brownian(input, sigmas, noise) : undefined,
    calls: request.steps * (sampler.countsDouble ? 2 : 1),
    reports: sampler.reports ? sampler.reports(steps) : steps,
    cfgScale: request.cfgScale * (sampler.cfgScaleFactor ?? 1),
    cfgRescale: request.cfgRescale,
    skip: request,
  };
}

function trainedSchedule({ request, noiseConfig }: PlanInput): DiscreteSchedule {
  const { conventions, zeroTerminalSnr, timestepRounding } = request;
  return createDiscreteSchedule(noiseConfig, {
    dialect: conventions,
    zeroTerminalSnr,
    timesteps: timestepRounding === 'auto' ? undefined : timestepRounding,
  });
}

function startRule(sampler: SamplerEntry, { conventions }: CompleteRequest): 'sigma' | 'full' | 'comfyui' {
  const isComfy = conventions === 'comfyui';
  if (sampler.variancePreserving && !(isComfy && sampler.comfySchedule)) return 'full';
  return isComfy ? 'comfyui' : 'sigma';
}

/** Only what the sampler honours; its own defaults stand for what the request leaves open. */
function samplerOptions(sampler: SamplerEntry, request: CompleteRequest): Partial<SamplerOptions> {
  const options: Partial<SamplerOptions> = request.conventions === 'comfyui' ? { ...sampler.comfyOptions } : {};
  for (const id of Object.keys(sampler.options) as (keyof SamplerOptions)[]) {
    const value = request[id];
    if (value !== undefined) options[id] = value;
  }
  return options;
}

function imageNoise({ request, latentDims, latentFactor }: PlanInput): ImageNoise {
  const { resizeSeedFromWidth: width, resizeSeedFromHeight: height } = request;
  const cells = (pixels: number): number => Math.floor(pixels / latentFactor);
  return createImageNoise({
    kind: request.noise,
    seed: typeof request.seed === 'string' ? BigInt(request.seed) : request.seed,
    shape: latentDims,
    variation: { seed: request.variationSeed, strength: request.variationStrength },
    ...(width > 0 && height > 0 ? { resizeFrom: { width: cells(width), height: cells(height) } } : {}),
    ensd: request.ensd,
  });
}

function brownian({ request, latentDims }: PlanInput, sigmas: Float64Array, noise: ImageNoise): BrownianNoise {
  const positive = sigmas.filter((sigma) => sigma > 0);
  const tree = createBrownianTree({
    kind: request.noise,
    seed: noise.seed,
    sigmaMin: Math.min(...positive),
    sigmaMax: Math.max(...positive),
    count: latentDims[0] * latentDims[1] * latentDims[2],
  });
  return (sigma, sigmaNext) => tree.increment(sigma, sigmaNext);
}
