/** Settings in notations of people and tools that are no JSON: rows of a table, a query, a call of Python, YAML and TOML. */
import { canonicalKey, plainKey } from '../../recipe/infotext/key-names';
import { decodeText } from '../../recipe/links/link-text';
import type { Bag } from '../json-pairs';

const MOST_LETTERS = 20_000;
const MOST_LINES = 400;
const LEAST_KEYS = 2;

/** Undefined where the text is in none of them, or has no prompt and settings beside it. */
export function readNotation(text: string): Bag | undefined {
  if (text.length > MOST_LETTERS || !/prompt/i.test(text)) return undefined;
  for (const read of [readMarkdown, readCsv, readQuery, readCall, readYaml]) {
    const pairs = read(text);
    if (pairs && isRecipe(pairs)) return Object.fromEntries(pairs);
  }
  return undefined;
}

type Pairs = [key: string, value: unknown][];

function isRecipe(pairs: Pairs): boolean {
  const hasPrompt = pairs.some(([key, value]) => /^(positive )?prompts?$/.test(plainKey(key)) && value !== '');
  const known = pairs.filter(([key]) => canonicalKey(key) !== undefined || /^(width|height)$/i.test(key));
  return hasPrompt && known.length >= LEAST_KEYS;
}

/** A column of names and one of values, or a row of names above one of values. */
function readMarkdown(text: string): Pairs | undefined {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trim());
  if (lines.length < 2 || lines.length > MOST_LINES || !lines.every((line) => /^\|.*\|$/.test(line))) return undefined;
  const rows = lines
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) =>
          cell
            .trim()
            .replace(/^\*\*(.*)\*\*$/, '$1')
            .replace(/\\\|/g, '|'),
        ),
    );
  if (rows.every((row) => row.length === 2)) return rows.map(([key, value]) => [key, value]);
  const [names, values] = rows;
  return rows.length === 2 && names.length === values.length ? names.map((name, i) => [name, values[i]]) : undefined;
}

/** A list of names, then a row of values; further rows are further recipes. */
function readCsv(text: string): Pairs | undefined {
  const [head = '', ...rest] = text.trim().split('\n');
  if (head.length > 1000 || !/^"?[\w ]+"?(?:[,;\t]"?[\w ]+"?){2,}\s*$/.test(head) || rest.length === 0)
    return undefined;
  const mark = /[,;\t]/.exec(head)?.[0] ?? ',';
  const names = head.split(mark).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  const values = cellsOf(rest.join('\n'), mark, names.length);
  return values && names.map((name, i) => [name, values[i]]);
}

/** Cells of the first row; a quoted cell may have marks and breaks in it. */
function cellsOf(text: string, mark: string, count: number): string[] | undefined {
  const cells: string[] = [];
  let at = 0;
  while (cells.length < count) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(text.slice(at));
    const end = quoted
      ? at + quoted[0].length
      : Math.min(...[text.indexOf(mark, at), text.indexOf('\n', at), text.length].filter((i) => i >= 0));
    cells.push(quoted ? quoted[1].replaceAll('""', '"') : text.slice(at, end).trim());
    if (text[end] !== mark) break;
    at = end + 1;
  }
  return cells.length === count ? cells : undefined;
}

/** As a server's address has it, or alone. */
function readQuery(text: string): Pairs | undefined {
  const [, query] =
    /^(?:https?:\/\/[^\s?#]*\?)?((?:[\w.[\]-]+=[^&\s#]*&){2,}[\w.[\]-]+=[^&\s#]*)(?:#\S*)?$/.exec(text.trim()) ?? [];
  return query === undefined ? undefined : query.split('&').map(partOf);
}

function partOf(part: string): [key: string, value: string] {
  const at = part.indexOf('=');
  const [key, value] = [part.slice(0, at), part.slice(at + 1)].map((one) => decodeText(one) ?? one);
  return [key, value];
}

/** `pipe(prompt="a cat", num_inference_steps=30, generator=torch.manual_seed(7))` */
function readCall(text: string): Pairs | undefined {
  if (!/\w\(/.test(text) || !/\bprompt\s*=\s*[fr]?["']/.test(text)) return undefined;
  const pairs: Pairs = [
    ...text.matchAll(/\b(\w+)\s*=\s*(?:[fr]?("""|'''|"|')([^]*?)(?<!\\)\2|(-?\d[\d.]*)(?=\s*[,)\n]))/g),
  ].map(([, key, , words, number]) => [key, words ?? Number(number)]);
  const [, seed] = /manual_seed\(\s*(\d+)\s*\)/.exec(text) ?? [];
  return seed === undefined || pairs.some(([key]) => key === 'seed') ? pairs : [...pairs, ['seed', seed]];
}

const YAML_LINE = /^([ \t]*)(?:- )?([A-Za-z_][\w-]*)[ \t]*[:=][ \t]*(.*)$/;
/** Plain lines "key: value" are read as pages are; quotes, blocks and lists are of these notations alone. */
const OF_YAML =
  /^[ \t]*[A-Za-z_][\w-]*[ \t]*(?::[ \t]*[|>][+-]?[ \t]*$|[:=][ \t]*["'].*["'][ \t]*$)|^[ \t]+- [^\n:]+$/m;

/** Keys of people have spaces in them. */
const OF_PEOPLE = /^[ \t]*(?:- )?[A-Za-z]+ [A-Za-z ]+:/m;

/** Keys at any depth; of a list the first value. */
function readYaml(text: string): Pairs | undefined {
  const lines = text.split(/\r?\n/);
  if (
    lines.length > MOST_LINES ||
    !/^[ \t]*(?:- )?(?:positive_)?prompts?[ \t]*[:=]/im.test(text) ||
    !OF_YAML.test(text) ||
    OF_PEOPLE.test(text)
  )
    return undefined;
  const pairs: Pairs = [];
  for (let i = 0; i < lines.length; i++) {
    const [, indent, key, value = ''] = YAML_LINE.exec(lines[i]) ?? [];
    if (key === undefined) continue;
    const block = blockBelow(lines.slice(i + 1), indent.length);
    const isBlock = /^[|>][+-]?\s*$/.test(value);
    const first = block[0]?.trim().replace(/^- /, '');
    if (isBlock)
      pairs.push([
        key,
        block
          .map((line) => line.trim())
          .join(value.startsWith('|') ? '\n' : ' ')
          .trim(),
      ]);
    else if (value !== '') pairs.push([key, unquoted(value)]);
    else if (block[0]?.trim().startsWith('- ') && !YAML_LINE.test(first ?? ''))
      pairs.push([key, unquoted(first ?? '')]);
    if (isBlock) i += block.length;
  }
  return pairs;
}

/** The lines that stand further in. */
function blockBelow(lines: readonly string[], indent: number): string[] {
  const end = lines.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent);
  return lines.slice(0, end < 0 ? lines.length : end);
}

const unquoted = (value: string): string =>
  /^\s*(["'])([^]*)\1\s*(?:#.*)?$/.exec(value)?.[2] ?? value.replace(/\s+#.*$/, '').trim();
