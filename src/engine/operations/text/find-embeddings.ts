/** The embeddings that a prompt names, opened: files that it does not name are not read. */
import { namedEmbeddings, type ReadingOptions } from '../../../core/prompt';
import type { Tokenizer } from '../../../core/tokenizer';
import type { EmbeddingNames, ModelEmbedding } from '../../models/embeddings';

export interface FoundEmbeddings {
  found: ModelEmbedding[];
  /** Names of those that cannot be used. */
  refused: string[];
  /** Why some are not used: a sentence each. */
  notices: string[];
}

export const NO_EMBEDDINGS: Readonly<FoundEmbeddings> = { found: [], refused: [], notices: [] };

/** Where one cannot be used its name is read as words, and a shorter name within it may be found instead. */
export async function findEmbeddings(
  texts: readonly string[],
  { names, open }: EmbeddingNames,
  how: { tokenizer: Tokenizer; reading: ReadingOptions },
): Promise<FoundEmbeddings> {
  const found = new Map<string, ModelEmbedding>();
  const refused = new Map<string, string>();
  for (;;) {
    const usable = names.filter((name) => !refused.has(name));
    const unread = [...namedEmbeddings(texts, usable, how)].filter((name) => !found.has(name));
    if (unread.length === 0)
      return { found: [...found.values()], refused: [...refused.keys()], notices: [...refused.values()] };
    for (const name of unread) {
      const opened = await open(name);
      if (typeof opened === 'string') refused.set(name, opened);
      else found.set(name, opened);
    }
  }
}
