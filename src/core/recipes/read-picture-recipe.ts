/** A recipe from whatever is dropped. */
import { readComfyRecipe } from '../comfyui';
import type { PictureText } from '../image/metadata';
import { saysSettings } from '../recipe/infotext';
import type { FoundRecipe } from './found-recipe';
import { readNovelAi } from './json-recipe';
import { parseAnyJson } from './parse-any-json';
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
  const { infotext, comfyPrompt, comfyWorkflow, novelAi, width, height, format, texts } = found;
  const text =
    infotext !== undefined && infotext.trim() !== ''
      ? readTextRecipe(infotext, { isFromPicture: format !== 'text' })
      : undefined;
  const comfy = readComfyRecipe({ prompt: comfyPrompt, workflow: comfyWorkflow });
  if (comfy) {
    const { recipe, notes } = text?.form === 'infotext' ? mergeTextAndGraph(text, comfy) : comfy;
    return { recipe, notes: [...notes, ...(format === 'film' ? [OF_A_FILM] : [])], form: 'comfyui' };
  }
  const comment = novelAi && asBag(parseAnyJson(novelAi.comment));
  const novel = !text && comment && readNovelAi(comment, { description: novelAi?.description, width, height });
  if (novel) return novel;
  if (text && saysSettings(text.recipe)) return text;
  const other = readOtherTexts(found);
  if (other) return other;
  if (hidden !== undefined && hidden.trim() !== '') return readTextRecipe(hidden);
  // Words are a recipe only where recipes stand: a comment may say anything.
  return text && (format === 'text' || texts['parameters'] === infotext) ? withWordsNote(text) : undefined;
}

const OF_A_FILM = { key: 'Film', message: 'It was made for a film: one picture is painted here.' };

function withWordsNote(found: FoundRecipe): FoundRecipe {
  const message = 'No settings are in this text: all of it is taken for a prompt.';
  return isEmpty(found) ? found : { ...found, notes: [...found.notes, { key: 'Text', message }] };
}

function isEmpty({ recipe }: FoundRecipe): boolean {
  return recipe.prompt === '' && recipe.negativePrompt === '' && !saysSettings(recipe);
}
