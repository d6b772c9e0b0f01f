/** Finds a recipe in what is pasted or dropped: texts, pictures, links, graphs. */
import { AppError } from '../../core/errors';
import { readPictureText, readStealthText } from '../../core/image/metadata';
import { saysSettings } from '../../core/infotext';
import { readPictureRecipe, readTextRecipe, type FoundRecipe } from '../../core/recipes';

/** Pictures of 100 megapixels are smaller; nothing longer is read into memory. */
const MOST_BYTES = 512 * 2 ** 20;
const MODEL_FILE = /\.(safetensors|ckpt|pt|pth|bin|tar|gguf)$/i;
const STYLES_FILE = /\.csv$/i;

export type FileKind = 'model' | 'styles' | 'recipe';

export function kindOfFile({ name }: Pick<File, 'name'>): FileKind {
  if (MODEL_FILE.test(name)) return 'model';
  return STYLES_FILE.test(name) ? 'styles' : 'recipe';
}

/** Undefined where the text is nothing but words: those belong where the caret is. */
export function readPastedText(text: string): FoundRecipe | undefined {
  const found = readTextRecipe(text);
  return found.form !== 'infotext' || saysSettings(found.recipe) ? found : undefined;
}

/** @throws AppError 'bad-request' in one sentence where it holds no recipe */
export async function readRecipeFile(file: File): Promise<FoundRecipe> {
  if (file.size > MOST_BYTES) throw noRecipe(file, 'is larger than any picture');
  const text = readPictureText(new Uint8Array(await file.arrayBuffer()));
  if (text.format === undefined) throw noRecipe(file, 'is neither a picture nor a text that can be read');
  const found =
    readPictureRecipe(text) ?? readPictureRecipe(text, text.format === 'text' ? undefined : await readHidden(file));
  if (!found)
    throw noRecipe(file, text.problems[0] ?? 'says nothing about how it was made: sites often strip it from pictures');
  return found;
}

/** Texts in the lowest bits of the pixels; undefined where there is none, or the browser cannot show the picture. */
async function readHidden(file: Blob): Promise<string | undefined> {
  try {
    const bitmap = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const data = context?.getImageData(0, 0, width, height).data;
    return data && readStealthText({ width, height, data });
  } catch (error) {
    console.info('The pixels could not be read.', error);
    return undefined;
  }
}

function noRecipe({ name }: File, why: string): AppError {
  return new AppError('bad-request', `${name === '' ? 'This file' : name} ${why}.`);
}
