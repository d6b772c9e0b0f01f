/** One text of all that a template can be. */
import { AppError } from '../errors';
import { parseTemplate, type Option, type Part } from './parse-template';

/** Lines by the name of their list: "colours/cold". A line may be a template, and may begin with its weight: `2::red`. */
export type Lists = Readonly<Record<string, readonly string[]>>;

export interface DrawOptions {
  lists: Lists;
  /** 0 ≤ x < 1 */
  random: () => number;
  /** Which picture of a batch it is: options taken in turn follow it. */
  index?: number;
  /** Is told of names of lists that are not here; they stay as text. */
  onMissing?: (name: string) => void;
}

/** Longer than any prompt that is read to its end. */
const LONGEST = 100_000;
/** Variables that name others twice double at each. */
const MOST_PARTS = 200_000;
/** Lists that name lists that name lists. */
const DEEPEST = 40;

/** @throws AppError 'bad-request' in one sentence: a brace that is left open, lists that name themselves, a variable nobody set */
export function drawTemplate(template: string, options: DrawOptions): string {
  return new Draw(options).text(parseTemplate(template), new Map()).trim();
}

type Variables = Map<string, Part[] | string>;

class Draw {
  readonly #options: DrawOptions;
  #depth = 0;
  #length = 0;
  #parts = 0;

  constructor(options: DrawOptions) {
    this.#options = options;
  }

  text(parts: readonly Part[], variables: Variables): string {
    return parts.map((part) => this.#part(part, variables)).join('');
  }

  #part(part: Part, variables: Variables): string {
    if (++this.#parts > MOST_PARTS) throw new AppError('bad-request', 'The text drawn of the prompt has no end.');
    switch (part.kind) {
      case 'text':
        this.#length += part.text.length;
        if (this.#length > LONGEST) throw new AppError('bad-request', 'The text drawn of the prompt has no end.');
        return part.text;
      case 'choice':
        return this.#choice(part, variables);
      case 'list':
        return this.#list(part, variables);
      case 'set': {
        if (part.keeps && variables.has(part.name)) return '';
        variables.set(part.name, part.isImmediate ? this.text(part.value, variables) : part.value);
        return '';
      }
      case 'get':
        return this.#get(part, variables);
    }
  }

  #choice({ options, from, to, separator, inTurn }: Part & { kind: 'choice' }, variables: Variables): string {
    const [only] = options;
    const list = options.length === 1 && only?.value.length === 1 ? only.value[0] : undefined;
    // Several of one list: none of its lines twice.
    const lines = list?.kind === 'list' ? this.#lines(list, variables) : [];
    if (list?.kind === 'list' && lines.length > 0) {
      const inner = withGiven(list, variables);
      const drawn = this.#draw(lines.map(lineOption), [from, to], list.inTurn || inTurn);
      return this.#deeper(() => drawn.map(({ value }) => this.text(value, inner)).join(separator), list, variables);
    }
    // One alone is always it: Dynamic Prompts does not count it either.
    const drawn = options.length === 1 ? options : this.#draw(options, [from, to], inTurn);
    return drawn.map(({ value }) => this.text(value, variables)).join(separator);
  }

  #list(part: Part & { kind: 'list' }, variables: Variables): string {
    const lines = this.#lines(part, variables);
    if (lines.length === 0) {
      const name = this.text(part.name, variables);
      this.#options.onMissing?.(name);
      return `__${name}__`;
    }
    const [line] = this.#draw(lines.map(lineOption), [1, 1], part.inTurn);
    return this.#deeper(() => this.text(line?.value ?? [], withGiven(part, variables)), part, variables);
  }

  #deeper(read: () => string, { name }: Part & { kind: 'list' }, variables: Variables): string {
    if (++this.#depth > DEEPEST)
      throw new AppError('bad-request', `The list "${this.text(name, variables)}" names itself.`);
    const text = read();
    this.#depth -= 1;
    return text;
  }

  #lines({ name }: Part & { kind: 'list' }, variables: Variables): readonly string[] {
    return linesOf(this.#options.lists, this.text(name, variables));
  }

  #get({ name, otherwise }: Part & { kind: 'get' }, variables: Variables): string {
    const value = variables.get(name) ?? otherwise;
    if (value === undefined) throw new AppError('bad-request', `"\${${name}}" was never set.`);
    // What names itself would have no end.
    return typeof value === 'string' ? value : this.text(value, new Map([...variables, [name, '']]));
  }

  /** So many of them, none twice, by their weights. */
  #draw(options: readonly Option[], [from, to]: readonly [number, number], inTurn: boolean): Option[] {
    const { random, index = 0 } = this.#options;
    const left = [...options];
    const most = Math.min(to, left.length);
    const least = Math.min(from, most);
    const count = least + Math.min(most - least, Math.floor(random() * (most - least + 1)));
    if (inTurn) return Array.from({ length: count }, (_, i) => left[(index + i) % left.length]);
    return Array.from({ length: count }, () => {
      const total = left.reduce((sum, { weight }) => sum + weight, 0);
      let rest = random() * total;
      const found =
        total > 0 ? left.findIndex(({ weight }) => (rest -= weight) < 0) : Math.floor(random() * left.length);
      return left.splice(found < 0 ? left.length - 1 : found, 1)[0];
    });
  }
}

function withGiven({ given }: Part & { kind: 'list' }, variables: Variables): Variables {
  return new Map([...variables, ...Object.entries(given)]);
}

function lineOption(line: string): Option {
  const [, weight = '1', text = line] = /^(\d+(?:\.\d*)?|\.\d+)::([^]*)$/.exec(line) ?? [];
  return { weight: Number(weight), value: parseTemplate(text) };
}

/** Lines of one list, or of all lists whose name fits a pattern with `*`: `colours*`, `artists/**`. Case does not count. */
export function linesOf(lists: Lists, name: string): readonly string[] {
  const wanted = listKey(name);
  const names = Object.keys(lists).filter((known) => fits(listKey(known), wanted));
  return names.sort().flatMap((known) => lists[known] ?? []);
}

/** Looks for the pieces between `*` from left to right, each as soon as it comes: a pattern of a prompt may have any length. */
function fits(key: string, wanted: string): boolean {
  const [start = '', ...pieces] = wanted.split('*');
  const end = pieces.pop();
  if (end === undefined) return key === wanted;
  if (!key.startsWith(start) || !key.endsWith(end) || key.length < start.length + end.length) return false;
  let at = start.length;
  for (const piece of pieces) {
    const found = key.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= key.length - end.length;
}

const listKey = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\\/]+/g, '/')
    .replace(/^\/|\/$/g, '');
