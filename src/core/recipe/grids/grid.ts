/** From a request and its axes to the requests of all cells. */
import type { GenerationRequest } from '../request';
import type { AxisValue } from './axis-table';
import { matrixParts } from './matrix-parts';

/** An axis as it is typed. */
export interface AxisDraft {
  /** A key of AXES. */
  id: string;
  text: string;
}

/** An axis that can be run. Plain data. */
export interface Axis extends AxisDraft {
  values: AxisValue[];
}

/** Two or three axes: x runs to the right, y down, z from sheet to sheet. Plain data. */
export interface Grid {
  axes: Axis[];
}

/** Most pictures of a grid: as many as anyone waits for, and a sheet can show. */
export const MOST_CELLS = 500;

export function cellCount({ axes }: Grid): number {
  return axes.reduce((product, { values }) => product * values.length, 1);
}

export interface Cell {
  /** Place on each axis: x, y, z. */
  at: number[];
  request: GenerationRequest;
}

/** Cells in the order they are made: model by model, so that each is loaded once; else x first, then y, then z. */
export function gridCells(request: GenerationRequest, grid: Grid): Cell[] {
  let cells: Cell[] = [{ at: [], request }];
  // The last axis is the outermost loop.
  for (const axis of grid.axes.toReversed())
    cells = cells.flatMap((cell) =>
      axis.values.map((value, i) => ({ at: [i, ...cell.at], request: applyChange(cell.request, axis, value) })),
    );
  const models = [...new Set(cells.map((cell) => cell.request.model))];
  return models.flatMap((model) => cells.filter((cell) => cell.request.model === model));
}

/** Prompts joined as A1111 joins them: what is always there is not trimmed. */
function combined(prompt: string, chosen: string): string {
  const [always = ''] = matrixParts(prompt);
  return chosen === '' ? always : `${always}, ${chosen}`;
}

function applyChange(request: GenerationRequest, { id }: Axis, { change }: AxisValue): GenerationRequest {
  if (id === 'promptMatrix') return { ...request, prompt: combined(request.prompt, change.prompt ?? '') };
  if (id !== 'promptSr') return { ...request, ...change };
  const { prompt: search = '', negativePrompt: replacement = '' } = change;
  if (search === '') return request;
  const replaced = (text: string): string => text.split(search).join(replacement);
  return { ...request, prompt: replaced(request.prompt), negativePrompt: replaced(request.negativePrompt) };
}
