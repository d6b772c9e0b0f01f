/** Reads embeddings out of whatever they lie in. */
import { AppError } from '../../errors';
import { openTensorFile, type ByteSource } from '../../formats';
import type { StealthPixels } from '../../image/metadata';
import type { Embedding } from './embedding';
import type { TextEncoderWidth } from './encoders';
import { isPicture, readPictureEmbedding } from './picture-embedding';
import { readTensorEmbeddings } from './tensor-embeddings';

const ENDING = /\.(safetensors|pt|pth|bin|ckpt|png|webp)$/i;

/** How prompts call what is in a file: its name without folders and its last known ending. */
export const stemOf = (file: string): string => (file.split(/[\\/]/).at(-1) ?? file).replace(ENDING, '');

export interface EmbeddingOptions {
  /** Decodes pictures that are no PNG, without changing a pixel: an embedding may be hidden in those of a lossless WebP. */
  decode?: (bytes: Uint8Array) => Promise<StealthPixels | undefined>;
  /** Widths of the text encoders of the model that it is for, which may be of no published size. */
  encoders?: readonly TextEncoderWidth[];
}

/** @throws AppError 'bad-file' where it is damaged or holds code, 'not-a-model' or 'unsupported-model' saying what it is instead */
export async function readEmbeddings(
  source: ByteSource,
  { decode, encoders }: EmbeddingOptions = {},
): Promise<Embedding[]> {
  const stem = stemOf(source.name);
  if (!isPicture(await source.read(0, Math.min(64, source.size))))
    return readTensorEmbeddings(await openTensorFile(source), stem, encoders);
  const found = /\.preview\.\w+$/i.test(source.name)
    ? undefined
    : await readPictureEmbedding(await source.read(0, source.size), { file: source.name, stem, decode, encoders });
  if (found) return [found];
  throw new AppError(
    'not-a-model',
    `${source.name}: there is no embedding in this picture; choose the one that its author saved, unchanged`,
  );
}
