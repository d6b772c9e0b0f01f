/** Which embeddings texts name, before anything is known of these but their names. */
import type { Tokenizer } from '../tokenizer';
import { chunkText, type ReadingOptions } from './plan';

/** @returns those of `names` that stand for vectors somewhere in the texts, were they all there */
export function namedEmbeddings(
  texts: readonly string[],
  names: readonly string[],
  { tokenizer, reading }: { tokenizer: Tokenizer; reading: ReadingOptions },
): Set<string> {
  const embeddings = names.map((name) => ({ name, vectors: 1 }));
  const read = texts.flatMap((text) => chunkText(text, tokenizer, { ...reading, embeddings }).chunks);
  return new Set(read.flatMap(({ vectors }) => vectors.map(({ name }) => name)));
}
