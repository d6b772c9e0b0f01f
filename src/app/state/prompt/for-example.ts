/** The words in an empty prompt box. */
import type { ModelEntry } from '../../../core/catalog';

/** What an empty prompt shows: plainly no text that is there. */
export function forExample({ suggestions }: Pick<ModelEntry, 'suggestions'>): string {
  const [first] = suggestions;
  return first === undefined ? '' : `For example: ${first}`;
}
