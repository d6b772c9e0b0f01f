/** LoRAs that a recipe names, as the library calls them. One that is not here is said before it is painted without. */
import type { Note, Recipe } from '../../../core/recipe/infotext';
import { loraTag } from '../../../core/recipe/lora-weight';
import { matchLoras, type FoundRecipe } from '../../../core/recipes';
import type { StoredAdapter } from '../../../engine/library-api';

/**
 * With the library's names in its tags, found by their hashes. LoRAs that a program has beside the prompt become tags of it, where
 * tags are read.
 */
export function withOwnLoras(found: FoundRecipe, adapters: readonly StoredAdapter[]): FoundRecipe {
  const { loras = [], ...rest } = found.recipe;
  const isTagged = rest.dialect !== 'comfyui';
  const recipe: Recipe = isTagged
    ? { ...rest, prompt: [rest.prompt, ...loras.map(loraTag)].filter((part) => part !== '').join(' ') }
    : found.recipe;
  if (!isTagged) return found;
  const known = adapters
    .filter(({ kind }) => kind === 'lora')
    .map(({ name, aliases, hashes: { sha256, addnet, stated } }) => ({
      ...{ name, aliases },
      hashes: [sha256, addnet, stated].filter((hash) => hash !== undefined),
    }));
  const { prompt, missing, others } = matchLoras(recipe, known);
  const notes = missing.map((name): Note => {
    const hash = recipe.loraHashes?.[name.replace(/[:,]/g, '')];
    const about = hash === undefined ? name : `${name} [${hash}]`;
    return {
      key: 'LoRA',
      message: `This LoRA is not here: ${about}; add its file, or the picture is painted without it.`,
    };
  });
  const doubts = others.map((name): Note => {
    return {
      key: 'LoRA',
      message: `The LoRA ${name} that is here has another hash than the recipe says: it may paint otherwise.`,
    };
  });
  return { ...found, recipe: { ...recipe, prompt }, notes: [...found.notes, ...notes, ...doubts] };
}
