/** Reads diffusers' scheduler_config.json: how much noise each training timestep had, and what the model predicts. */
import { AppError } from '../errors';
import { linspace } from '../math';
import { PREDICTIONS, type PredictionId } from '../predictions';

const BETA_SCHEDULES = ['scaled_linear', 'linear', 'squaredcos_cap_v2'] as const;
const PREDICTION_TYPES = Object.keys(PREDICTIONS) as PredictionId[];
const TIMESTEP_SPACINGS = ['leading', 'trailing', 'linspace'] as const;

export interface NoiseScheduleConfig {
  /** T, the number of training timesteps; 1000 for all Stable Diffusion models. */
  numTrainTimesteps: number;
  betaSchedule: (typeof BETA_SCHEDULES)[number];
  betaStart: number;
  betaEnd: number;
  /** Stands in for the three above where a model lists its betas one by one; T values. */
  trainedBetas: readonly number[] | undefined;
  /** Zero terminal SNR: the last timestep is pure noise. */
  rescaleBetasZeroSnr: boolean;
  /** What the U-Net's output means: the noise, v = α·noise − σ·x0 of the variance-preserving form, or x0 itself. */
  predictionType: PredictionId;
  /** Where its authors place few steps; for information, as here the schedule type decides. */
  timestepSpacing: (typeof TIMESTEP_SPACINGS)[number];
}

/** Far above any real model, and far below what would fill memory. */
const MAX_TIMESTEPS = 100_000;

/** diffusers caps squaredcos_cap_v2 here, where ᾱ would reach 0. */
const MAX_COSINE_BETA = 0.999;

/**
 * Absent fields get the defaults of diffusers' DDIMScheduler and PNDMScheduler, which Stable Diffusion checkpoints ship.
 *
 * @param file the name for messages
 * @throws AppError 'bad-file' naming the field that is wrong, 'unsupported-model' where its word is not known here
 */
export function readNoiseScheduleConfig(json: unknown, file = 'scheduler_config.json'): NoiseScheduleConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new AppError('bad-file', `${file} must hold one JSON object.`);
  const fields: Fields = { file, values: json as Record<string, unknown> };
  const trained = readTrainedBetas(fields);
  return {
    numTrainTimesteps:
      trained?.length ?? readNumber(fields, 'num_train_timesteps', 1000, isTimestepCount, TIMESTEP_RANGE),
    betaSchedule: readWord(fields, 'beta_schedule', 'linear', BETA_SCHEDULES),
    betaStart: readNumber(fields, 'beta_start', 0.0001, isBeta, BETA_RANGE),
    betaEnd: readNumber(fields, 'beta_end', 0.02, isBeta, BETA_RANGE),
    trainedBetas: trained,
    rescaleBetasZeroSnr: readBoolean(fields, 'rescale_betas_zero_snr', false),
    predictionType: readWord(fields, 'prediction_type', 'epsilon', PREDICTION_TYPES),
    timestepSpacing: readWord(fields, 'timestep_spacing', 'leading', TIMESTEP_SPACINGS),
  };
}

/** β_t for t = 0 … T−1. @see diffusers EulerDiscreteScheduler.__init__, betas_for_alpha_bar */
export function trainedBetas(config: NoiseScheduleConfig): Float64Array {
  const { betaStart, betaEnd, numTrainTimesteps: count } = config;
  if (config.trainedBetas) return Float64Array.from(config.trainedBetas);
  switch (config.betaSchedule) {
    case 'linear':
      return linspace(betaStart, betaEnd, count);
    case 'scaled_linear':
      return linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), count).map((root) => root * root);
    case 'squaredcos_cap_v2':
      return Float64Array.from({ length: count }, (_, t) =>
        Math.min(1 - cosineAlpha((t + 1) / count) / cosineAlpha(t / count), MAX_COSINE_BETA),
      );
  }
}

/** @see Nichol and Dhariwal 2021, arXiv:2102.09672, equation 17 */
function cosineAlpha(time: number): number {
  return Math.cos((((time + 0.008) / 1.008) * Math.PI) / 2) ** 2;
}

interface Fields {
  file: string;
  values: Record<string, unknown>;
}

const BETA_RANGE = 'a number above 0 and below 1';
const TIMESTEP_RANGE = `a whole number from 2 to ${MAX_TIMESTEPS}`;

function isBeta(value: number): boolean {
  return value > 0 && value < 1;
}

function isTimestepCount(value: number): boolean {
  return Number.isInteger(value) && value >= 2 && value <= MAX_TIMESTEPS;
}

function readNumber(
  fields: Fields,
  name: string,
  absent: number,
  ok: (value: number) => boolean,
  range: string,
): number {
  const value = fields.values[name] ?? absent;
  if (typeof value !== 'number' || !ok(value))
    return fail(fields, name, `must be ${range}, not ${JSON.stringify(value)}`);
  return value;
}

function readBoolean(fields: Fields, name: string, absent: boolean): boolean {
  const value = fields.values[name] ?? absent;
  if (typeof value !== 'boolean') return fail(fields, name, `must be true or false, not ${JSON.stringify(value)}`);
  return value;
}

function readWord<Word extends string>(fields: Fields, name: string, absent: Word, words: readonly Word[]): Word {
  const value = fields.values[name] ?? absent;
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const sentence = `${fields.file}: ${name} must be one of ${words.join(', ')}, not ${JSON.stringify(value)}.`;
  throw new AppError(typeof value === 'string' ? 'unsupported-model' : 'bad-file', sentence);
}

function readTrainedBetas(fields: Fields): number[] | undefined {
  const value = fields.values['trained_betas'] ?? undefined;
  if (value === undefined) return undefined;
  const isList = Array.isArray(value) && isTimestepCount(value.length);
  if (!isList || !value.every((beta): beta is number => typeof beta === 'number' && isBeta(beta)))
    return fail(fields, 'trained_betas', `must be a list of 2 to ${MAX_TIMESTEPS} numbers above 0 and below 1`);
  return value;
}

function fail(fields: Fields, name: string, problem: string): never {
  throw new AppError('bad-file', `${fields.file}: ${name} ${problem}.`);
}
