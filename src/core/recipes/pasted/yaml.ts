/** YAML and TOML, as people and trainers keep settings in them: pairs at any depth, quotes, blocks, lists. */
import { parseJson } from '../../recipe/json-end';
import { FIRST_TAKEN, isPromptKey, type Pairs } from './pairs';
import { labelOf } from './words-of-labels';

const MOST_LINES = 400;
/** TOML has quotes around keys with spaces. */
const LINE = /^([ \t]*)(- +)?(?:([A-Za-z_][\w-]*)|"([A-Za-z_][\w .-]{0,60})")[ \t]*[:=][ \t]*(.*)$/;
/** Nothing, as messengers send it too, a comment, the start of a document, a table of TOML. */
const isIdle = (line: string): boolean =>
  /^(?:#.*|---|\[{1,2}[\w.-]+\]{1,2})?$/.test(line.replace(/[\u200b-\u200f\ufeff]/g, '').trim());
const BLOCK = /^[|>][+-]?\s*$/;
/** Plain lines "key: value" are read as pages are; quotes, blocks and lists are of these notations alone. */
const OF_YAML =
  /^[ \t]*(?:- )?[A-Za-z_][\w-]*[ \t]*(?::[ \t]*[|>][+-]?[ \t]*$|[:=][ \t]*["'].*["'][ \t]*$)|^[ \t]+- [^\n:]+$/m;
/** Keys of people have spaces in them. */
const OF_PEOPLE = /^[ \t]*(?:- )?[A-Za-z]+ [A-Za-z ]+:/m;
const HAS_PROMPT = /^[ \t]*(?:- +)?(?:positive_)?prompts?[ \t]*[:=]/im;

interface Place {
  lines: readonly string[];
  at: number;
}

/** A list gives its first value. Undefined where any line is none of these notations: then the text is read as people write. */
export function readYaml(text: string): Pairs | undefined {
  const { own, isCard } = frontMatter(text);
  const lines = own.split(/\r?\n/);
  if (lines.length > MOST_LINES || !HAS_PROMPT.test(own)) return undefined;
  if (!isCard && (!OF_YAML.test(own) || OF_PEOPLE.test(own))) return undefined;
  const pairs: Pairs = [];
  const items = new Set<number>();
  for (let at = 0; at < lines.length; at++) {
    if (isIdle(lines[at])) continue;
    const [, indent, dash, bare, quoted, value = ''] = LINE.exec(lines[at]) ?? [];
    const key = bare ?? quoted;
    if (key === undefined) return undefined;
    const item = dash === undefined ? [] : [lines[at], ...blockBelow({ lines, at }, indent.length)];
    if (items.has(indent.length) && isNextOf(pairs, item)) {
      pairs.notes = [FIRST_TAKEN];
      at += item.length - 1;
      continue;
    }
    if (dash !== undefined) items.add(indent.length);
    const block = blockBelow({ lines, at }, indent.length + (dash ?? '').length);
    const read = valueOf(value, block);
    if (read === undefined) return undefined;
    if (read.list.length > 1 && isPromptKey(key)) pairs.notes = [FIRST_TAKEN];
    if (read.list.length > 0) pairs.push([key, read.list[0]]);
    at += read.used;
  }
  return pairs;
}

/** What pages of Markdown have above their words. */
function frontMatter(text: string): { own: string; isCard: boolean } {
  const [, head] = /^---[ \t]*\r?\n([^]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text) ?? [];
  const widget = head === undefined && !text.startsWith('widget:') ? undefined : ofWidget(head ?? text);
  return { own: widget ?? head ?? text, isCard: widget !== undefined };
}

/** A model's card: pictures with their prompts and settings, and the model that they were painted with. */
function ofWidget(head: string): string | undefined {
  const [, widget] = /^widget:[ \t]*\r?\n((?:[ \t-][^\n]*(?:\n|$)|\r?\n)+)/m.exec(head) ?? [];
  if (widget === undefined) return undefined;
  const [model = ''] = /^base_model:[ \t]*\S[^\n]*$/m.exec(head) ?? [];
  return `${widget.replace(/^([ \t]*-[ \t]+|[ \t]+)text:/gm, '$1prompt:').trimEnd()}\n${model}`;
}

/** The next of a list of recipes: its settings are not the first's. Each of a list of pairs says something else. */
function isNextOf(pairs: Pairs, item: readonly string[]): boolean {
  const known = new Set(pairs.map(([key]) => key));
  const hasPrompt = pairs.some(([key]) => isPromptKey(key));
  const keyIn = (line: string) =>
    LINE.exec(line)
      ?.slice(3, 5)
      .find((key) => key !== undefined) ?? '';
  return hasPrompt && item.some((line) => known.has(keyIn(line)));
}

/** One value or a list, and how many of the lines below belong to it; undefined where it is none. */
function valueOf(value: string, block: readonly string[]): { list: string[]; used: number } | undefined {
  if (BLOCK.test(value)) return { list: [joined(value, block)], used: block.length };
  const own = block.filter((line) => !isIdle(line)).map((line) => line.trim());
  if (value === '' || value.startsWith('#')) {
    const isList = own.length > 0 && own.every((line) => line.startsWith('- ') && !LINE.test(line));
    if (!isList) return { list: [], used: 0 };
    return wholeList(
      own.map((line) => scalar(line.slice(2).trim())),
      block.length,
    );
  }
  // A text in quotes may go on below; other values do not.
  if (own.length > 0)
    return /^["']/.test(value) ? wholeList([scalar([value, ...own].join(' '))], block.length) : undefined;
  const inLine = /^\[.*\]$/.test(value) ? parseJson(value) : undefined;
  if (Array.isArray(inLine)) return { list: inLine.map(String), used: 0 };
  return wholeList([scalar(value)], 0);
}

function wholeList(list: readonly (string | undefined)[], used: number): { list: string[]; used: number } | undefined {
  const whole = list.filter((one) => one !== undefined);
  return whole.length === list.length ? { list: whole, used } : undefined;
}

const joined = (mark: string, block: readonly string[]): string =>
  block
    .map((line) => line.trim())
    .join(mark.startsWith('|') ? '\n' : ' ')
    .trim();

/** The lines that stand further in than the one at `at`. */
function blockBelow({ lines, at }: Place, indent: number): readonly string[] {
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent);
  return end < 0 ? below : below.slice(0, end);
}

/** Undefined where a quote is not closed on the line, or further pairs stand behind the value. */
function scalar(value: string): string | undefined {
  const [, double] = /^"((?:\\.|[^"\\])*)"\s*(?:#.*)?$/.exec(value) ?? [];
  if (double !== undefined) return double.replace(/\\(["\\])/g, '$1');
  const [, single] = /^'((?:''|[^'])*)'\s*(?:#.*)?$/.exec(value) ?? [];
  if (single !== undefined) return single.replaceAll("''", "'");
  return /^["']/.test(value) || hasFurtherPair(value) ? undefined : value.replace(/\s#.*$/, '').trim();
}

/** "20, Sampler: Euler a". A weight in brackets has no space behind its colon, and no known key before it. */
function hasFurtherPair(value: string): boolean {
  return [...value.matchAll(/,[ \t]*([A-Za-z_][\w -]{0,40})[:=]( ?)/g)].some(
    ([, word, space]) => space !== '' || labelOf(word.trim()) !== undefined,
  );
}
