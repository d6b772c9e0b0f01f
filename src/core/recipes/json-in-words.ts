/** JSON of a program inside other words: a command for a server, a message, a log. */
import { saysSettings } from '../recipe/infotext';
import { readPythonJson } from '../comfyui/read-json';
import { readJsonRecipe, type JsonRecipe } from './json-recipe';

/** Each try may read the rest of the text. */
const MOST_TRIES = 8;
const MOST_LETTERS = 200_000;

/** Undefined where there is none, or none with settings. */
export function readJsonInWords(text: string): JsonRecipe | undefined {
  if (text.length > MOST_LETTERS || !/\{\s*\\?["']/.test(text)) return undefined;
  let tries = MOST_TRIES;
  for (const { index } of text.matchAll(/\{\s*\\?"/g)) {
    if (index === 0) continue;
    if (tries-- === 0) return undefined;
    // A shell's quotes around it escape its own.
    const isEscaped = /^\{\s*\\/.test(text.slice(index, index + 20));
    const inner = isEscaped ? objectAt(text.slice(index).replace(/\\"/g, '"'), 0) : objectAt(text, index);
    const json = inner === undefined ? undefined : readPythonJson(inner);
    const found = json === undefined ? undefined : readJsonRecipe(json);
    if (!found || !saysSettings(found.recipe)) continue;
    const message = 'Only the JSON inside this text is read; the words around it are left out.';
    return { ...found, notes: [...found.notes, { key: 'Text', message }] };
  }
  return undefined;
}

/** Up to the bracket that closes it. */
function objectAt(text: string, start: number): string | undefined {
  let depth = 0;
  let isQuoted = false;
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i += isQuoted ? 1 : 0;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return text.slice(start, i + 1);
  }
  return undefined;
}
