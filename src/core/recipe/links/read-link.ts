/** From the part of a URL behind the `#` to a recipe. Whoever made the link: nothing in it is trusted. */
import { setField } from '../field-path';
import { readPairs } from '../infotext/parse';
import { scanPairs } from '../infotext/scan-pairs';
import type { Note, Recipe } from '../infotext';
import { decompressText } from './compress';
import { LINK_VERSION } from './link-defaults';
import { LINK_KEYS, type LinkKey } from './link-keys';
import { decodeText } from './link-text';

export interface LinkContent {
  recipe: Recipe;
  /** What was not understood: newer keys, damaged values. */
  notes: Note[];
}

/** Longer ones are not ours: browsers cut them at some ten thousand letters. */
const MOST_LETTERS = 200_000;

/**
 * Never throws.
 *
 * @param url a whole URL, or what stands behind its `#`
 * @returns undefined where this is no link to a recipe
 */
export function readLink(url: string): LinkContent | undefined {
  const hash = url.slice(url.indexOf('#') + 1);
  if (hash.length > MOST_LETTERS) return undefined;
  const notes: Note[] = [];
  const texts = readTexts(hash, notes);
  if (!['p', 'v', 't', 'seed'].some((key) => texts.has(key))) return undefined;
  unpack(texts, notes);
  if (Number(take(texts, 'v') ?? LINK_VERSION) > LINK_VERSION)
    notes.push({ key: 'v', message: 'This link is from a newer version of Gesso: a part of it may be missing here.' });
  const rest = readPairs({ prompt: '', negativePrompt: '' }, scanPairs(take(texts, 'i') ?? ''));
  const recipe: Recipe = { ...rest.recipe };
  for (const entry of LINK_KEYS) readKey(recipe, entry, take(texts, entry.key), notes);
  // As an infotext has it: a variation has a seed.
  if (recipe.variationStrength !== undefined) recipe.variationSeed ??= 0;
  for (const key of texts.keys()) notes.push({ key, message: `"${key}" in this link is not known here.` });
  return { recipe, notes: [...notes, ...rest.notes] };
}

/** The last of a key counts. */
function readTexts(hash: string, notes: Note[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const part of hash.split('&')) {
    const equals = part.indexOf('=');
    if (equals < 1) continue;
    const key = part.slice(0, equals);
    const text = decodeText(part.slice(equals + 1));
    if (text === undefined) notes.push({ key, message: `"${key}" in this link is damaged.` });
    else texts.set(key, text);
  }
  return texts;
}

function unpack(texts: Map<string, string>, notes: Note[]): void {
  const packed = take(texts, 't');
  if (packed === undefined) return;
  const together = decompressText(packed);
  if (together === undefined) notes.push({ key: 't', message: 'The texts in this link are damaged.' });
  for (const text of together?.split('\0') ?? []) if (text !== '') texts.set(text.charAt(0), text.slice(1));
}

function take(texts: Map<string, string>, key: string): string | undefined {
  const text = texts.get(key);
  texts.delete(key);
  return text;
}

function readKey(recipe: Recipe, entry: LinkKey, text: string | undefined, notes: Note[]): void {
  const { key, fields, defaults, kind, isOptional = false } = entry;
  const isText = typeof defaults[0] === 'string' && kind.isText === true;
  if (text === '' && !isText) return;
  const value = text === undefined ? undefined : kind.read(text);
  if (text !== undefined && value === undefined)
    notes.push({ key, message: `"${key}" in this link must be ${kind.name}, not "${text.slice(0, 80)}".` });
  if (value === undefined && isOptional) return;
  const values = value === undefined ? defaults : Array.isArray(value) ? (value as unknown[]) : [value];
  fields.forEach((field, i) => setField(recipe, field, values[i]));
}
