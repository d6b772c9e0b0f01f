/** A recipe from whatever is dropped. */
import { readComfyRecipe } from '../comfyui';
import type { PictureText } from '../image/metadata';
import { saysSettings } from '../infotext';
import type { FoundRecipe } from './found-recipe';
import { parseAnyJson, readNovelAi } from './json-recipe';
import { asBag } from './json-pairs';
import { mergeTextAndGraph } from './merge-text-and-graph';
import { readOtherTexts } from './other-texts';
import { readTextRecipe } from './read-text-recipe';

/**
 * ComfyUI's graph counts most, as it is what ran; then A1111's text, then those of other programs. Never throws.
 *
 * @param hidden a text out of the pixels: see readStealthText
 * @returns undefined where the picture says nothing
 */
export function readPictureRecipe(found: PictureText, hidden?: string): FoundRecipe | undefined {
  const { infotext, comfyPrompt, comfyWorkflow, novelAi, width, height } = found;
  const text = infotext !== undefined && infotext.trim() !== '' ? readTextRecipe(infotext) : undefined;
  const comfy = readComfyRecipe({ prompt: comfyPrompt, workflow: comfyWorkflow });
  if (comfy) {
    const { recipe, notes } = text?.form === 'infotext' ? mergeTextAndGraph(text, comfy) : comfy;
    return { recipe, notes, form: 'comfyui' };
  }
  const comment = novelAi && asBag(parseAnyJson(novelAi.comment));
  const novel = !text && comment && readNovelAi(comment, { description: novelAi?.description, width, height });
  if (novel) return novel;
  if (text && !isEmpty(text)) return text;
  const other = readOtherTexts(found) ?? text;
  if (other) return other;
  return hidden === undefined || hidden.trim() === '' ? undefined : readTextRecipe(hidden);
}

function isEmpty({ recipe }: FoundRecipe): boolean {
  return recipe.prompt === '' && recipe.negativePrompt === '' && !saysSettings(recipe);
}
