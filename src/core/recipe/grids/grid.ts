/** From a request and its axes to the requests of all cells, and the keys of the sheet. */
import { AppError } from '../../errors';
import type { GenerationRequest } from '../request';
import { AXES, type AxisValue, type GridContext } from './axis-table';

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

/** As many pictures as anyone waits for, and a sheet can show. */
export const MOST_CELLS = 500;

/** @throws AppError 'bad-request' in one sentence */
export function parseAxis({ id, text }: AxisDraft, context: GridContext): Axis {
  const entry = AXES[id];
  if (!entry) throw new AppError('bad-request', `"${id}" cannot be varied.`);
  const values = entry.parse(text, context);
  if (values.length === 0) throw new AppError('bad-request', `${entry.label}: what are its values? ${entry.help}.`);
  return { id, text, values };
}

/** @throws AppError 'bad-request' naming the axis that is wrong, or that there are too many cells */
export function parseGrid(drafts: readonly AxisDraft[], context: GridContext): Grid {
  const axes = drafts.map((draft) => parseAxis(draft, context));
  const cells = cellCount({ axes });
  if (cells > MOST_CELLS)
    throw new AppError('bad-request', `${cells} pictures are too many for one grid: at most ${MOST_CELLS}.`);
  return { axes };
}

export function cellCount({ axes }: Grid): number {
  return axes.reduce((product, { values }) => product * values.length, 1);
}

export interface Cell {
  /** Place on each axis: x, y, z. */
  at: number[];
  request: GenerationRequest;
}

/** In the order they are made: model by model, so that each is loaded once; else x first, then y, then z. */
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

function applyChange(request: GenerationRequest, { id }: Axis, { change }: AxisValue): GenerationRequest {
  if (id !== 'promptSr') return { ...request, ...change };
  const { prompt: search = '', negativePrompt: replacement = '' } = change;
  if (search === '') return request;
  const replaced = (text: string): string => text.split(search).join(replacement);
  return { ...request, prompt: replaced(request.prompt), negativePrompt: replaced(request.negativePrompt) };
}

const NAMES = ['X', 'Y', 'Z'] as const;

/** What A1111 writes into the sheet, besides the recipe of the first cell. */
export function gridKeys({ axes }: Grid): Record<string, string> {
  const keys: [string, string][] = [['Script', 'X/Y/Z plot']];
  axes.forEach(({ id, text, values }, i) => {
    const name = NAMES[i] ?? 'Z';
    keys.push([`${name} Type`, AXES[id]?.label ?? id], [`${name} Values`, text]);
    const seeds = values.map(({ change }) => change.seed ?? change.variationSeed);
    if (id === 'seed' || id === 'variationSeed') keys.push([`Fixed ${name} Values`, seeds.join(', ')]);
  });
  return Object.fromEntries(keys);
}
