/** Which model of the library a recipe means. */
import type { Recipe } from '../recipe/infotext';

/** What of a library's entry names it. */
export interface KnownModel {
  id: string;
  name: string;
  /** SHA-256 of the checkpoint's file, or its first 10 hex digits. */
  hash?: string;
  /** Files of others that hold the same weights. */
  knownAs?: { names: readonly string[]; hashes: readonly string[] };
}

/**
 * Matches the model by its hash, then by the name, then by what others call it; undefined where the library has it not, or the recipe
 * names none.
 */
export function matchModel<Model extends KnownModel>(recipe: Recipe, models: readonly Model[]): Model | undefined {
  const hash = recipe.modelHash?.toLowerCase().replace(/^0x/, '');
  const byHash = hash === undefined ? undefined : models.find((model) => isSameHash(model.hash, hash));
  if (byHash) return byHash;
  const name = recipe.model === undefined ? undefined : plain(recipe.model);
  return (
    models.find(({ id }) => id === recipe.model) ??
    models.find((model) => plain(model.name) === name) ??
    models.find(({ knownAs }) => knownAs?.hashes.some((known) => isSameHash(known, hash ?? ''))) ??
    models.find(({ knownAs }) => knownAs?.names.some((known) => plain(known) === name))
  );
}

/** Hashes of other lengths name the same file where one begins the other. */
function isSameHash(known: string | undefined, wanted: string): boolean {
  const own = known?.toLowerCase() ?? '';
  return own.length >= 8 && wanted.length >= 8 && (own.startsWith(wanted) || wanted.startsWith(own));
}

/** Names differ in the folder, the ending, the case and what stands for a space. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^.*[\\/]/, '')
    .replace(/\.(safetensors|ckpt|pt)$/, '')
    .replace(/[\s_-]+/g, '');
}
