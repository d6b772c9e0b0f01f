/** From the engine's pixels to what the gallery keeps. */
import type { Recipe } from '../../../core/recipe/infotext';
import type { GeneratedPicture } from '../../../engine/api';
import type { FinishedPicture } from '../gallery/gallery-store';

export interface PictureContext {
  modelName: string;
  notices: readonly string[];
  recipe: Recipe;
  /** The text that the file gets in place of the recipe's. */
  infotext?: string;
}

/**
 * What a finished picture needs to be kept, and nothing before it: fetched while it is painted, so that it is not lost where the
 * connection is by then.
 */
export const fetchKeepers = () =>
  Promise.all([
    import('../../../core/recipe/infotext'),
    import('./picture-recipe'),
    import('./encode-picture'),
    import('../../../core/image/metadata'),
  ]);

/** @throws AppError 'out-of-memory' where no canvas of that size can be had */
export async function finishPicture(made: GeneratedPicture, context: PictureContext): Promise<FinishedPicture> {
  const { pixels, request, device, timings } = made;
  const { width, height } = pixels;
  const [, { infotextOf }, { encodePicture, makeThumbnail }] = await fetchKeepers();
  const file = await encodePicture(pixels, infotextOf(context));
  const thumbnail = await makeThumbnail(pixels);
  return { facts: { madeAt: Date.now(), width, height, request, device, timings, ...context }, file, thumbnail };
}
