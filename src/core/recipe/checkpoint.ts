/** A checkpoint as A1111 names it beside another: `name [hash]`. @see A1111 modules/sd_models.py, CheckpointInfo.short_title */
import { AppError } from '../errors';
import type { Recipe } from './recipe';

/** Digits of the file's SHA-256. */
const HASH_DIGITS = 10;

export const checkpointTitle = ({ model = '', modelHash }: Pick<Recipe, 'model' | 'modelHash'>): string =>
  modelHash === undefined ? model : `${model} [${modelHash.slice(0, HASH_DIGITS)}]`;

/** A checkpoint as recipes tell the model itself. */
export function checkpointOf(title: string): Pick<Recipe, 'model' | 'modelHash'> {
  const [, model, hash] = /^(.*?)\s*\[([0-9a-f]{8,64})\]$/i.exec(title.trim()) ?? [];
  return hash === undefined ? { model: title.trim() } : { model, modelHash: hash.toLowerCase() };
}

export const missingRefiner = (title: string): AppError =>
  new AppError(
    'missing-file',
    `The refiner is not here: ${title}. Add it under Models, or choose another under “Refiner”.`,
  );

export const missingCheckpoint = (title: string): AppError =>
  new AppError(
    'missing-file',
    `The checkpoint of the second pass is not here: ${title}. Add it under Models, or choose another under “Hires. fix”.`,
  );
