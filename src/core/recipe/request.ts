/** What a generation may ask for: fields, limits, and a sentence for each way to get one wrong. */
import {
  ADVANCED,
  ADVANCED_DEFAULTS,
  advancedProblem,
  numberRangeProblem,
  type AdvancedId,
  type AdvancedSettings,
} from './advanced';
import { AppError } from '../errors';
import { isNoiseId, type NoiseId } from '../noise';
import { isSamplerId, type SamplerId } from '../samplers';
import { isScheduleId, type ScheduleId } from '../schedules';
import { isLongSeed, type SeedValue } from './seed-value';

/**
 * A recipe: everything that determines a picture. Plain data: it crosses the worker and will travel in metadata and links.
 * What of the advanced settings is left out has its default. `seed` is already drawn (−1 is the app's business); `width`
 * and `height` are pixels.
 */
export interface GenerationRequest extends Partial<AdvancedSettings> {
  model: string;
  prompt: string;
  negativePrompt: string;
  sampler: SamplerId;
  schedule: ScheduleId;
  noise: NoiseId;
  steps: number;
  cfgScale: number;
  seed: SeedValue;
  width: number;
  height: number;
}

/** A request with every advanced setting filled in. */
export type CompleteRequest = GenerationRequest & AdvancedSettings;

export function withDefaults(request: GenerationRequest): CompleteRequest {
  const said = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  return { ...ADVANCED_DEFAULTS, ...(said as typeof request) };
}

export interface NumberLimit {
  label: string;
  min: number;
  max: number;
  step: number;
  integer: boolean;
}

/**
 * A1111's sliders go to 150 steps and 30 CFG. Seeds up to 2^53 − 1 are numbers, those up to 2^64 − 1 digits; A1111 draws below 2^32.
 * 2048 px is where decoding one picture already needs several GB; a model narrows width and height further.
 */
export const LIMITS = {
  steps: { label: 'Steps', min: 1, max: 150, step: 1, integer: true },
  cfgScale: { label: 'CFG scale', min: 1, max: 30, step: 0.5, integer: false },
  seed: { label: 'Seed', min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, integer: true },
  width: { label: 'Width', min: 64, max: 2048, step: 8, integer: true },
  height: { label: 'Height', min: 64, max: 2048, step: 8, integer: true },
} as const satisfies Record<string, NumberLimit>;

export type NumberField = keyof typeof LIMITS;

/** The size multiple and range a model can paint; `step` is a latent cell, or what ready-made graphs were made for. */
export interface SizeLimits {
  min: number;
  max: number;
  step: number;
}

/** One sentence, or undefined where the value is fine. `size` narrows width and height to what the model can paint. */
export function numberProblem(field: NumberField, value: unknown, size?: SizeLimits): string | undefined {
  const limit: NumberLimit = LIMITS[field];
  if (field === 'seed' && isLongSeed(value)) return undefined;
  const isSize = field === 'width' || field === 'height';
  const { min, max, step } = isSize && size ? size : limit;
  if (min === max && value !== min) return `${limit.label} must be ${min}: this model paints no other size.`;
  const problem = numberRangeProblem({ ...limit, min, max }, value);
  if (problem) return problem;
  const pixels = value as number;
  if (isSize && pixels % step !== 0)
    return `${limit.label} must be a multiple of ${step}: try ${nearestMultiple(pixels, { min, max, step })}.`;
  return undefined;
}

function nearestMultiple(value: number, { min, max, step }: SizeLimits): number {
  return Math.min(max, Math.max(min, Math.round(value / step) * step));
}

export type RequestProblems = Partial<Record<keyof GenerationRequest, string>>;

/** Every problem of a request, by field; empty when it can run. */
export function requestProblems(request: GenerationRequest, size?: SizeLimits): RequestProblems {
  const problems: RequestProblems = {};
  for (const field of Object.keys(LIMITS) as NumberField[]) {
    const problem = numberProblem(field, request[field], size);
    if (problem) problems[field] = problem;
  }
  if (!isSamplerId(request.sampler)) problems.sampler = `Sampler "${String(request.sampler)}" is not known.`;
  if (!isScheduleId(request.schedule)) problems.schedule = `Schedule type "${String(request.schedule)}" is not known.`;
  if (!isNoiseId(request.noise)) problems.noise = `Noise "${String(request.noise)}" is not known.`;
  for (const id of Object.keys(ADVANCED) as AdvancedId[]) {
    const problem = advancedProblem(id, request[id]);
    if (problem) problems[id] = problem;
  }
  for (const field of ['prompt', 'negativePrompt', 'model'] as const)
    if (typeof request[field] !== 'string') problems[field] = `${field} must be text.`;
  return problems;
}

/** @throws AppError 'bad-request' naming every field that is wrong */
export function assertRequest(request: GenerationRequest, size?: SizeLimits): void {
  const sentences = Object.values(requestProblems(request, size));
  if (sentences.length > 0) throw new AppError('bad-request', sentences.join(' '));
}
