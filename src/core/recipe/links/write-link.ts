/** A recipe as the part of a URL behind the `#`, which no browser sends to a server. */
import type { Recipe } from '../infotext';
import { writeParameters } from '../infotext/write';
import { compressText } from './compress';
import { LINK_VERSION } from './link-defaults';
import { LINK_KEYS, type LinkKey } from './link-keys';
import { encodeText } from './link-text';

/** Up to this length a link stays readable though it could be shorter. */
const READABLE_LENGTH = 240;

type KeyText = readonly [key: string, text: string];

/** Writes a link with its `#`. It ends in a digit: programs that find links in texts leave out a last bracket or dot. */
export function writeLink(recipe: Recipe): string {
  const known = LINK_KEYS.flatMap((entry) => writeKey(recipe, entry));
  const rest = writeRest(recipe);
  const pairs: KeyText[] = rest === '' ? known : [...known, ['i', rest]];
  const readable = joinLink(pairs);
  if (readable.length <= READABLE_LENGTH) return readable;
  const squeezed = squeeze(pairs);
  return squeezed !== undefined && squeezed.length < readable.length ? squeezed : readable;
}

function joinLink(pairs: readonly KeyText[]): string {
  const all: KeyText[] = [...pairs, ['v', String(LINK_VERSION)]];
  return `#${all.map(([key, text]) => `${key}=${encodeText(text)}`).join('&')}`;
}

const LONG_TEXTS: ReadonlySet<string> = new Set(['p', 'n', 'i']);

/** All long texts together in one: each with its key before it. */
function squeeze(pairs: readonly KeyText[]): string | undefined {
  const texts = pairs.filter(([key]) => LONG_TEXTS.has(key));
  if (texts.some(([, text]) => text.includes('\0'))) return undefined;
  const together = compressText(texts.map(([key, text]) => key + text).join('\0'));
  return joinLink([...pairs.filter(([key]) => !LONG_TEXTS.has(key)), ['t', together]]);
}

function writeKey(recipe: Recipe, { key, fields, defaults, kind, isOptional = false }: LinkKey): KeyText[] {
  const values = fields.map((field) => recipe[field]);
  if (values.every((value, i) => value === defaults[i])) return [];
  // What a recipe does not say, and reading would fill in, is said to be nothing.
  if (values.some((value) => value === undefined)) return isOptional ? [] : [[key, '']];
  return [[key, kind.write(values.length > 1 ? values : values[0])]];
}

const OWN_FIELDS: ReadonlySet<string> = new Set(LINK_KEYS.flatMap(({ fields }) => fields));

/** What has no key of its own, as a line of an infotext; that it was made here goes without saying. */
function writeRest(recipe: Recipe): string {
  const { version, ...fields } = recipe;
  const rest = Object.entries(fields).filter(([field]) => !OWN_FIELDS.has(field));
  const isForeign = version !== undefined && !version.startsWith('gesso');
  return writeParameters({
    prompt: '',
    negativePrompt: '',
    ...Object.fromEntries(rest),
    ...(isForeign && { version }),
  });
}
