/** The sheet of a grid, drawn of its pictures and kept as a picture. */
import { gridKeys, type Grid } from '../../../core/recipe/grids';
import { recipeOf, withFacts, writeInfotext, type InfotextFacts, type Recipe } from '../../../core/recipe/infotext';
import type { Timings } from '../../../engine/api';
import { drawSheet } from './draw-sheet';
import { makeSheetFiles } from '../pictures/encode-picture';
import type { Gallery } from '../gallery/gallery.svelte';
import { cellsOf, type Job } from '../line/job';
import type { Picture } from '../pictures/picture';

export interface SheetParts {
  gallery: Gallery;
  /** What the picture's recipe says of its model and its maker. */
  factsOf: (model: string) => InfotextFacts;
}

/** Nothing where none of them is here. */
export async function keepSheet(
  { request, made = [], extras }: Job,
  grid: Grid,
  { gallery, factsOf }: SheetParts,
): Promise<void> {
  const ids = made.filter((id) => id !== null);
  const cells = cellsOf(request, grid);
  const files = await Promise.all(
    cells.map(async (cell, i) => {
      const id = made[i];
      const size = gallery.pictures.find((picture) => picture.id === id);
      return { cell, size, file: typeof id === 'number' ? await gallery.file(id) : undefined };
    }),
  );
  const pictures = gallery.pictures.filter(({ id }) => ids.includes(id));
  const [first] = pictures.toReversed();
  if (!first) return;
  const said: Recipe = { ...recipeOf(first.request), unknown: { ...extras, ...gridKeys(grid) } };
  const recipe = withFacts(said, factsOf(first.request.model));
  const canvas = await drawSheet(grid.axes, files);
  const facts = { ...sheetFacts(first, pictures), width: canvas.width, height: canvas.height, recipe };
  await gallery.add({ facts, ...(await makeSheetFiles(canvas, writeInfotext(recipe))) });
}

const SUMMED = [
  'loadSeconds',
  'encodeSeconds',
  'denoiseSeconds',
  'decodeSeconds',
  'totalSeconds',
  'modelCalls',
] as const satisfies readonly (keyof Timings)[];

/** Facts of the first picture, with the time of all pictures together. */
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
