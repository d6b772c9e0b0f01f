/** What this page knows by name: files of the library, lists, what the model draws, words that LoRAs are called by. */
import type { Studio } from '../studio.svelte';
import type { Known } from './completions';

export function knownWords(
  { library, drawing, settings }: Pick<Studio, 'library' | 'drawing' | 'settings'>,
  subjects: readonly string[],
): Known {
  const { adapters } = library;
  const isEmbedding = ({ vectors }: (typeof adapters)[number]): boolean => vectors !== undefined;
  const triggers = adapters.flatMap(({ triggerWords = [] }) => triggerWords);
  return {
    networks: adapters.filter((one) => !isEmbedding(one)).map(({ name }) => name),
    embeddings: adapters.filter(isEmbedding).map(({ name }) => name),
    lists: Object.keys(drawing.words?.lists ?? {}),
    words: [...new Set([...subjects, ...settings.model.suggestions, ...triggers])],
    tags: drawing.words?.tags ?? [],
  };
}
