/** What the axes of a grid come to, as they are typed: its pictures and how long they take. */
import type { ModelEntry } from '../../../core/catalog';
import { toAppError } from '../../../core/errors';
import { isOfMask, isOfPicture } from '../../../core/recipe/has-effect';
import { AXES, cellCount, gridCells, parseGrid, type Grid, type GridContext } from '../../../core/recipe/grids';
import { FIELDS } from '../../../core/recipe/fields';
import { ADVANCED_IDS, fieldOf, type FieldId, type GenerationRequest } from '../../../core/recipe/request';
import { estimateSeconds } from '../line/estimate';
import type { AxisRow } from './grids.svelte';
import type { Picture } from '../pictures/picture';
import { drawSeed } from '../settings/seed';

type Models = readonly ModelEntry[];

/** An axis' name in the panel; the sheet's keys have A1111's word. */
export function axisName(id: string): string {
  return isFieldId(id) ? fieldOf(id).label : (AXES[id]?.label ?? id);
}

function isFieldId(id: string): id is FieldId {
  return Object.hasOwn(FIELDS, id);
}

/** The names that this axis can take, to be put into its values at a click. */
export function axisChoices(row: AxisRow, models: Models): readonly string[] {
  if (row.id === 'model') return models.map(({ name }) => name);
  return AXES[row.id]?.choices ?? [];
}

/** The grid for this request, or why there is none: one sentence. */
export function readGrid(
  rows: readonly AxisRow[],
  models: Models,
  request: GenerationRequest,
  draw: () => number = drawSeed,
): Grid | string {
  const used = rows.filter(({ id }) => id !== '');
  if (used.length === 0) return 'Choose what is to vary.';
  const idle = used.find(({ id }) => ADVANCED_IDS.some((known) => known === id && isOfPicture(known)));
  const masks = used.find(({ id }) => ADVANCED_IDS.some((known) => known === id && isOfMask(known)));
  if (masks && request.initMask === undefined)
    return `${AXES[masks.id]?.label} changes nothing without a mask: paint one.`;
  const isOfSecondPass = idle?.id === 'denoisingStrength' && (request.hiresScale ?? 1) > 1;
  if (idle && request.initImage === undefined && !isOfSecondPass)
    return `${AXES[idle.id]?.label} changes nothing without a picture to start from: choose one.`;
  const context: GridContext = { models, drawSeed: draw, request };
  try {
    return parseGrid(
      used.map(({ id, text }) => ({ id, text })),
      context,
    );
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}

/** "12 pictures, about 40 s". @returns undefined seconds while nothing can be said */
export function estimateGrid(
  request: GenerationRequest,
  grid: Grid,
  made: readonly Picture[],
): { count: number; seconds: number | undefined } {
  const requests = gridCells(request, grid).map((cell) => cell.request);
  return { count: cellCount(grid), seconds: estimateSeconds(requests, made) };
}
