/** Pictures that embeddings lie in: found among what was picked, and their pixels, which no port of core can decode. */
import { holdsEmbedding } from '../../core/adapters';
import type { StealthPixels } from '../../core/image/metadata';
import type { PickedFile } from '../../engine/library-api';

const PICTURE = /\.(png|webp)$/i;
const WEIGHTS = /\.(safetensors|pt|pth|bin|ckpt)$/i;
/** Names of pictures of a LoRA, as A1111 has them: they are never embeddings. */
const PREVIEW = /\.preview\.\w+$/i;

/** 75 vectors have a few MB. */
const MOST_BYTES = 64 * 2 ** 20;

export const isPictureName = (path: string): boolean => PICTURE.test(path);

/** Each that holds one. What lies beside a file of weights under its name is a picture of that. */
export async function embeddingPictures(files: readonly PickedFile[]): Promise<PickedFile[]> {
  const weights = new Set(files.filter(({ path }) => WEIGHTS.test(path)).map(({ path }) => path.replace(WEIGHTS, '')));
  const found: PickedFile[] = [];
  for (const picked of files) {
    const { path, file } = picked;
    if (!isPictureName(path) || PREVIEW.test(path) || file.size > MOST_BYTES) continue;
    if (weights.has(path.replace(PICTURE, ''))) continue;
    if (await holdsEmbedding(new Uint8Array(await file.arrayBuffer()), picturePixels)) found.push(picked);
  }
  return found;
}

/** Pixels of which not one level is changed. Undefined where the browser cannot show it, or there is none. */
export async function picturePixels(bytes: Uint8Array): Promise<StealthPixels | undefined> {
  if (typeof createImageBitmap === 'undefined') return undefined;
  try {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]), {
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    });
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const data = context?.getImageData(0, 0, width, height).data;
    return data && { width, height, data };
  } catch (error) {
    console.info('The pixels could not be read.', error);
    return undefined;
  }
}
