/** The recipe in a picture, as text and as a link; imported when somebody wants it. */
import { withoutControl } from '../../../core/recipe/control/extras';
import { parseInfotext, writeInfotext } from '../../../core/recipe/infotext';
import { writeLink } from '../../../core/recipe/links';
import type { Picture } from './picture';

/** The recipe as A1111 writes it, as it stands in the file. */
export function infotextOf({ infotext, recipe }: Pick<Picture, 'infotext' | 'recipe'>): string {
  return infotext ?? writeInfotext(recipe);
}

/** Keys of a recipe from elsewhere that its pictures carry on; units of control are the request's. Those of a sheet tell of the sheet alone. */
export function extrasOf({ infotext, recipe, isSheet }: Picture): Readonly<Record<string, string>> {
  if (isSheet) return {};
  return withoutControl((infotext === undefined ? recipe : parseInfotext(infotext).recipe).unknown ?? {});
}

/** @param baseUrl  of the folder the app is served from: links begin with it */
export function linkOf(picture: Picture, baseUrl: string): string {
  return baseUrl + writeLink(parseInfotext(infotextOf(picture)).recipe);
}
