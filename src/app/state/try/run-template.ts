/** A template goes into the form, and is painted. */
import type { Change } from '../../../core/recipe/infotext';
import { AppError, toAppError } from '../../../core/errors';
import { extension } from '../canvas/extend';
import { readGrid } from '../grids/grid-draft';
import { readStartPicture } from '../start/read-start-picture';
import { RANDOM_SEED } from '../settings/seed';
import { usualOf } from '../settings/usual-enlarger';
import type { Studio } from '../studio.svelte';
import type { Start, Template } from './templates';

const PAINTED = {
  cat: new URL('./pictures/cat.png', import.meta.url).href,
  house: new URL('./pictures/house.png', import.meta.url).href,
};
/** One Undo takes it out of the form again; the axes of the grid's own form stay. Never rejects: what goes wrong is said. */
export async function runTemplate(studio: Studio, template: Template): Promise<void> {
  try {
    await fill(studio, template);
  } catch (thrown) {
    studio.said = toAppError(thrown).message;
    return;
  }
  studio.opened = undefined;
  const { grid } = template;
  if (!grid) return void studio.generate();
  studio.asking.generateGrid((request) => readGrid(grid, studio.models, request));
}

/** @throws AppError 'missing-file', 'missing-picture', 'quota' */
async function fill(studio: Studio, template: Template): Promise<void> {
  const { settings, startPictures, form } = studio;
  const model = studio.models.find(({ source }) => source.kind === 'bundled');
  if (!model) throw new AppError('missing-file', 'The model that comes with the app is not here.');
  const { start, mask, strokes, extend, fields } = template;
  const initImage = start && (await startPictures.put(await pictureOf(start)));
  const initMask = mask && (await startPictures.put(mask()));
  const extended = extend && (await extension(studio, initImage ?? '', extend));
  const control = strokes ? [{ ...strokes.unit, image: await startPictures.put(strokes.draw()) }] : [];
  form.change(`Try it: ${template.title}`, () => {
    if (settings.model.id !== model.id) studio.useModel(model.id);
    // Strokes are held on to as they are painted.
    settings.advanced.useRequest(strokes ? {} : usualOf(model));
    Object.assign(settings, { ...model.defaults, negativePrompt: '', seed: RANDOM_SEED, extras: {}, batchCount: 1 });
    settings.useChanges(Object.entries(fields).map(([field, value]) => ({ field, value }) as Change));
    Object.assign(settings, { initImage, initMask, control });
    extended?.();
  });
}

async function pictureOf(start: Start) {
  if ('drawn' in start) return start.drawn();
  const answer = await fetch(PAINTED[start.painted]).catch(() => undefined);
  if (!answer?.ok)
    throw new AppError('missing-file', 'Its picture could not be fetched: connect to the internet once.');
  return (await readStartPicture(await answer.blob())).pixels;
}
