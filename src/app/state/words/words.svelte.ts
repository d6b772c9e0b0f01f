/** Lists that prompts draw from and words to be offered, kept between visits; and the texts of a request, drawn for each picture. */
import { AppError, toAppError } from '../../../core/errors';
import { cellCount } from '../../../core/recipe/grids/grid';
import type { GenerationRequest } from '../../../core/recipe/request';
import { drawTemplate, type Lists } from '../../../core/wildcards/draw-template';
import { isListFile, readLists } from '../../../core/wildcards/read-lists';
import { templateRandom } from '../../../core/wildcards/template-random';
import { usesTemplate } from '../../../core/wildcards/uses-template';
import { nextRequest } from '../line/job';
import { LINE_FULL } from '../line/line-full';
import type { AddOptions } from '../line/work';
import { readTags, type Tag } from './tags';

/** What is used of platform/storage's KeyValue. */
export interface WordStore {
  get<T>(key: string): Promise<T | undefined>;
  change(puts: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
}

const NOT_STORED = 'They could not be stored: they last until the page is closed.';

/** Draws that are looked at to see which lists are named: what is rarer is told when it is drawn. */
const LOOKS = 24;
export interface AskParts {
  /** False where the line is full. */
  enqueue: (request: GenerationRequest, options: AddOptions) => boolean;
  say: (words: string) => void;
}

/** All lists together: more is no list of words. */
export const MOST_CHARACTERS = 20_000_000;

export const sizeOf = (lists: Lists): number =>
  Object.values(lists).reduce((sum, lines) => lines.reduce((part, line) => part + line.length, sum), 0);

export class Words {
  readonly #store: WordStore | undefined;
  /** What is kept could not be read: what is here is not all. */
  isUnread: boolean;
  #lists = $state.raw<Lists>({});
  #tags = $state.raw<readonly Tag[]>([]);
  /** Off: braces and underscores are text. */
  #draws = $state(true);
  #completes = $state(true);

  constructor(store?: WordStore, isUnread = false) {
    this.#store = store;
    this.isUnread = isUnread;
  }

