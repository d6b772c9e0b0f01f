/** Posts, notes and READMEs: labels among headings, lists, tables, fences and sentences, in any order. */
import { trimSpace } from '../../prompt/characters';
import type { ParsedInfotext } from '../../recipe/infotext';
import { canonicalKey } from '../../recipe/infotext/key-names';
import { readPairs } from '../../recipe/infotext/parse';
import type { Pair } from '../../recipe/infotext/scan-pairs';
import { looseLists } from './loose-lists';
import { plainLabels } from './odd-labels';
import { FENCE, itemOf, type Item } from './post-lines';
import { isNoValue } from './post-settings';

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

/**
 * Undefined where the text has neither labels of both prompts nor enough settings.
 *
 * @param options.isSound A1111 reads it: most that looks like parts of a post are words of its prompts
 */
export function readPost(text: string, { isSound = false } = {}): Post | undefined {
  const lines = looseLists(plainLabels(text), { isInOrder: true })
    .replace(/<\/?br ?\/?>/gi, '\n')
    .split('\n')
    .map(trimSpace);
  if (lines.length > MOST_LINES) return undefined;
  const draft = new Draft(isSound);
  for (const line of lines) if (!draft.take(itemOf(line), line)) break;
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
  readonly #isSound: boolean;
  /** Inside of a fence that stands around prompts, not in one. */
  #isFenced = false;
  #isParted = true;
  #isMarked = false;
  /** What looks like settings and has no number may be the prompt. */
  #hasWordsFirst = false;
  #hasSettingsFirst = false;
  #isMixed = false;
  /** Where the last words below an empty line begin among the rest; undefined where settings came after them. */
  #paragraph: number | undefined;

  constructor(isSound: boolean) {
    this.#isSound = isSound;
  }

  /** False where another recipe begins. */
  take(item: Item, line: string): boolean {
    switch (item.kind) {
      case 'empty':
        this.#hasGap = true;
        return true;
      case 'prompt':
      case 'negative':
        if (!this.#isOfPrompt(item)) return this.#begin(item);
        this.#addWords(line);
        break;
      case 'settings':
        this.#close(true);
        this.#addPairs(item.pairs);
        this.#rest.push(...item.unread);
        this.#paragraph = undefined;
        break;
      case 'border':
        this.#border(item);
        break;
      case 'words':
        if (item.pair && !this.#openLines() && this.#pairs.length > 0) this.#addPairs([item.pair]);
        else this.#addWords(item.words);
    }
    this.#hasGap = item.kind === 'border' && this.#pending.length === 0;
    return true;
  }

  /** Where A1111 reads the text, only what an empty line parts from words before the prompt is a label. */
  #isOfPrompt({ kind, isListed }: Extract<Item, { kind: 'prompt' | 'negative' }>): boolean {
    if (!this.#isSound || kind === 'negative') return false;
    return isListed || !this.#hasGap || this.#texts.negative !== undefined || this.#pairs.length > 0;
  }

  #begin({ kind, value, isMarked }: Extract<Item, { kind: 'prompt' | 'negative' }>): boolean {
    this.#close(true);
    if (hasWords(this.#texts[kind]) || (kind === 'prompt' && this.#isWhole())) {
      this.#isMixed = true;
      return false;
    }
    this.#hasSettingsFirst ||= this.#texts.prompt === undefined && this.#pairs.length > 0;
    this.#hasWordsFirst ||= this.#hasSettingsFirst && !this.#pairs.some(isCount);
    if (kind === 'prompt') {
      this.#isMarked = isMarked;
      this.#isParted = this.#hasGap || isMarked;
    }
    const isFence = FENCE.test(value);
    if (isFence) this.#isFenced = true;
    // Settings first, then the prompt without a label.
    if (
      kind === 'negative' &&
      this.#texts.prompt === undefined &&
      this.#before.length === 0 &&
      this.#pairs.some(isCount)
    )
      this.#texts.prompt = this.#paragraph === undefined ? undefined : this.#rest.splice(this.#paragraph);
    this.#texts[kind] = value === '' || isFence ? [] : [value];
    this.#open = kind;
    this.#hasGap = false;
    return true;
  }

  /** An infotext without a label of its prompt. */
  #isWhole(): boolean {
    const hasOwn = this.#texts.prompt === undefined && this.#before.some(({ isHeading }) => !isHeading);
    return hasOwn && this.#texts.negative !== undefined && this.#pairs.length > 0;
  }

  /** Words below an empty line and above another part are said about the picture; inside of a prompt's lines it is one of them. */
  #border({ line, is }: Extract<Item, { kind: 'border' }>): void {
    const isOpen = hasWords(this.#openLines());
    const isEnd = is === 'fence' && this.#isFenced;
    if (isOpen && !isEnd && (this.#isSound || !this.#hasGap)) {
      this.#pending.push(line);
      return;
    }
    if (is === 'fence') this.#isFenced = !this.#isFenced;
    if (isOpen) this.#close(false);
    if (is === 'heading' || is === 'settings') this.#addAround(line, true);
  }

  #addWords(words: string): void {
    const lines = this.#openLines();
    if (!lines) this.#addAround(words, false);
    else if (this.#pending.length > 0 || (this.#hasGap && lines.length > 0))
      this.#pending.push(...(this.#hasGap ? ['', words] : [words]));
    else lines.push(words);
  }

  #addAround(line: string, isHeading: boolean): void {
    if (this.#hasGap && !isHeading) this.#paragraph = this.#rest.length;
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

  /** The first of two for one counts: what comes later was said of something else. Words that the key can't have are a prompt's. */
  #addPairs(pairs: readonly Pair[]): void {
    for (const pair of pairs) {
      const at = this.#pairs.findIndex(({ key }) => key === pair.key);
      if (at < 0) this.#pairs.push(pair);
      else if (isNoValue(this.#pairs[at])) this.#pairs[at] = pair;
    }
  }

  /** The prompt has no label below the settings, and marks around it: the only line that has. */
  #takeQuoted(): string | undefined {
    const quoted = this.#rest.filter((line) => QUOTED.test(line));
    if (quoted.length !== 1) return undefined;
    this.#rest.splice(this.#rest.indexOf(quoted[0]), 1);
    return QUOTED.exec(quoted[0])?.[1];
  }

  post(): Post | undefined {
    // Without settings nothing tells where the last prompt ends.
    this.#close(this.#pairs.length === 0);
    const known = this.#pairs.filter(({ key }) => canonicalKey(key) !== undefined || /^(?:width|height)$/.test(key));
    const { prompt, negative } = this.#texts;
    const isBoth = hasWords(prompt) && hasWords(negative);
    const isPage = known.length >= LEAST_KEYS && known.some(isCount);
    if (!isBoth && !isPage) return undefined;
    // Words without a label are the prompt where the negative prompt follows them, as in an infotext.
    const words = this.#before.filter(({ isHeading }) => !isHeading).map(({ line }) => line);
    const isUnlabelled = prompt === undefined && words.length > 0;
    const quoted = prompt === undefined && words.length === 0 ? this.#takeQuoted() : undefined;
    if (isUnlabelled && (negative === undefined || this.#hasSettingsFirst)) return undefined;
    if (prompt === undefined && this.#hasWordsFirst) return undefined;
    // "1. Write what you see."
    if (isUnlabelled && words.every((line) => /^\d{1,2}[.)][ \t]/.test(line))) return undefined;
    const prompts = {
      prompt: quoted ?? joined(isUnlabelled ? words : (prompt ?? [])),
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
      isMixed: this.#isMixed,
    };
  }
}

const hasWords = (lines: readonly string[] | undefined): boolean => lines?.some((line) => line !== '') === true;

export const isCount = ({ key, value }: Pair): boolean =>
  /^(?:Steps|Seed|CFG scale|Size|width)$/.test(canonicalKey(key) ?? key) && /^-?\d/.test(value);

const QUOTED = /^["“„«]([^"“”„«»]{3,})["”“»]$/;

/** Lines as one text, without marks around all of it. */
export function joined(lines: readonly string[]): string {
  const isQuoted = lines.every((line) => line === '' || line.startsWith('>'));
  const own = isQuoted ? lines.map((line) => line.replace(/^>[ \t]*/, '')) : lines;
  const text = trimSpace(own.join('\n'));
  return /^(`+|\*\*)([^`*]+)\1$/.exec(text)?.[2] ?? QUOTED.exec(text)?.[1] ?? text;
}
