/** What was found in a text or a picture. */
import type { Note, Recipe } from '../recipe/infotext';

export interface FoundRecipe {
  recipe: Recipe;
  notes: Note[];
  /** The form in which it came. */
  form: 'infotext' | 'comfyui' | 'novelai' | 'link' | 'json';
}
