/** Settings in notations of people and tools that are no JSON: rows of a table, a query, assignments; code, XML and YAML have files. */
import { canonicalKey } from '../../recipe/infotext/key-names';
import { decodeText } from '../../recipe/links/link-text';
import type { Note } from '../../recipe/infotext';
import type { Bag } from '../json-pairs';
import { readCall } from './code';
import { readFields } from './fields';
import { isCommonKey, isWholeNumber, isWholeSize } from './number-keys';
import { isPromptKey, type Pairs } from './pairs';
import { readXmlPairs } from './xml-pairs';
import { readYaml } from './yaml';

const MOST_LETTERS = 20_000;
const MOST_LINES = 400;
const LEAST_KEYS = 2;

export interface Notation {
  bag: Bag;
  notes: Note[];
}

/** Undefined where the text is in none of them, or has no prompt and settings beside it. */
export function readNotation(text: string): Notation | undefined {
  if (text.length > MOST_LETTERS || !/prompt|\bnum_inference_steps\b/i.test(text)) return undefined;
  for (const read of [
    readMarkdown,
    readCsv,
    readForm,
    readQuery,
    readFields,
    readCall,
    readAssignments,
    readXmlPairs,
    readYaml,
  ]) {
    const pairs = read(text);
    if (pairs && isRecipe(pairs)) return { bag: Object.fromEntries(pairs), notes: pairs.notes ?? [] };
  }
  return undefined;
}

/** A prompt and at least two settings, a number among them: people describe a "model" and a "size" in words. */
function isRecipe(pairs: Pairs): boolean {
  const known = pairs.filter(([key]) => keyOf(key) !== undefined);
  const hasNumber = known.some(([key, value]) => isCommonKey(keyOf(key) ?? '') && isNumber(value));
  return pairs.some(([key, value]) => isPromptKey(key) && value !== '') && known.length >= LEAST_KEYS && hasNumber;
}

const keyOf = (key: string): string | undefined =>
  /^(?:width|height)$/i.test(key) ? key.toLowerCase() : canonicalKey(key);

const isNumber = (value: unknown): boolean => isWholeNumber(String(value)) || isWholeSize(String(value));

/** A column of names and one of values, or a row of names above one of values. */
function readMarkdown(text: string): Pairs | undefined {
  const lines = withEdges(
    text
      .trim()
      .split('\n')
      .map((line) => line.trim().replace(/[│┃║]/g, '|')),
  );
  if (lines.length < 2 || lines.length > MOST_LINES || !lines.every((line) => /^\|.*\|$/.test(line))) return undefined;
  const rows = withoutHead(lines)
    .filter((line) => !isRule(line))
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
  if (rows.length < 2 || rows.some((row) => row.length !== names.length)) return undefined;
  const pairs: Pairs = names.map((name, i) => [name, values[i]]);
  if (rows.length > 2) pairs.notes = [FIRST_ROW];
  return pairs;
}

/** Lines of a table that is drawn, and those between its head and the rest. */
const isRule = (line: string): boolean => /^[|\s:+=─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╭╮╯╰┏┳┓┣╋┫┗┻┛╪╞╡-]+$/.test(line);

/** Rules of drawn tables go, and rows without bars at their ends get them. */
function withEdges(lines: readonly string[]): string[] {
  const rows = lines.filter((line) => line !== '' && (/^\|/.test(line) || !isRule(line)));
  const isOpen = lines.some(isRule) && rows.every((line) => !/^\||\|$/.test(line) && line.includes('|'));
  return isOpen ? rows.map((line) => `| ${line} |`) : rows;
}

/** "Setting | Value" above a rule. */
function withoutHead(lines: readonly string[]): readonly string[] {
  const isHead = isRule(lines[1]) && /^\|[^|]*\|\s*(?:values?|wert|値|值)\s*\|$/i.test(lines[0]);
  return isHead ? lines.slice(2) : lines;
}

/** A list of names, then a row of values; further rows are further recipes. */
function readCsv(text: string): Pairs | undefined {
  const [head = '', ...rest] = text.trim().split('\n');
  if (head.length > 1000 || !/^"?[\w ]+"?(?:[,;\t]"?[\w ]+"?){2,}\s*$/.test(head) || rest.length === 0)
    return undefined;
  const mark = /[,;\t]/.exec(head)?.[0] ?? ',';
  const names = head.split(mark).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  const row = cellsOf(rest.join('\n'), mark, names.length);
  if (!row) return undefined;
  // Where commas are for fractions, something else parts the cells.
  const values = row.cells.map((value) => (mark === ',' ? value : value.replace(/^(-?\d+),(\d+)$/, '$1.$2')));
  const pairs: Pairs = names.map((name, i) => [name, values[i]]);
  if (/^\s*\n/.test(row.rest) && cellsOf(row.rest.trim(), mark, names.length)) pairs.notes = [FIRST_ROW];
  return pairs;
}

const FIRST_ROW: Note = { key: 'Text', message: 'There are several rows in this table: the first is taken.' };

/** Cells of the first row; a quoted cell may have marks and breaks in it. */
function cellsOf(text: string, mark: string, count: number): { cells: string[]; rest: string } | undefined {
  const cells: string[] = [];
  let at = 0;
  while (cells.length < count) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(text.slice(at));
    const end = quoted
      ? at + quoted[0].length
      : Math.min(...[text.indexOf(mark, at), text.indexOf('\n', at), text.length].filter((i) => i >= 0));
    cells.push(quoted ? quoted[1].replaceAll('""', '"') : text.slice(at, end).trim());
    at = end;
    if (text[end] !== mark) break;
    at++;
  }
  return cells.length === count ? { cells, rest: text.slice(at) } : undefined;
}

/** A form as browsers send it. */
function readForm(text: string): Pairs | undefined {
  const fields = text.matchAll(/^Content-Disposition: form-data; name="([^"\n]{1,80})"[ \t]*\r?\n\r?\n([^\n]*)/gim);
  const pairs: Pairs = [...fields].map(([, key, value]) => [key, value.trim()]);
  return pairs.length > 0 ? pairs : undefined;
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

const ASSIGNMENT =
  /\s*(?:(?:export|set|let|const|var|local)[ \t]+|\$(?:env:)?)?([A-Za-z_]\w{0,40})[ \t]*=[ \t]*(?:"((?:\\[^]|[^"\\])*)"|'((?:\\[^]|[^'\\])*)'|([^\s,;"']+))[ \t]*(?:[,;\n]|$)/;

/** `steps=28, sampler=euler, prompt="a cat"`: nothing but such pairs, by commas and lines, each key once. */
function readAssignments(text: string): Pairs | undefined {
  const trimmed = withoutHashTable(text.trim());
  const pairs: Pairs = [];
  const next = new RegExp(ASSIGNMENT, 'y');
  for (let at = 0; at < trimmed.length; at = next.lastIndex) {
    const match = next.exec(trimmed);
    if (!match) return undefined;
    const [, key, double, single, bare] = match;
    if (pairs.some(([known]) => known === key)) return undefined;
    pairs.push([key, bare ?? (double ?? single).replace(/\\(["'\\])/g, '$1')]);
  }
  return pairs;
}

/** PowerShell's: `$body = @{ … } | ConvertTo-Json`. */
function withoutHashTable(text: string): string {
  const [, inner] = /^\$?[\w:]{1,60}[ \t]*=[ \t]*@\{([^{}]*)\}[^{}]{0,400}$/.exec(text) ?? [];
  return inner?.trim() ?? text;
}
