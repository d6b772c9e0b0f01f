/** Keys and values as tools of the shell send them, and as PHP and Ruby write them. */
import { firstOf, type Pairs } from './pairs';

const VALUE = String.raw`"((?:\\[^]|[^"\\])*)"|'((?:\\[^]|[^'\\])*)'`;
/** `'steps' => 24`. */
const ARROW = new RegExp(
  String.raw`(?:["']([\w ]{1,40})["']|(?<![\w$]):([a-z]\w{0,40}))[ \t]*=>[ \t]*(?:${VALUE}|(-?\d[\d.]*|true|false))`,
  'g',
);
/** `-F "steps=24"`, `-F steps="24"`, `--data-urlencode 'steps=24'`. */
const FORM = new RegExp(
  String.raw`\s(?:-F|--form(?:-string)?|-d|--data(?:-urlencode|-raw)?)[ \t]+(?:"(\w{1,40})=((?:\\[^]|[^"\\])*)"|'(\w{1,40})=([^']*)'|(\w{1,40})=(?:${VALUE}|([^\s"'\\]+)))`,
  'g',
);
/** HTTPie: `prompt="a cat" steps:=24`. */
const HTTPIE = new RegExp(String.raw`(?<=\s)(\w{1,40}):?=(?:${VALUE}|([^\s"']+))`, 'g');
const MOST_LETTERS = 20_000;

const plain = (value: string): string => value.replace(/\\(["'\\$])/g, '$1');

/** Undefined where the text has none of them. */
export function readFields(text: string): Pairs | undefined {
  if (text.length > MOST_LETTERS) return undefined;
  const pattern = /=>/.test(text)
    ? ARROW
    : /\bcurl\b/.test(text)
      ? FORM
      : /^\s*\$? ?https?\s/.test(text)
        ? HTTPIE
        : undefined;
  if (!pattern) return undefined;
  const all: Pairs = [...text.matchAll(pattern)].map((match) => {
    const [key, value = ''] = match.slice(1).filter((part) => part !== undefined);
    return [key, plain(value)];
  });
  return all.length > 0 ? firstOf(all) : undefined;
}
