/** A finished picture as the page knows it: what made it and how long it took. Its bytes are the gallery's business. */
import type { Recipe } from '../../../core/recipe/infotext';
import { keptShape, type Kept } from '../../../core/recipe/kept';
import type { GenerationRequest } from '../../../core/recipe/request';
import { recipeOf } from '../../../core/recipe/recipe-of';
import type { DeviceReport, Timings } from '../../../engine/api';
import type { GraphOrigin } from '../graph/graph-work';

/** What is said where its bytes should be. */
export const NO_FILE =
  'The file of this picture cannot be read; it may have been deleted in another tab. Reload the page to see what is kept.';

export interface Picture {
  /** Below 0: not kept, lasts until the page is closed. */
  id: number;
  /** Milliseconds since 1970. */
  madeAt: number;
  width: number;
  height: number;
  request: GenerationRequest;
  modelName: string;
  device: DeviceReport;
  timings: Timings;
  /** What was left out of it, a sentence each. */
  notices: readonly string[];
  /** All that its text says: the request's recipe, its model by the file's name and hash, keys from elsewhere. */
  recipe: Recipe;
  /** The text as it stands in the file, for pictures that were kept before their recipe was. */
  infotext?: string;
  /** The sheet of an X/Y/Z grid; its request is the first picture's. */
  isSheet?: boolean;
  /** It came out of a workflow, of which the request says as much as a recipe can. */
  graph?: GraphOrigin;
  isFavourite?: boolean;
  /** Names of the albums it is in. */
  albums?: readonly string[];
  /** Its file came from elsewhere: what computed it, and how long it took, is not known. */
  isImported?: boolean;
  /** It came out of a backup: another machine may have made it. */
  isRestored?: boolean;
  /** Taken out of the gallery, can still be brought back. */
  isRemoved?: boolean;
}

/** A picture before it has a place, with its bytes. */
export interface FinishedPicture {
  facts: Omit<Picture, 'id'>;
  /** The exact file: PNG with its recipe in it. */
  file: Blob;
  /** Small and lossy, for lists. */
  thumbnail: Blob;
}

/**
 * How pictures are kept. Version 1 had the text in place of the recipe: it stays, for no other says quite the same of what was
 * added since.
 */
export const KEPT_PICTURES = keptShape(({ infotext, ...rest }) => ({
  ...rest,
  recipe: recipeOf(rest['request'] as GenerationRequest),
  ...(infotext !== '' && { infotext }),
}));

/** A picture out of the store, whichever version of the app has kept it. */
export function readPicture(kept: Kept): Picture {
  return KEPT_PICTURES.open(kept) as unknown as Picture;
}
