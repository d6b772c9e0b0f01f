/** Where the second of several recipes begins in a text whose settings stand on lines of their own. */
import { trimSpace } from '../../prompt/characters';
import { isCount } from './post';
import { itemOf, type Item } from './post-lines';

/** Longer texts are files, and none of people. */
const MOST_LINES = 1000;
/** Fewest numbers of a recipe. */
const LEAST_COUNTS = 2;

/**
 * @returns the lines of the first recipe, and how many there are. A second begins at a label of a prompt behind a prompt and its
 *   settings; without labels, behind the settings where at least two of them come again with other values.
 */
export function firstOfSeveral(text: string): { text: string; count: number } {
  const lines = text.split('\n');
  if (lines.length > MOST_LINES) return { text, count: 1 };
  const starts: number[] = [0];
  let one = new One();
  lines.forEach((line, i) => {
    const item = itemOf(trimSpace(line));
    const next = one.next(item, i);
    if (next !== undefined) {
      starts.push(next);
      one = new One();
      for (let j = next; j < i; j++) one.next(itemOf(trimSpace(lines[j])), j);
      one.next(item, i);
    }
  });
  // What comes last has to be a recipe, too: a prompt alone may be of the second pass.
  if (!one.isWhole && starts.length > 1) starts.pop();
  if (starts.length < 2) return { text, count: 1 };
  return { text: lines.slice(0, starts[1]).join('\n'), count: starts.length };
}

const SECOND_PASS = /^[^\p{L}]{0,8}(?:hi-?res|second pass|2nd pass|upscal|img2img)/iu;

class One {
  #hasPrompt = false;
  #isOpen = false;
  #isLabelled = false;
  readonly #values = new Map<string, string>();
  readonly #again = new Set<string>();
  /** The last line of the block of settings, and where the block before it ended. */
  #last: number | undefined;
  #endBefore: number | undefined;
  #hasWordsSince = false;
  #cut: number | undefined;
  /** Its settings come again and are others. */
  #isSecondPass = false;
  #isPromptFirst = true;

  get isWhole(): boolean {
    return this.#hasPrompt && this.#values.size >= LEAST_COUNTS;
  }

  /** The line where another begins. */
  next(item: Item, line: number): number | undefined {
    switch (item.kind) {
      case 'prompt':
        if (this.isWhole && this.#isLabelled && this.#isPromptFirst) return line;
        this.#hasWordsSince = true;
        this.#isLabelled = true;
        this.#isOpen = true;
        this.#hasPrompt ||= item.value !== '';
        return undefined;
      case 'words':
        if (SECOND_PASS.test(item.words)) this.#isSecondPass = true;
        this.#hasWordsSince = true;
        this.#hasPrompt ||= this.#isOpen || this.#values.size === 0;
        return undefined;
      case 'settings':
        return this.#settings(item, line);
      default:
        return undefined;
    }
  }

  #settings({ pairs }: Extract<Item, { kind: 'settings' }>, line: number): number | undefined {
    this.#isOpen = false;
    const counts = pairs.filter(isCount);
    if (!this.#hasPrompt && counts.length > 0) this.#isPromptFirst = false;
    if (this.#hasWordsSince && this.#last !== undefined) this.#endBefore = this.#last + 1;
    this.#hasWordsSince = false;
    this.#last = line;
    for (const { key, value } of counts) {
      const before = this.#values.get(key);
      if (before === undefined) this.#values.set(key, value);
      else if (before !== value) this.#again.add(key);
    }
    if (this.#isSecondPass) return undefined;
    if (this.#again.size > 0) this.#cut ??= this.#isPromptFirst ? (this.#endBefore ?? line) : line;
    return this.#again.size >= LEAST_COUNTS && this.#hasPrompt ? this.#cut : undefined;
  }
}

/** "1)", "#1", "Picture 1:"; "1 girl" is none. */
const NUMBER =
  /^[ \t>*_-]{0,8}(?:#{1,6}[ \t]+)?(?:(?:prompt|image|picture|example|recipe|pic|no\.?)[ \t]*#?(\d{1,2})(?:[.):]|(?=[*_ \t]{0,8}(?:\n|$)))|#(\d{1,2})(?:[.):]|(?=[*_ \t]{0,8}(?:\n|$)))|(\d{1,2})[.):])[*_]{0,4}(?:[ \t]+|(?=\n)|$)/i;

const numberOf = (line: string): number =>
  Number(
    NUMBER.exec(line)
      ?.slice(1)
      .find((digits) => digits !== undefined),
  );

/** Without the "1)" before the first of several, where a line behind it begins with "2)". */
export function withoutNumber(first: string, text: string): string {
  const bare = first.trimStart();
  const [mark] = NUMBER.exec(bare) ?? [];
  if (mark === undefined || !text.startsWith(first)) return first;
  const isCounted = text
    .slice(first.length)
    .split('\n')
    .some((line) => numberOf(line) === numberOf(bare) + 1);
  return isCounted ? bare.slice(mark.length) : first;
}
