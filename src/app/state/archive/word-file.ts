/** Lists that prompts draw from and words to be offered, in a backup and out of it: what is here stays, the rest comes beside it. */
import { AppError } from '../../../core/errors';
import type { Lists } from '../../../core/wildcards/draw-template';
import { keptShape } from '../../../core/recipe/kept';
import type { Tag } from '../words/tags';
import { MOST_CHARACTERS, sizeOf, type Words } from '../words/words.svelte';

export const WORDS = 'words.json';

const KEPT_WORDS = keptShape();

/** The word lists and words of one's own of a backup, read. */
export interface KeptWords {
  lists: Lists;
  tags: readonly Tag[];
  /** Switches under Wildcards; undefined where they are not said. */
  draws?: boolean;
  completes?: boolean;
}

/** What came, and how it goes again. */
interface Taken {
  /** Sentences; empty where nothing came. */
  words: string;
  undo: () => void;
}

/** Undefined where there is nothing that a new page has not. */
export function wordsFile({ lists, tags, draws, completes }: Words): Blob | undefined {
  if (Object.keys(lists).length === 0 && tags.length === 0 && draws && completes) return undefined;
  return new Blob([JSON.stringify(KEPT_WORDS.stamp({ lists, tags, draws, completes }))]);
}

/** What is sound of a backup's words. Undefined where nothing is, or none is in the backup. */
export function readWords(json: string | undefined): KeptWords | undefined {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (!isObject(value)) return undefined;
    const { lists, tags, draws, completes } = KEPT_WORDS.raise(value);
    return {
      lists: Object.fromEntries(Object.entries(isObject(lists) ? lists : {}).filter(isList)),
      tags: Array.isArray(tags) ? tags.filter(isTag) : [],
      ...(typeof draws === 'boolean' && { draws }),
      ...(typeof completes === 'boolean' && { completes }),
    };
  } catch (error) {
    console.info('The words of the backup are left out.', error);
    return undefined;
  }
}

/** Lists of a name that is here, and tags where there are some, stay as they are. Never rejects. */
export async function takeWords(kept: KeptWords, words: Words): Promise<Taken> {
  const { draws, completes } = words;
  const fresh = Object.entries(kept.lists).filter(([name]) => !Object.hasOwn(words.lists, name));
  const all = { ...words.lists, ...Object.fromEntries(fresh) };
  const isTooMuch = sizeOf(all) > MOST_CHARACTERS;
  const names = isTooMuch ? [] : fresh.map(([name]) => name);
  const tags = words.tags.length === 0 ? kept.tags : [];
  if (kept.draws !== undefined && kept.draws !== draws) words.draws = kept.draws;
  if (kept.completes !== undefined && kept.completes !== completes) words.completes = kept.completes;
  const said = [
    ...(isTooMuch ? ['Its lists of words are larger than the 20 MB that are kept: they are left out.'] : []),
    ...(names.length > 0 ? [await words.useLists(all, `${counted(names.length, 'list')} of words came.`)] : []),
    ...(tags.length > 0 ? [await words.useTags(tags, `${counted(tags.length, 'tag')} came.`)] : []),
  ];
  return {
    words: said.join(' '),
    undo: () => {
      const isUnchanged = (name: string): boolean => isSame(words.lists[name], kept.lists[name]);
      const gone = new Set(names.filter(isUnchanged));
      if (gone.size > 0)
        void words.useLists(Object.fromEntries(Object.entries(words.lists).filter(([name]) => !gone.has(name))));
      if (tags.length > 0 && words.tags === tags) void words.useTags([]);
      if (kept.draws !== undefined && words.draws === kept.draws) words.draws = draws;
      if (kept.completes !== undefined && words.completes === kept.completes) words.completes = completes;
    },
  };
}

/**
 * As they are kept now: another tab may have changed them.
 *
 * @throws AppError 'internal' where they cannot be had: a backup without them would be taken for a whole one, and those of one would go over them
 */
export async function readyWords(opened: Promise<Words | undefined>): Promise<Words> {
  const words = await opened;
  if (!words) throw new AppError('internal', 'The lists of words could not be fetched.');
  await words.load();
  if (words.isUnread) throw new AppError('internal', 'The lists of words could not be read.');
  return words;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const counted = (count: number, what: string): string => (count === 1 ? `1 ${what}` : `${count} ${what}s`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');

const isList = (entry: [string, unknown]): entry is [string, string[]] => areTexts(entry[1]) && entry[1].length > 0;

const isTag = (value: unknown): value is Tag =>
  isObject(value) && typeof value['name'] === 'string' && Number.isFinite(value['count']) && areTexts(value['aliases']);
