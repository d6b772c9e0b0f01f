/** Pictures of this or another program become pictures of the gallery, where they say how they were made. */
import { toAppError } from '../../../core/errors';
import { recipeSettings, type Recipe } from '../../../core/recipe/infotext';
import { BASIC_IDS, FIELD_DEFAULTS, fieldOf, type GenerationRequest } from '../../../core/recipe/request';
import type { Pixels } from '../../../engine/api';
import { matchModel, type KnownModel } from '../../../core/recipes';
import { encodePng, makeThumbnail, withInfotext } from '../pictures/encode-picture';
import type { FinishedPicture } from '../gallery/gallery-store';
import type { Picture } from '../pictures/picture';
import { infotextOf } from '../pictures/picture-recipe';
import { readIncomingFile } from '../arriving/read-incoming';

export interface ImportTarget {
  models: readonly (KnownModel & { name: string })[];
  /** Those that are here now: asked again and again, as others may come meanwhile. */
  readonly pictures: readonly Picture[];
  /** The exact file of a picture. */
  file(id: number): Promise<Blob | undefined>;
  /** @throws AppError 'quota' */
  adopt(pictures: readonly FinishedPicture[]): Promise<void>;
  onProgress(done: number): void;
  /** Its pixels, RGBA; throws where the browser cannot show it. */
  pixelsOf?: (file: Blob) => Promise<Pixels>;
  thumbnailOf?: (pixels: Pixels) => Promise<Blob>;
}

export interface Imported {
  count: number;
  /** Files that are in the gallery already, to the byte. */
  known: number;
  /** One sentence for each file that was left out. */
  left: string[];
}

/** @throws AppError 'quota' where the disk is full: what came by then stays */
export async function importPictures(files: readonly File[], target: ImportTarget): Promise<Imported> {
  const left: string[] = [];
  let [count, known] = [0, 0];
  for (const [i, file] of files.entries()) {
    let finished: FinishedPicture | undefined;
    try {
      finished = await readOne(file, target);
    } catch (thrown) {
      left.push(toAppError(thrown).message);
    }
    if (finished && (await isHere(finished, target))) known += 1;
    else if (finished) {
      await target.adopt([finished]);
      count += 1;
    } else if (left.length + count + known <= i) left.push(`${file.name} holds no recipe.`);
    target.onProgress(i + 1);
  }
  return { count, known, left };
}

async function isHere({ facts, file }: FinishedPicture, { pictures, file: fileOf }: ImportTarget): Promise<boolean> {
  const { width, height, request } = facts;
  const isAlike = (one: Picture): boolean =>
    one.width === width && one.height === height && one.request.prompt === request.prompt;
  for (const { id } of pictures.filter(isAlike)) if (await isSameFile(file, fileOf(id))) return true;
  return false;
}

async function isSameFile(file: Blob, kept: Promise<Blob | undefined>): Promise<boolean> {
  // Whether a kept file that cannot be read is the same is not known: it counts as another.
  const other = await kept.catch(() => undefined);
  if (other?.size !== file.size) return false;
  const [a, b] = await Promise.all([file.arrayBuffer(), other.arrayBuffer()]);
  const [ours, theirs] = [new Uint8Array(a), new Uint8Array(b)];
  return ours.every((byte, i) => byte === theirs[i]);
}

/** Undefined where there is no recipe in it. */
async function readOne(
  file: File,
  { models, pixelsOf = readPixels, thumbnailOf = makeThumbnail }: ImportTarget,
): Promise<FinishedPicture | undefined> {
  const { found, isPicture } = await readIncomingFile(file);
  if (!found || !isPicture) return undefined;
  const pixels = await pixelsOf(file);
  const model = matchModel(found.recipe, models);
  const { recipe } = found;
  const { width, height } = pixels;
  // A model that is not here keeps its name: that is what is asked for when it is painted again.
  const request = requestOf(recipe, { model: model?.id ?? recipe.model ?? '', width, height });
  const exact = file.type === 'image/png' ? file : await encodePng(pixels);
  return {
    facts: {
      ...{ madeAt: file.lastModified, width, height, request, recipe, notices: [] },
      modelName: model?.name ?? recipe.model ?? 'Unknown model',
      device: { provider: 'wasm', adapter: '' },
      timings: {
        ...{ loadSeconds: 0, encodeSeconds: 0, denoiseSeconds: 0, decodeSeconds: 0, totalSeconds: 0, modelCalls: 0 },
      },
      isImported: true,
    },
    file: file.type === 'image/png' ? exact : await withInfotext(exact, infotextOf({ recipe })),
    thumbnail: await thumbnailOf(pixels),
  };
}

/** What the recipe says; for the rest, what stands in an empty form: its text says what was said, and nothing else. */
function requestOf(recipe: Recipe, known: Pick<GenerationRequest, 'model' | 'width' | 'height'>): GenerationRequest {
  const usual = BASIC_IDS.map((id) => [id, fieldOf(id).kind === 'seed' ? 0 : FIELD_DEFAULTS[id]]);
  return { ...Object.fromEntries(usual), ...known, ...recipeSettings(recipe).settings } as GenerationRequest;
}

async function readPixels(file: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(file);
  try {
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}