  /** What an earlier visit left; nothing where the storage refuses. */
  async load(): Promise<this> {
    if (!this.#store) return this;
    try {
      const read = async (key: string): Promise<unknown> => this.#store?.get(key);
      const [lists, tags, isPlain, isQuiet] = await Promise.all(['lists', 'tags', 'isPlain', 'isQuiet'].map(read));
      if (typeof lists === 'object' && lists !== null) this.#lists = lists as Lists;
      if (Array.isArray(tags)) this.#tags = tags as Tag[];
      [this.#draws, this.#completes] = [isPlain !== true, isQuiet !== true];
      this.isUnread = false;
    } catch (error) {
      this.isUnread = true;
      console.info('Lists of words cannot be read.', error);
    }
    return this;
  }

  get lists(): Lists {
    return this.#lists;
  }
  /** Tags of a list of one's own, the most used first. */
  get tags(): readonly Tag[] {
    return this.#tags;
  }
  get draws(): boolean {
    return this.#draws;
  }
  set draws(isWanted: boolean) {
    this.#draws = isWanted;
    void this.#keep('isPlain', !isWanted);
  }
  get completes(): boolean {
    return this.#completes;
  }
  set completes(isWanted: boolean) {
    this.#completes = isWanted;
    void this.#keep('isQuiet', !isWanted);
  }

  /** Names of lists in this text that are not here. */
  missing({ prompt, negativePrompt }: Pick<GenerationRequest, 'prompt' | 'negativePrompt'>): string[] {
    const names = new Set<string>();
    const onMissing = (name: string): void => void names.add(name);
    for (let seed = 0; seed < LOOKS; seed++)
      for (const text of [prompt, negativePrompt])
        if (usesTemplate(text)) drawTemplate(text, { lists: this.#lists, random: templateRandom(seed, ''), onMissing });
    return [...names];
  }

  /**
   * The texts of each picture of a request, and what is written into them of what was typed.
   *
   * @throws AppError 'bad-request' in one sentence where a text cannot be drawn
   */
  drawn(request: GenerationRequest, { count = 1, grid, extras }: AddOptions): AddOptions {
    const { prompt, negativePrompt } = request;
    if (!this.#draws || !usesTemplate(`${prompt}\n${negativePrompt}`)) return { count, grid, extras };
    const prompts = Array.from({ length: count }, (_, done) => {
      const one = nextRequest({ request, grid, count, done });
      const draw = (text: string, stream: string): string => {
        const random = templateRandom(`${one.seed}${one.variationStrength ? `:${one.variationSeed}` : ''}`, stream);
        return usesTemplate(text) ? drawTemplate(text, { lists: this.#lists, random, index: done }) : text;
      };
      return { prompt: draw(one.prompt, 'prompt'), negativePrompt: draw(one.negativePrompt, 'negative') };
    });
    const typed = {
      ...(usesTemplate(prompt) && { Template: prompt }),
      ...(usesTemplate(negativePrompt) && { 'Negative Template': negativePrompt }),
    };
    return { count, grid, prompts, extras: { ...extras, ...typed } };
  }

  /** Draws as `drawn` does; what cannot be drawn is taken as it stands, and said. */
  drawnIfSound(request: GenerationRequest, options: AddOptions, say: AskParts['say']): AddOptions {
    try {
      return this.drawn(request, options);
    } catch (thrown) {
      say(`${toAppError(thrown).message} The prompt was taken as text.`);
      return options;
    }
  }

  /** Puts a request in line whose texts are drawn. */
  ask(request: GenerationRequest, options: AddOptions, { enqueue, say }: AskParts): void {
    const { grid, count = grid && cellCount(grid) } = options;
    if (!enqueue(request, this.drawnIfSound(request, { ...options, count }, say))) say(LINE_FULL);
  }

  /** Files of lists, with their folders where they came in one; and lists of tags. @returns what was taken, in words */
  async takeFiles(files: readonly File[]): Promise<string> {
    const said: string[] = [];
    const taken: Record<string, readonly string[]> = {};
    for (const file of files) {
      const { webkitRelativePath: path = '' }: Partial<File> = file;
      const name = path.replace(/^[^/]*\//, '') || file.name;
      try {
        if (/\.csv$/i.test(name)) said.push(await this.#takeTags(name, await file.text()));
        else if (isListFile(name)) Object.assign(taken, readLists(name, await file.text()));
        else said.push(`${name}: lists are .txt, .json or .yaml files, tags .csv files.`);
      } catch (thrown) {
        said.push(toAppError(thrown).message);
      }
    }
    const count = Object.keys(taken).length;
    if (count > 0)
      said.unshift(await this.#takeLists(taken, count).catch((thrown: unknown) => toAppError(thrown).message));
    return said.join(' ');
  }

  async #takeLists(taken: Lists, count: number): Promise<string> {
    const all = { ...this.#lists, ...taken };
    if (sizeOf(all) > MOST_CHARACTERS)
      throw new AppError('bad-file', 'These lists are larger than what is kept: 20 MB.');
    return this.useLists(all, count === 1 ? '1 list is here.' : `${count} lists are here.`);
  }

  /** Puts lists in the place of those that are here. @returns `words`, and whether they last */
  async useLists(lists: Lists, words = ''): Promise<string> {
    this.#lists = lists;
    return (await this.#keep('lists', lists)) ? words : `${words} ${NOT_STORED}`;
  }

  /** Puts tags in the place of those that are here, the most used first. @returns `words`, and whether they last */
  async useTags(tags: readonly Tag[], words = ''): Promise<string> {
    this.#tags = tags;
    return (await this.#keep('tags', tags)) ? words : `${words} ${NOT_STORED}`;
  }

  #takeTags(name: string, text: string): Promise<string> {
    const tags = readTags(name, text);
    return this.useTags(tags, `${tags.length === 1 ? '1 tag is' : `${tags.length} tags are`} offered while you type.`);
  }

  async forgetTags(): Promise<void> {
    await this.useTags([]);
  }

  async #keep(key: string, value: unknown): Promise<boolean> {
    try {
      await this.#store?.change([[key, value]]);
      return this.#store !== undefined;
    } catch (error) {
      console.info('Lists of words cannot be kept.', error);
      return false;
    }
  }
}

export async function openWords(openStore?: () => Promise<WordStore>): Promise<Words> {
  try {
    return await new Words(await openStore?.()).load();
  } catch (error) {
    console.info('Lists of words cannot be kept.', error);
    return new Words(undefined, true);
  }
}
