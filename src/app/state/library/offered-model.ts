/** What of the catalogue is the model that a recipe or a workflow names, where it is not here yet. */
import { checkpointOf } from '../../../core/recipe/checkpoint';
import { matchModel } from '../../../core/recipes/match-model';
import type { LibraryItem } from './library-items';

/** @param title  `name [hash]`, a file's name, or an id. @returns undefined where nothing that could be got is that model */
export function offeredModel(title: string, items: readonly LibraryItem[]): LibraryItem | undefined {
  const absent = items.filter(
    ({ isUsable, isRemoved, entry }) => !isUsable && !isRemoved && isToBeHad(entry.source.kind),
  );
  const known = absent.map((item) => ({ id: item.entry.id, name: item.entry.name, ...knownAsOf(item), item }));
  return matchModel({ ...checkpointOf(title), prompt: '', negativePrompt: '' }, known)?.item;
}

const isToBeHad = (kind: string): boolean => kind !== 'imported' && kind !== 'bundled';

const knownAsOf = ({ entry: { knownAs } }: LibraryItem) => knownAs && { knownAs };
