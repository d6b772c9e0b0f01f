/** JSON of a program inside other words: a command for a server, a message, a log. */
import { saysSettings } from '../recipe/infotext';
import { readPythonJson } from '../comfyui/read-json';
import { OF_A1111 } from './pasted/loose-lists';
import { readRelaxedJson } from './relaxed-json';
import { readJsonRecipe, type JsonRecipe } from './json-recipe';

/** Each try may read the rest of the text. */
const MOST_TRIES = 8;
const MOST_LETTERS = 200_000;

/** Undefined where there is none, or none with settings. */
export function readJsonInWords(text: string): JsonRecipe | undefined {
  // Beside a line of parameters of A1111 an object is words of its prompt, unless it is JSON of a program.
  const opening = OF_A1111.test(text) ? STRICT : OPENING;
  if (text.length > MOST_LETTERS || !opening.test(text)) return undefined;
  let tries = MOST_TRIES;
  let first: JsonRecipe | undefined;
  let [count, end] = [0, 0];
  for (const { index } of text.matchAll(new RegExp(opening, 'g'))) {
    if ((opening === STRICT && index === 0) || index < end) continue;
    if (tries-- === 0) break;
    const found = recipeAt(text, index, opening === STRICT);
    if (!found) continue;
    end = index + found.length;
    first ??= found.recipe;
    if (isOther(found.recipe, first)) count++;
  }
  if (!first) return undefined;
  const messages = [
    'Only the JSON inside this text is read; the words around it are left out.',
    ...(count > 0 ? [`There are ${tries < 0 ? 'many' : count + 1} recipes in this text: the first is taken.`] : []),
  ];
  return { ...first, notes: [...first.notes, ...messages.map((message) => ({ key: 'Text', message }))] };
}

/** What a server answers repeats what it was asked. */
const isOther = (found: JsonRecipe, first: JsonRecipe): boolean =>
  found !== first && found.recipe.prompt !== '' && found.recipe.prompt !== first.recipe.prompt;

function recipeAt(text: string, index: number, isStrict: boolean): { recipe: JsonRecipe; length: number } | undefined {
  // A shell's quotes around it escape its own.
  const isEscaped = /^\{\s*\\/.test(text.slice(index, index + 20));
  const inner = isEscaped ? objectAt(text.slice(index).replace(/\\"/g, '"'), 0) : objectAt(text, index);
  if (inner === undefined || inner.length === text.length) return undefined;
  const strict = readPythonJson(inner);
  const json = strict ?? (isStrict ? undefined : readRelaxedJson(withoutTemplates(inner)));
  const recipe = json === undefined ? undefined : readJsonRecipe(json);
  if (!recipe || !saysSettings(recipe.recipe)) return undefined;
  // "{prompt: a, seed: 3}" may be words.
  if (strict === undefined && Object.keys(recipe.recipe).length < LEAST_FIELDS) return undefined;
  return { recipe, length: inner.length };
}

/** Both prompts among them. */
const LEAST_FIELDS = 4;
const STRICT = /\{\s*\\?"/;
/** Keys of sources may have no quotes. */
const OPENING = /\{\s*(?:\\?["']|[A-Za-z_]\w{0,40}\s*:)/;

/** Texts of JavaScript in backticks; Rust says of values that there are some. */
function withoutTemplates(text: string): string {
  return text
    .replace(/\bSome\(("(?:\\[^]|[^"\\])*"|-?[\d.]+)\)/g, '$1')
    .replace(/"(?:\\[^]|[^"\\])*(?:"|\\?$)|`((?:\\[^]|[^`\\])*)`/g, (whole, inner: string | undefined) =>
      inner === undefined ? whole : JSON.stringify(inner),
    );
}

/** Up to the bracket that closes it. An apostrophe inside of a word opens no text. */
function objectAt(text: string, start: number): string | undefined {
  let depth = 0;
  let quote = '';
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i += quote === '' ? 0 : 1;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (/["'`]/.test(character)) quote = /\w/.test(text.charAt(i - 1)) ? '' : character;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return text.slice(start, i + 1);
  }
  return undefined;
}
