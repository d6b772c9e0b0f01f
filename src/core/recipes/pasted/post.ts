/** Posts, notes and READMEs: labels among headings, lists, tables, fences and sentences, in any order. */
import { trimSpace } from '../../prompt/characters';
import type { ParsedInfotext } from '../../recipe/infotext';
import { canonicalKey } from '../../recipe/infotext/key-names';
import { readPairs } from '../../recipe/infotext/parse';
import type { Pair } from '../../recipe/infotext/scan-pairs';
import { itemOf, type Item } from './post-lines';

const MOST_LINES = 1000;
const LEAST_KEYS = 3;

export interface Post extends ParsedInfotext {
  /** Words that are no part of the recipe. */
  before: string;
  rest: string;
  /** Both prompts have their labels, and nothing stands before the first that could belong to it. */
  isSure: boolean;
  /** The text has more than one recipe, or settings of more: this is the first of each. */
  isMixed: boolean;
}

/** Undefined where the text has neither labels of both prompts nor enough settings. */
export function readPost(text: string): Post | undefined {
  const lines = text
    .replace(/<\/?br ?\/?>/gi, '\n')
    .split('\n')
    .map(trimSpace);
  if (lines.length > MOST_LINES) return undefined;
  const draft = new Draft();
  for (const line of lines) if (!draft.take(itemOf(line))) break;
  return draft.post();
}

class Draft {
  readonly #before: { line: string; isHeading: boolean }[] = [];
  readonly #rest: string[] = [];
  readonly #texts: { prompt?: string[]; negative?: string[] } = {};
  readonly #pairs: Pair[] = [];
  #open: 'prompt' | 'negative' | undefined;
  /** Words behind an empty line: of the open prompt where a label follows them. */
  #pending: string[] = [];
  #hasGap = true;
  #isParted = true;
  #isMarked = false;
  /** What looks like settings and has no number may be the prompt. */
  #hasWordsFirst = false;
  #hasSettingsFirst = false;
  #isMixed = false;

  /** False where another recipe begins. */
  take(item: Item): boolean {
    switch (item.kind) {
      case 'empty':
        this.#hasGap = true;
        return true;
      case 'prompt':
      case 'negative':
        return this.#begin(item);
      case 'settings':
        this.#close(true);
        this.#addPairs(item.pairs);
        this.#rest.push(...item.unread);
        break;
      case 'border':
        this.#border(item.words);
        break;
      case 'words':
        this.#addWords(item.words);
    }
    this.#hasGap = item.kind === 'border';
    return true;
  }

  #begin({ kind, value, isMarked }: Extract<Item, { kind: 'prompt' | 'negative' }>): boolean {
    this.#close(true);
    if (hasWords(this.#texts[kind])) {
      this.#isMixed = true;
      return false;
    }
    this.#hasSettingsFirst ||= this.#texts.prompt === undefined && this.#pairs.length > 0;
    this.#hasWordsFirst ||= this.#hasSettingsFirst && !this.#pairs.some(isCount);
    if (kind === 'prompt') {
      this.#isMarked = isMarked;
      this.#isParted = this.#hasGap || isMarked;
    }
    this.#texts[kind] = value === '' ? [] : [value];
    this.#open = kind;
    this.#hasGap = false;
    return true;
  }

  #border(words: string): void {
    // Words below an empty line and above another part are said about the picture.
    if (hasWords(this.#openLines())) this.#close(false);
    if (words !== '') this.#addAround(words, true);
  }

  #addWords(words: string): void {
    const lines = this.#openLines();
    if (!lines) this.#addAround(words, false);
    else if (this.#pending.length > 0 || (this.#hasGap && lines.length > 0))
      this.#pending.push(...(this.#hasGap ? ['', words] : [words]));
    else lines.push(words);
  }

  #addAround(line: string, isHeading: boolean): void {
    if (this.#isBegun()) this.#rest.push(line);
    else this.#before.push({ line, isHeading });
  }

  #openLines(): string[] | undefined {
    return this.#open === undefined ? undefined : this.#texts[this.#open];
  }

  #close(isFollowed: boolean): void {
    (isFollowed ? this.#openLines() : this.#rest)?.push(...this.#pending);
    this.#pending = [];
    this.#open = undefined;
  }

  #isBegun(): boolean {
    return this.#texts.prompt !== undefined || this.#texts.negative !== undefined || this.#pairs.length > 0;
  }

  /** The first of two for one counts: what comes later was said of something else. */
  #addPairs(pairs: readonly Pair[]): void {
    for (const pair of pairs) {
      const other = this.#pairs.find(({ key }) => key === pair.key);
      if (!other) this.#pairs.push(pair);
      else if (other.value !== pair.value) this.#isMixed = true;
    }
  }

  post(): Post | undefined {
    this.#close(false);
    const known = this.#pairs.filter(({ key }) => canonicalKey(key) !== undefined || /^(?:width|height)$/.test(key));
    const { prompt, negative } = this.#texts;
    const isBoth = hasWords(prompt) && hasWords(negative);
    const isPage = known.length >= LEAST_KEYS && known.some(isCount);
    if (!isBoth && !isPage) return undefined;
    // Words without a label are the prompt where the negative prompt follows them, as in an infotext.
    const words = this.#before.filter(({ isHeading }) => !isHeading).map(({ line }) => line);
    const isUnlabelled = prompt === undefined && words.length > 0;
    if (isUnlabelled && (negative === undefined || this.#hasSettingsFirst)) return undefined;
    if (prompt === undefined && this.#hasWordsFirst) return undefined;
    const prompts = {
      prompt: joined(isUnlabelled ? words : (prompt ?? [])),
      negativePrompt: joined(negative ?? []),
    };
    const isSure =
      (isBoth || (isPage && this.#isMarked && hasWords(prompt))) && (this.#before.length === 0 || this.#isParted);
    return {
      ...readPairs(prompts, this.#pairs, { findsComfy: true }),
      hasParameters: known.length > 0,
      before: isUnlabelled ? '' : trimSpace(this.#before.map(({ line }) => line).join('\n')),
      rest: trimSpace(this.#rest.join('\n')),
      isSure,
      isMixed: this.#isMixed && isPage && hasWords(prompt),
    };
  }
}

const hasWords = (lines: readonly string[] | undefined): boolean => lines?.some((line) => line !== '') === true;

const isCount = ({ key, value }: Pair): boolean =>
  /^(?:Steps|Seed|CFG scale|Size|width)$/.test(canonicalKey(key) ?? key) && /^-?\d/.test(value);

function joined(lines: readonly string[]): string {
  const isQuoted = lines.every((line) => line === '' || line.startsWith('>'));
  const own = isQuoted ? lines.map((line) => line.replace(/^>[ \t]*/, '')) : lines;
  const text = trimSpace(own.join('\n'));
  return /^(`+|\*\*)([^`*]+)\1$/.exec(text)?.[2] ?? text;
}
