/** An embedding in a picture, in one sentence. */
import { readEmbeddings } from '../../../core/adapters/embeddings/read-embeddings';
import { toAppError } from '../../../core/errors';
import { shortNameOf } from '../../../core/families/recognise';
import type { StealthPixels } from '../../../core/image/metadata';

/** @returns what is wrong with it, where it is damaged or for a model of another size */
export async function embeddingText(file: File, pixels: StealthPixels | undefined): Promise<string> {
  const source = {
    name: file.name,
    size: file.size,
    read: async (offset: number, length: number) =>
      new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  };
  try {
    const [{ name, family, vectors }] = await readEmbeddings(source, { decode: () => Promise.resolve(pixels) });
    const [{ count }] = vectors;
    const whose = family === undefined ? '' : ` for ${shortNameOf(family)}`;
    return `The embedding “${name}” lies in this picture: ${count === 1 ? '1 token' : `${count} tokens`}${whose}.`;
  } catch (error) {
    return `${toAppError(error).message}.`;
  }
}
