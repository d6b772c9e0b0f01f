/** From a text in Dynamic Prompts' grammar to its parts. @see dynamicprompts 0.31, docs/SYNTAX.md */
import { AppError } from '../errors';
import { stripComments } from '../prompt/comments';

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'choice'; options: Option[]; from: number; to: number; separator: string; inTurn: boolean }
  | { kind: 'list'; name: Part[]; given: Readonly<Record<string, Part[]>>; inTurn: boolean }
  | { kind: 'set'; name: string; value: Part[]; isImmediate: boolean; keeps: boolean }
  | { kind: 'get'; name: string; otherwise: Part[] | undefined };

export interface Option {
  weight: number;
  value: Part[];
}

/** Deeper than anyone writes; the stack holds it. */
const DEEPEST = 64;

/** @throws AppError 'bad-request' in one sentence where a brace is left open */
export function parseTemplate(text: string): Part[] {
  return new Reader(stripComments(text)).parts('');
}

const BOUND = /(?:(\d+)\s*-\s*(\d+)|(\d+)\s*(-)|-\s*(\d+)|(\d+))\s*\$\$/y;
const SEPARATOR = /([^${}]+)\$\$/y;
const WEIGHT = /\s*(\d+(?:\.\d*)?|\.\d+)::/y;
const VARIABLE = /\$\{\s*([A-Za-z_-][A-Za-z0-9_-]*)\s*/y;
const LIST = /__([@~!]?)(?=\S)/y;

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to one of these characters, or a `__` where that is among them, or to the end. */
  parts(until: string): Part[] {
    if (++this.#depth > DEEPEST) throw new AppError('bad-request', `More than ${DEEPEST} braces lie in one another.`);
    const parts: Part[] = [];
    let text = '';
    const close = (): void => void (text !== '' && parts.push({ kind: 'text', text }), (text = ''));
    while (this.#at < this.#text.length && !this.#isAtEnd(until)) {
      const part = this.#part();
      if (part) close();
      if (part) parts.push(part);
      else text += this.#text.charAt(this.#at++);
    }
    close();
    this.#depth -= 1;
    return parts;
  }

  #isAtEnd(until: string): boolean {
    if (until.includes('_') && this.#text.startsWith('__', this.#at)) return true;
    return until.replace('_', '').includes(this.#text.charAt(this.#at));
  }

  #part(): Part | undefined {
    const here = this.#text.charAt(this.#at);
    if (here === '{') return this.#choice();
    if (here === '$') return this.#variable();
    return here === '_' ? this.#list() : undefined;
  }

  #choice(): Part {
    const began = this.#at;
    this.#at += 1;
    this.#match(/\s*/y);
    const inTurn = this.#method();
    const bound = this.#match(BOUND);
    const separator = bound ? this.#match(SEPARATOR)?.[1] : undefined;
    const options: Option[] = [];
    do {
      const [, weight = '1'] = this.#match(WEIGHT) ?? [];
      this.#match(/\s*/y);
      options.push({ weight: Number(weight), value: this.parts('|}') });
    } while (this.#take('|'));
    if (!this.#take('}'))
      throw new AppError('bad-request', `A brace is not closed: ${this.#text.slice(began, began + 60)}`);
    const [from, to] = range(bound, options.length);
    return { kind: 'choice', options, from, to, separator: separator ?? ',', inTurn };
  }

  #variable(): Part | undefined {
    const began = this.#at;
    const found = this.#match(VARIABLE);
    if (!found) return undefined;
    const [, name = ''] = found;
    let part: Part = { kind: 'get', name, otherwise: undefined };
    const set = this.#match(/(\??)=(!?)\s*/y);
    if (set) part = { kind: 'set', name, value: this.parts('}'), keeps: set[1] !== '', isImmediate: set[2] !== '' };
    else if (this.#match(/:\s*/y)) part = { kind: 'get', name, otherwise: this.parts('}') };
    if (this.#take('}')) return part;
    throw new AppError('bad-request', `A variable is not closed: ${this.#text.slice(began, began + 60)}`);
  }

  /** Where its end is missing it is text. */
  #list(): Part | undefined {
    const began = this.#at;
    const found = this.#match(LIST);
    if (!found) return undefined;
    const name = this.parts('_(|}#\n');
    const given = this.#match(/\(([^)\n]*)\)/y)?.[1] ?? '';
    if (name.length > 0 && this.#text.startsWith('__', this.#at)) {
      this.#at += 2;
      return { kind: 'list', name, given: readGiven(given), inTurn: found[1] !== '' && found[1] !== '~' };
    }
    this.#at = began;
    return undefined;
  }

  /** `@` and `!` go through the options in turn, `~` draws. */
  #method(): boolean {
    const [, method = ''] = this.#match(/([@!~]?)/y) ?? [];
    return method === '@' || method === '!';
  }

  #take(character: string): boolean {
    if (!this.#text.startsWith(character, this.#at)) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }
}

/** How many are drawn: `2`, `1-2`, `2-`, `-2`. */
function range(bound: RegExpExecArray | null, most: number): [from: number, to: number] {
  if (!bound) return [1, 1];
  const [, lower, upper, least, , atMost, exact] = bound;
  if (exact !== undefined) return [Number(exact), Number(exact)];
  const ends = [Number(lower ?? least ?? 1), Number(upper ?? atMost ?? most)];
  return [Math.min(...ends), Math.max(...ends)];
}

/** `season=winter, colour={red|blue}` of `__clothes(season=winter)__`. */
function readGiven(text: string): Record<string, Part[]> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), parseTemplate(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}
