/** The recipe in a picture, as text and as a link; imported when somebody wants it. */
import { parseInfotext, recipeOf, writeInfotext } from '../../core/infotext';
import { writeLink } from '../../core/links';
import type { Picture } from './picture';

/** The recipe as A1111 writes it, with all keys of the picture. */
export function infotextOf(picture: Picture): string {
  return picture.infotext === '' ? writeInfotext(recipeOf(picture.request)) : picture.infotext;
}

/** @param baseUrl  of the folder the app is served from: links begin with it */
export function linkOf(picture: Picture, baseUrl: string): string {
  return baseUrl + writeLink(parseInfotext(infotextOf(picture)).recipe);
}

/** Keys of a recipe from elsewhere that its pictures carry on. Those of a sheet tell of the sheet alone. */
export function extrasOf({ infotext, isSheet }: Picture): Readonly<Record<string, string>> {
  return isSheet ? {} : (parseInfotext(infotext).recipe.unknown ?? {});
}
