/** What a user may change about a schedule, and the checks of it. */
import { AppError } from '../errors';
import type { DiscreteSchedule } from './discrete';

/** Side in pixels of the pictures that tables are made for. */
export type OptimisedFor = 512 | 1024;

export interface ScheduleOptions {
  /** A1111's "Schedule min sigma"; 0 or absent is the model's own. */
  sigmaMin?: number;
  /** "Schedule max sigma"; 0 or absent is the model's own. */
  sigmaMax?: number;
  /** "Schedule rho": the power that bends Karras (7) and Polyexponential (1); 0 or absent is the schedule's own. */
  rho?: number;
  /** "Beta schedule alpha" and "Beta schedule beta": the shape of the Beta schedules, 0.6 each. */
  betaAlpha?: number;
  betaBeta?: number;
  /** Which table of Align Your Steps, by the pictures of the models it was made for; 512 where nothing is said. */
  optimisedFor?: OptimisedFor;
}

const BETA_SHAPE = 0.6;

/** @throws AppError 'bad-request' when nothing lies between the two */
export function sigmaRange(model: DiscreteSchedule, options: ScheduleOptions): { sigmaMin: number; sigmaMax: number } {
  const sigmaMin = positive('Schedule min sigma', options.sigmaMin, model.sigmaMin);
  const sigmaMax = positive('Schedule max sigma', options.sigmaMax, model.sigmaMax);
  if (sigmaMin >= sigmaMax) {
    const found = `min sigma ${sigmaMin} and max sigma ${sigmaMax}`;
    throw new AppError('bad-request', `The schedule has ${found}; its min sigma must be the smaller.`);
  }
  return { sigmaMin, sigmaMax };
}

/** @throws AppError 'bad-request' when it is negative or no number */
export function rhoOf(options: ScheduleOptions, own: number): number {
  return positive('Schedule rho', options.rho, own);
}

/** @throws AppError 'bad-request' when one is negative or no number */
export function betaShape(options: ScheduleOptions): { alpha: number; beta: number } {
  return {
    alpha: positive('Beta schedule alpha', options.betaAlpha, BETA_SHAPE),
    beta: positive('Beta schedule beta', options.betaBeta, BETA_SHAPE),
  };
}

/** 0 stands for the default, as in A1111's settings. */
function positive(label: string, value: number | undefined, own: number): number {
  if (value === undefined || value === 0) return own;
  if (!(value > 0 && value < Infinity))
    throw new AppError('bad-request', `${label} must be a number above 0, or 0 for its default; not ${value}.`);
  return value;
}
