/** Whether what was read line by line has all that another reading has: it may know less of a key. */
import { trimSpace } from '../../prompt/characters';
import type { ParsedInfotext, Recipe } from '../../recipe/infotext';
import { isSecondPass } from './odd-labels';
import { joined, isCount, type Post } from './post';
import { ADDRESS, itemOf } from './post-lines';
import { labelOf } from './words-of-labels';

export const NO_SETTINGS: ReadonlySet<string> = new Set(['prompt', 'negativePrompt', 'unknown', 'other']);

/** A label of a prompt that a reading took for words of it. */
const LABEL = /^[^\p{L}\n]*(?:positive |main |full |the )?prompts?(?: used)?\b/imu;
/** The same behind an empty line. */
const LABEL_AFTER_GAP = /\n[ \t]*\n[^\p{L}\n]*(?:positive |main |full |the )?prompts?(?: used)?\b/iu;

/** Fewest numbers of a recipe that make what stands behind a prompt its settings. */
const LEAST_COUNTS = 2;

export interface Source {
  plain: string;
  /** A1111 reads it: only words before a label of its prompt may be left out. */
  isSound: boolean;
}

export function keepsAll(post: Post, best: ParsedInfotext, source: Source): boolean {
  return keepsSettings(post.recipe, best.recipe, source) && keepsPrompts(post, best.recipe, source);
}

function keepsSettings(own: Recipe, before: Recipe, { isSound }: Source): boolean {
  const values = new Map(Object.entries(own).map(([field, value]): [string, unknown] => [field, value]));
  const isKept = ([field, value]: [string, unknown]): boolean =>
    NO_SETTINGS.has(field) ||
    value === undefined ||
    JSON.stringify(values.get(field)) === JSON.stringify(value) ||
    (!isSound && isBeginning(values.get(field), value));
  const others = { ...own.unknown, ...own.other };
  const isKnown = ([key, value]: [string, string]): boolean =>
    others[key] === value ||
    (isSecondPass(key) && own.hires !== undefined) ||
    (!isSound && (key.includes('\n') || isReadNow(key, value, { own, before })));
  return Object.entries(before).every(isKept) && Object.entries({ ...before.unknown, ...before.other }).every(isKnown);
}

/** A value with marks of a page in it, or with further settings, is read up to there. */
function isBeginning(own: unknown, value: unknown): boolean {
  if (typeof own !== 'string' || typeof value !== 'string' || own === '') return false;
  const hasMore = [...value.matchAll(/[|·•;][ \t]{0,8}(\p{L}[\p{L}\p{N} _-]{0,40}):/gu)].some(
    ({ 1: word }) => typeof labelOf(word) === 'object',
  );
  return (hasMore || /[\n`<]|\*\*/.test(value)) && value.replace(/^[`*]+/, '').startsWith(own);
}

/** A value of a known key that was no number before: "18 (enough)". Now a setting has the number it begins with. */
function isReadNow(key: string, value: string, { own, before }: { own: Recipe; before: Recipe }): boolean {
  const [number] = /^\d+(?:\.\d+)?/.exec(value.replace(/^[`*]+/, '')) ?? [];
  if (number === undefined || typeof labelOf(key) !== 'object') return false;
  const had = new Set(Object.keys(before));
  return Object.entries(own).some(([field, one]) => !had.has(field) && one === Number(number));
}

function keepsPrompts(post: Post, before: Recipe, { plain, isSound }: Source): boolean {
  const own = post.recipe;
  const [prompt, negative] = [before.prompt, before.negativePrompt];
  if (isSound)
    return (
      (negative === '' || negative === own.negativePrompt) &&
      (prompt === '' || prompt === own.prompt || (hasPart(prompt, own.prompt) && LABEL_AFTER_GAP.test(plain)))
    );
  const isNegative = negative === '' || isFollowed(bare(negative), bare(own.negativePrompt), own.prompt);
  return isNegative && (prompt === '' || keepsPrompt(post, prompt));
}

function keepsPrompt(post: Post, prompt: string): boolean {
  const own = post.recipe.prompt;
  if (bare(prompt) === bare(own)) return true;
  const items = prompt.split('\n').map((line) => itemOf(trimSpace(line)));
  if (own === '')
    return (
      ADDRESS.test(prompt) ||
      (items.every(({ kind }) => kind !== 'words') && items.some(({ kind }) => kind === 'settings'))
    );
  const hasLabel =
    LABEL.test(prompt) ||
    /^negative|^[^\p{L}\n]*negative prompt/imu.test(prompt) ||
    items.some((item) => 'isMarked' in item && item.isMarked) ||
    items.some((item) => item.kind === 'negative' && joined([item.value]) === post.recipe.negativePrompt);
  return hasPart(prompt, own) && hasLabel;
}

const hasPart = (text: string, part: string): boolean => part !== '' && text.includes(part);

/** Without breaks of HTML, and without marks around all of it. */
const bare = (text: string): string =>
  joined(
    text
      .replace(/<\/?br ?\/?>/gi, '')
      .split('\n')
      .map(trimSpace),
  );

/** The other has the same words, then the label of the prompt and all of it, or nothing but fences, headings and settings. What a person says comes after these. */
function isFollowed(text: string, own: string, prompt: string): boolean {
  if (text === own) return true;
  const lines = text.split('\n');
  const start = own.split('\n').length;
  if (own === '' || bare(lines.slice(0, start).join('\n')) !== own) return false;
  const items = lines.slice(start).map((line) => itemOf(line));
  if (items[0]?.kind === 'prompt' && prompt !== '') return text.endsWith(prompt);
  const pairs = items.flatMap((item) => (item.kind === 'settings' ? item.pairs : []));
  // One alone may be words: "Size: 3 heads".
  const hasSettings = pairs.filter(isCount).length >= LEAST_COUNTS;
  const end = hasSettings ? items.findIndex((item) => item.kind === 'settings') : -1;
  return items
    .slice(0, end < 0 ? undefined : end)
    .every(
      (item) => item.kind === 'empty' || (item.kind === 'border' && (item.is === 'fence' || item.is === 'settings')),
    );
}
