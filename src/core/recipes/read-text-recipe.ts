/** A recipe from whatever is pasted. */
import { saysSettings, type Note, type ParsedInfotext } from '../recipe/infotext';
import { findLink, readLink, unwrapLinks } from '../recipe/links';
import { readCommandLine } from './programs/command-line';
import { readDream } from './dream';
import { civitaiNotes } from './civitai-facts';
import type { FoundRecipe } from './found-recipe';
import { readJsonInWords } from './json-in-words';
import { readJsonRecipe } from './json-recipe';
import { parseAnyJson, parseMembers } from './parse-any-json';
import { noteLeftOut } from './left-out';
import { readNotation } from './pasted/notations';
import { readPasted } from './pasted/read-pasted';
import { readKohyaSample } from './programs/kohya-samples';
import { textsWithin } from './texts-within';
import { whatItIs } from './what-it-is';

/**
 * An infotext, a share link, or JSON of a program that is known. What is none of them is a prompt; JSON and files that were
 * taken for texts are none, and have a note.
 *
 * @param options.isFromPicture  the text of a file, which no message changed on its way
 */
export function readTextRecipe(text: string, options: { isFromPicture?: boolean } = {}): FoundRecipe {
  // The last: as exiv2 prints a comment of EXIF.
  const trimmed = text
    .trim()
    .replace(/^\uFEFF/, '')
    .replace(EXIV2, '');
  const url = findLink(unwrapLinks(trimmed));
  const link = url === undefined ? undefined : readLink(url);
  if (link) return { recipe: link.recipe, notes: [...link.notes, ...noteCut(url)], form: 'link' };
  const json = parseAnyJson(
    trimmed.replace(/^(?:prompt|workflow|parameters|user ?comment|metadata)\s*:\s*(?=[[{])/i, ''),
  );
  const fromJson = json === undefined ? undefined : readJsonRecipe(json);
  if (fromJson) return fromJson;
  const inWords = json === undefined && !options.isFromPicture ? readJsonInWords(trimmed) : undefined;
  if (inWords) return inWords;
  const command = readCommandLine(trimmed) ?? readKohyaSample(trimmed);
  // Flags are no words, whatever they say.
  if (command) return { ...command, form: saysSettings(command.recipe) ? 'infotext' : 'json' };
  const noted = options.isFromPicture || json !== undefined ? undefined : readNoted(trimmed);
  if (noted) return noted;
  const within = options.isFromPicture ? undefined : readWithin(trimmed);
  if (within) return within;
  const problem = whatItIs(trimmed, json);
  if (problem !== undefined)
    return { recipe: { prompt: '', negativePrompt: '' }, notes: [{ key: 'Text', message: problem }], form: 'json' };
  const dream = readDream(trimmed);
  if (dream) return { ...dream, form: 'infotext' };
  return { ...withoutFlag(readPasted(text.trim().replace(EXIV2, ''), options)), form: 'infotext' };
}

/** Rows, queries, calls and YAML: only where they say settings. */
function readNoted(text: string): FoundRecipe | undefined {
  const members = readJsonRecipe(parseMembers(text));
  if (members && saysSettings(members.recipe)) return members;
  const notation = readNotation(text);
  const found = notation && readJsonRecipe(notation.bag);
  return found && saysSettings(found.recipe) ? { ...found, notes: [...found.notes, ...notation.notes] } : undefined;
}

/** Only where it says settings. */
function readWithin(text: string): FoundRecipe | undefined {
  for (const { text: inner, isFromPicture } of textsWithin(text)) {
    const found = readTextRecipe(inner, { isFromPicture });
    if (saysSettings(found.recipe)) return found;
  }
  return undefined;
}

const EXIV2 = /^charset="?(?:unicode|ascii|jis|undefined)"?\s+/i;

/** Every link ends with the version of its keys. */
function noteCut(url = ''): Note[] {
  if (/[#&](?:v|t)=/.test(url)) return [];
  return [{ key: 'Link', message: 'This link has no end ("&v=1"): it was cut, and settings may be missing.' }];
}

function withoutFlag({ recipe, notes, hasParameters }: ParsedInfotext): Pick<FoundRecipe, 'recipe' | 'notes'> {
  const hasAddress = !hasParameters && /\bhttps?:\/\/\S/.test(recipe.prompt);
  const note = {
    key: 'Text',
    message: 'There is an address in this text, and no recipe behind it: it is taken for words of the prompt.',
  };
  const facts = [...civitaiNotes(recipe), ...noteLeftOut(recipe)];
  return { recipe, notes: [...notes, ...(hasAddress ? [note] : []), ...facts] };
}
