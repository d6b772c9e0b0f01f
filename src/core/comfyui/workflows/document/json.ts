/** JSON as Python and ComfyUI write it, kept exactly: NaN, and whole numbers of 64 bits. */
import { AppError } from '../../../errors';
import { markPython } from '../../read-json';

/** `bigint`: a whole number that a double does not hold to the last digit, such as a seed of 64 bits. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json | undefined;
}

export type Bag = JsonObject;

/** No graph nests that deep; each level costs stack. */
const MOST_DEPTH = 512;

/** @throws AppError 'bad-file' where this is no JSON */
export function readJson(text: string): Json {
  const mark = freeMark(text);
  const marked = markPython(text.replace(/^\uFEFF/, ''), (token) => JSON.stringify(mark + token));
  let parsed: Json;
  try {
    parsed = JSON.parse(marked.text) as Json;
  } catch (cause) {
    throw new AppError(
      'bad-file',
      endsEarly(text) ? 'This JSON ends too early: the file is cut.' : 'This is no JSON.',
      {
        cause,
      },
    );
  }
  assertShallow(parsed);
  return marked.count === 0 ? parsed : unmark(parsed, mark);
}

/** Whether brackets or quotes are open at the end. */
function endsEarly(text: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (isQuoted && character === '\\') i++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '{' || character === '[')) depth++;
    else if (!isQuoted && (character === '}' || character === ']')) depth--;
  }
  return depth > 0 || isQuoted;
}

/** The same values as readJson gave; keys in their order. */
export function writeJson(value: Json, indent = 0): string {
  let count = 0;
  const write = (mark: string) =>
    JSON.stringify(
      value,
      (_, one: unknown) => {
        if (!needsMark(one)) return one;
        count++;
        return mark + String(one);
      },
      indent,
    );
  const plain = write('');
  if (count === 0) return plain;
  const mark = freeMark(plain);
  return write(mark).replace(new RegExp(`"${mark}(-?[0-9A-Za-z]+)"`, 'g'), '$1');
}

function needsMark(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value));
}

/** Nothing in the text begins so. */
function freeMark(text: string): string {
  let mark = '\uE000';
  while (text.includes(mark)) mark += '\uE000';
  return mark;
}

/** Checks how deep it is without recursion, so that a hostile file cannot end the stack. */
function assertShallow(root: Json): void {
  let level: (Json | undefined)[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_DEPTH) throw new AppError('bad-file', `This JSON nests deeper than ${MOST_DEPTH} levels.`);
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
}

function unmark(value: Json, mark: string): Json {
  if (typeof value === 'string') return value.startsWith(mark) ? toNumber(value.slice(mark.length)) : value;
  if (Array.isArray(value)) return value.map((one) => unmark(one, mark));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, one === undefined ? one : unmark(one, mark)]),
  );
}

function toNumber(token: string): Json {
  if (!/^-?\d+$/.test(token)) return Number(token);
  return String(Number(token)) === token ? Number(token) : BigInt(token);
}

export function asBag(value: Json | undefined): Bag | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

export function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Whatever the order of keys. NaN is the same as NaN. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [keysA, keysB] = [definedKeys(a), definedKeys(b)];
  if (keysA.length !== keysB.length) return false;
  return keysA.every((key) => isSameJson((a as Bag)[key], (b as Bag)[key]));
}

function definedKeys(value: object): string[] {
  return Object.keys(value).filter((key) => (value as Bag)[key] !== undefined);
}
