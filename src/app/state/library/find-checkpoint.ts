/** A model of the library by the words that recipes and A1111 have for it: `name [hash]`. */
import type { ModelEntry } from '../../../core/catalog';
import { checkpointOf } from '../../../core/recipe/checkpoint';
import { matchModel } from '../../../core/recipes/match-model';

export interface Checkpoints {
  /** Models that can paint. */
  usable: readonly ModelEntry[];
  /** A model's words in recipes. */
  modelFacts(id: string): { model: string; modelHash?: string };
}

/** Finds a checkpoint by its hash, then by the name of its file or its own; undefined where it is not here. */
export function findCheckpoint(title: string, library: Checkpoints): ModelEntry | undefined {
  const wanted = { ...checkpointOf(title), prompt: '', negativePrompt: '' };
  const known = library.usable.map((entry) => {
    const { model, modelHash: hash } = library.modelFacts(entry.id);
    return { entry, id: entry.id, name: model, ...(hash !== undefined && { hash }) };
  });
  return (
    matchModel(wanted, known) ??
    matchModel(
      wanted,
      known.map((one) => ({ ...one, name: one.entry.name })),
    )
  )?.entry;
}
