/** A recipe from whatever is pasted or dropped. */
import { readComfyRecipe } from '../comfyui';
import { readPythonJson } from '../comfyui/read-json';
import type { PictureText } from '../image/metadata';
import { parseInfotext, readRecipeJson, type Note, type Recipe } from '../infotext';
import { readLink } from '../links';
import { asBag, type Bag } from './json-pairs';
import { readNovelAi } from './novelai';
import { readWebJson } from './web-json';

export interface FoundRecipe {
  recipe: Recipe;
  notes: Note[];
  /** In which form it came. */
  form: 'infotext' | 'comfyui' | 'novelai' | 'link' | 'json';
}

/**
 * A1111's text counts most, then ComfyUI's graph. Never throws.
 *
 * @param hidden a text out of the pixels: see readStealthText
 * @returns undefined where the picture says nothing
 */
export function readPictureRecipe(found: PictureText, hidden?: string): FoundRecipe | undefined {
  const { infotext, comfyPrompt, comfyWorkflow, novelAi, width, height, texts } = found;
  if (infotext !== undefined && infotext.trim() !== '') return readTextRecipe(infotext);
  const comfy = readComfyRecipe({ prompt: comfyPrompt, workflow: comfyWorkflow });
  if (comfy) return { ...comfy, form: 'comfyui' };
  const novel = novelAi && readNovelAi({ ...novelAi, width, height });
  if (novel) return { ...novel, form: 'novelai' };
  const other = texts['invokeai_metadata'] ?? hidden ?? '';
  return other.trim() === '' ? undefined : readTextRecipe(other);
}

/** An infotext, a share link, or JSON: of ComfyUI, of A1111's API, of Civitai, of ours. What is none of them is a prompt. */
export function readTextRecipe(text: string): FoundRecipe {
  const trimmed = text.trim();
  if (/^(https?:\/\/[^\s#]+)?#\S+$/.test(trimmed)) {
    const link = readLink(trimmed);
    if (link) return { ...link, form: 'link' };
  }
  const fromJson = trimmed.startsWith('{') ? readJsonRecipe(trimmed) : undefined;
  if (fromJson) return fromJson;
  const { recipe, notes } = parseInfotext(text);
  return { recipe, notes, form: 'infotext' };
}

function readJsonRecipe(text: string): FoundRecipe | undefined {
  const json = asBag(readPythonJson(text));
  if (!json) return undefined;
  const comfy = readComfyRecipe({ prompt: text }) ?? readComfyRecipe({ workflow: text });
  if (comfy) return { ...comfy, form: 'comfyui' };
  const novel = readNovelAiJson(text, json);
  if (novel) return { ...novel, form: 'novelai' };
  const [first] = Array.isArray(json['infotexts']) ? (json['infotexts'] as unknown[]) : [];
  if (typeof first === 'string') return { ...parseInfotext(first), form: 'infotext' };
  const isOurs =
    'sampler' in json ? 'negativePrompt' in json && !('cfg_scale' in json) && isOurId(json['sampler']) : false;
  const read = isOurs ? readRecipeJson(json) : readWebJson(json);
  return read && { ...read, form: 'json' };
}

/** The comment alone, or all the texts of a picture, as NovelAI hides them in its pixels. */
function readNovelAiJson(text: string, json: Bag): ReturnType<typeof readNovelAi> {
  const [comment, description] = [json['Comment'], json['Description']];
  if (typeof comment === 'string')
    return readNovelAi({ comment, description: typeof description === 'string' ? description : '' });
  return typeof json['uc'] === 'string' ? readNovelAi({ comment: text, description: '' }) : undefined;
}

/** Ours are written small; Civitai has A1111's names. */
function isOurId(sampler: unknown): boolean {
  return typeof sampler === 'string' && /^[a-z0-9_]+$/.test(sampler);
}
