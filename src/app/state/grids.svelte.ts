/** X/Y/Z grids on the page: the axes as typed, what they come to, how long it takes, and the sheet at the end. */
import type { ModelEntry } from '../../core/catalog';
import { toAppError } from '../../core/errors';
import { AXES, cellCount, gridCells, gridKeys, parseGrid, type Grid, type GridContext } from '../../core/recipe/grids';
import type { InfotextFacts, Recipe } from '../../core/recipe/infotext';
import type { GenerationRequest } from '../../core/recipe/request';
import type { Timings } from '../../engine/api';
import { makeSheetFiles } from './encode-picture';
import { estimateSeconds } from './estimate';
import type { Gallery } from './gallery.svelte';
import { cellsOf, type Job } from './job';
import type { Picture } from './picture';
import { drawSeed } from './seed';

export interface AxisRow {
  /** A key of AXES; empty: this axis is not used. */
  id: string;
  text: string;
}

export interface GridParts {
  gallery: Gallery;
  models: () => readonly ModelEntry[];
  /** What the picture's recipe says of its model and its maker. */
  factsOf: (model: string) => InfotextFacts;
  say: (words: string) => void;
}

export class Grids {
  readonly #parts: GridParts;
  /** X, Y and Z as typed. */
  rows = $state<AxisRow[]>([
    { id: 'seed', text: '' },
    { id: '', text: '' },
    { id: '', text: '' },
  ]);

  constructor(parts: GridParts) {
    this.#parts = parts;
  }

  /** The names that this axis can take, to be put into its values at a click. */
  choices(row: AxisRow): readonly string[] {
    if (row.id === 'model') return this.#parts.models().map(({ name }) => name);
    return AXES[row.id]?.choices ?? [];
  }

  /** The grid for this request, or why there is none: one sentence. */
  read(request: GenerationRequest, draw: () => number = drawSeed): Grid | string {
    const used = this.rows.filter(({ id }) => id !== '');
    if (used.length === 0) return 'Choose what is to vary.';
    const context: GridContext = { models: this.#parts.models(), drawSeed: draw, request };
    try {
      return parseGrid(
        used.map(({ id, text }) => ({ id, text })),
        context,
      );
    } catch (thrown) {
      return toAppError(thrown).message;
    }
  }

  /** "12 pictures, about 40 s". @returns undefined while nothing can be said */
  estimate(request: GenerationRequest, grid: Grid): { count: number; seconds: number | undefined } {
    const requests = gridCells(request, grid).map((cell) => cell.request);
    return { count: cellCount(grid), seconds: estimateSeconds(requests, this.#parts.gallery.pictures) };
  }

  /** Draws the sheet of what was made, and keeps it as a picture. */
  async finish(job: Job): Promise<void> {
    const { grid } = job;
    const made = job.made?.map((id) => (id === null ? null : this.#parts.gallery.currentId(id))) ?? [];
    const ids = made.filter((id) => id !== null);
    if (!grid || ids.length === 0) return;
    try {
      await this.#keepSheet({ ...job, made }, grid, ids);
    } catch (thrown) {
      this.#parts.say(`The sheet of the grid could not be drawn: ${toAppError(thrown).message}`);
    }
  }

  async #keepSheet({ request, made = [], extras }: Job, grid: Grid, ids: readonly number[]): Promise<void> {
    const { gallery, factsOf } = this.#parts;
    const cells = cellsOf(request, grid);
    const files = await Promise.all(
      cells.map(async (cell, i) => {
        const id = made[i];
        return { cell, file: typeof id === 'number' ? await gallery.file(id) : undefined };
      }),
    );
    const pictures = gallery.pictures.filter(({ id }) => ids.includes(id));
    const [first] = pictures.toReversed();
    if (!first) return;
    const [{ drawSheet }, { recipeOf, withFacts, writeInfotext }] = await Promise.all([
      import('./draw-sheet'),
      import('../../core/recipe/infotext'),
    ]);
    const said: Recipe = { ...recipeOf(first.request), unknown: { ...extras, ...gridKeys(grid) } };
    const recipe = withFacts(said, factsOf(first.request.model));
    const canvas = await drawSheet(grid.axes, files);
    const facts = { ...sheetFacts(first, pictures), width: canvas.width, height: canvas.height, recipe };
    await gallery.add({ facts, ...(await makeSheetFiles(canvas, writeInfotext(recipe))) });
  }
}

const SUMMED = [
  'loadSeconds',
  'encodeSeconds',
  'denoiseSeconds',
  'decodeSeconds',
  'totalSeconds',
  'modelCalls',
] as const satisfies readonly (keyof Timings)[];

/** Of the first picture, with the time of all. */
function sheetFacts(first: Picture, pictures: readonly Picture[]): Omit<Picture, 'id' | 'recipe'> {
  const { request, modelName, device } = first;
  const timings = { ...first.timings };
  for (const key of SUMMED) timings[key] = pictures.reduce((sum, picture) => sum + picture.timings[key], 0);
  return {
    madeAt: Date.now(),
    width: 0,
    height: 0,
    request,
    modelName,
    device,
    timings,
    notices: [],
    isSheet: true,
  };
}
