/** Other languages, out of a model's names.json: how they call its subjects and colours, and their small words. */
import { AppError } from '../errors';
import type { Found, Lexicon } from './lexicon';
import type { Meaning } from './meanings';

/** @see tools/starter/names.py */
export interface NamesFile {
  subjects: readonly string[];
  languages: Readonly<Record<string, LanguageWords>>;
}

export interface LanguageWords {
  /** Names of the subjects in their order, parted by ";"; the names of one by "|". */
  names: string;
  colours: Readonly<Record<string, string>>;
  /** Words for two of a thing, parted by spaces, as in the fields that follow. */
  two?: string;
  three?: string;
  small?: string;
  big?: string;
  background?: string;
  silent?: string;
  and?: string;
  filler?: string;
}

/** @throws AppError 'bad-file' */
export function readNamesFile(json: unknown, file: string): NamesFile {
  const { subjects, languages } = (json ?? {}) as Partial<NamesFile>;
  const isSound =
    Array.isArray(subjects) &&
    typeof languages === 'object' &&
    Object.values(languages).every(({ names }) => names.split(';').length === subjects.length);
  if (!isSound) throw new AppError('bad-file', `${file}: "languages" must have as many names as "subjects".`);
  return { subjects, languages };
}

/** Languages that put no spaces between words. */
const CUT = new Set(['ja', 'zh', 'zh-Hant', 'th', 'km', 'lo', 'my']);
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}ー]/u;

export function createForeign(language: string, words: LanguageWords, subjects: readonly string[]): Lexicon {
  const table = tableOf(words, subjects);
  const longest = Math.max(...[...table.keys()].map((phrase) => phrase.split(' ').length));
  const stems = stemsOf(table);
  return {
    longest,
    find: (phrase) => {
      const folded = inOneKana(phrase);
      return found(table.get(folded), 1) ?? inflected(folded, table, stems) ?? articled(folded, table);
    },
    ...(CUT.has(language) && { cut: (word) => cut(word, table) }),
  };
}

function tableOf(words: LanguageWords, subjects: readonly string[]): Map<string, Meaning> {
  const table = new Map<string, Meaning>();
  const add = (list: string | undefined, meaning: Meaning): void => {
    for (const word of (list ?? '').split(' ')) if (word !== '') table.set(inOneKana(word), meaning);
  };
  words.names.split(';').forEach((names, i) => {
    for (const name of names.split('|')) {
      const phrase = name.replaceAll('-', ' ');
      for (const key of [name, phrase])
        if (key !== '') table.set(inOneKana(key), { kind: 'subject', subject: subjects[i] });
    }
  });
  for (const [colour, list] of Object.entries(words.colours))
    for (const word of list.split(' ')) {
      const named = table.get(inOneKana(word));
      add(word, { kind: 'colour', colour, ...(named?.kind === 'subject' && { subject: named.subject }) });
    }
  add(words.two, { kind: 'count', count: 2 });
  add(words.three, { kind: 'count', count: 3 });
  add(words.small, { kind: 'size', size: 'small' });
  add(words.big, { kind: 'size', size: 'big' });
  add(words.and, { kind: 'relation', relation: 'and' });
  add(words.silent, { kind: 'filler', isNamed: false });
  add(words.filler, { kind: 'filler', isNamed: true });
  // "arka plan": of two words
  if (words.background !== undefined) {
    table.set(words.background, { kind: 'background' });
    if (!/^(?:arka plan|latar belakang)$/u.test(words.background)) add(words.background, { kind: 'background' });
  }
  return table;
}

function found(meaning: Meaning | undefined, sureness: number): Found | undefined {
  return meaning && { meaning, isKnown: false, sureness };
}

/** Katakana as hiragana: リンゴ is りんご. */
function inOneKana(text: string): string {
  return text.replace(/[\u30a1-\u30f6]/gu, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60));
}

const STEM = 3;
/** Letters that an ending may have, and that it may take the place of. */
const ENDING = 3;
const REPLACED = 2;
/** Share of a word's letters that must be the same. */
const LEAST_SHARED = 0.6;

function stemsOf(table: ReadonlyMap<string, Meaning>): Map<string, string[]> {
  const stems = new Map<string, string[]>();
  for (const word of table.keys()) {
    if (word.length < STEM || word.includes(' ')) continue;
    const stem = word.slice(0, STEM);
    stems.set(stem, [...(stems.get(stem) ?? []), word]);
  }
  return stems;
}

/** Plurals, cases and genders: the same beginning, another ending. */
function inflected(
  phrase: string,
  table: ReadonlyMap<string, Meaning>,
  stems: ReadonlyMap<string, string[]>,
): Found | undefined {
  if (phrase.length < STEM || phrase.includes(' ')) return undefined;
  let best: { word: string; shared: number } | undefined;
  for (const word of stems.get(phrase.slice(0, STEM)) ?? []) {
    const shared = sharedStart(word, phrase);
    const isLong = shared >= Math.max(STEM, word.length - REPLACED, phrase.length * LEAST_SHARED);
    const fits = isLong && phrase.length - shared <= ENDING;
    if (fits && shared > (best?.shared ?? 0)) best = { word, shared };
  }
  const meaning = best && table.get(best.word);
  if (!best || !meaning) return undefined;
  const isPlural = meaning.kind === 'subject' && phrase.length > best.word.length;
  return found(isPlural ? { ...meaning, isPlural } : meaning, 0.7 * (best.shared / phrase.length));
}

function sharedStart(a: string, b: string): number {
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  return shared;
}

/** Articles and small words that are written as one with what follows: l'étoile, القطة, והחתול. */
const PREFIXES = /^(?:[ldc]'|[dl]el'|un'|وال|بال|ال|و|ה|ו)/u;

function articled(phrase: string, table: ReadonlyMap<string, Meaning>): Found | undefined {
  const bare = phrase.replace(PREFIXES, '');
  return bare === phrase || bare === '' ? undefined : found(table.get(bare), 1);
}

/** The longest names first; what is between them is one word. */
function cut(word: string, table: ReadonlyMap<string, Meaning>): string[] {
  if (!WITHOUT_SPACES.test(word)) return [word];
  const letters = [...word];
  const pieces: string[] = [];
  let rest = '';
  const flush = (): void => {
    if (rest !== '') pieces.push(rest);
    rest = '';
  };
  for (let at = 0; at < letters.length;) {
    const length = lengthAt(letters, at, table);
    if (length === 0) rest += letters[at++];
    else {
      flush();
      pieces.push(letters.slice(at, at + length).join(''));
      at += length;
    }
  }
  flush();
  return pieces;
}

const LONGEST_NAME = 8;

function lengthAt(letters: readonly string[], at: number, table: ReadonlyMap<string, Meaning>): number {
  for (let length = Math.min(LONGEST_NAME, letters.length - at); length > 0; length--)
    if (table.has(inOneKana(letters.slice(at, at + length).join('')))) return length;
  return 0;
}
