/** The part of YAML that files of lists use: keys, lists of one line each, quotes, comments. No package is worth its bytes here. */
import { AppError } from '../errors';

export type Outline = { [key: string]: Outline } | (Outline | string)[] | string;

interface Line {
  indent: number;
  text: string;
  number: number;
}

/** @throws AppError 'bad-file' naming the line that is none of this */
export function readOutline(text: string): Outline {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((raw, i): Line => ({ indent: raw.search(/\S|$/), text: raw.trim(), number: i + 1 }))
    .filter(({ text: line }) => line !== '' && !line.startsWith('#') && line !== '---' && line !== '...');
  const reader = new Reader(lines);
  const outline = reader.block(0);
  reader.assertDone();
  return outline;
}

class Reader {
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  /** All from here on that is indented at least so far. */
  block(least: number): Outline {
    const first = this.#lines[this.#at];
    if (!first || first.indent < least) return '';
    return isItem(first) ? this.#items(first.indent) : this.#keys(first.indent);
  }

  assertDone(): void {
    const line = this.#lines[this.#at];
    if (line) throw new AppError('bad-file', `Line ${line.number} is not indented as what is above it: ${line.text}`);
  }

  #items(indent: number): string[] {
    const items: string[] = [];
    for (let line = this.#lines[this.#at]; line?.indent === indent && isItem(line); line = this.#lines[this.#at]) {
      this.#at += 1;
      const text = line.text.slice(1).trim();
      items.push(/^[|>][+-]?$/.test(text) ? this.#folded(indent) : plain(text));
    }
    return items.filter((item) => item !== '');
  }

  /** A text of several lines: as one. */
  #folded(indent: number): string {
    const parts: string[] = [];
    for (let line = this.#lines[this.#at]; line && line.indent > indent; line = this.#lines[this.#at]) {
      parts.push(line.text);
      this.#at += 1;
    }
    return parts.join(' ');
  }

  #keys(indent: number): { [key: string]: Outline } {
    const entries: [string, Outline][] = [];
    for (let line = this.#lines[this.#at]; line?.indent === indent; line = this.#lines[this.#at]) {
      const [, quoted, bare, rest = ''] = /^(?:["']([^"']+)["']|([^:]+?))\s*:(?:\s+(.*))?$/.exec(line.text) ?? [];
      const key = quoted ?? bare;
      if (key === undefined) throw new AppError('bad-file', `Line ${line.number} is no key and no item: ${line.text}`);
      this.#at += 1;
      const value = plain(rest);
      // Items may stand below their key without being indented.
      const next = this.#lines[this.#at];
      if (/^[|>][+-]?$/.test(value)) entries.push([key, [this.#folded(indent)]]);
      else if (/^\[.*\]$/.test(value)) entries.push([key, value.slice(1, -1).split(',').map(plain)]);
      else if (value === '' && next?.indent === indent && isItem(next)) entries.push([key, this.#items(indent)]);
      else entries.push([key, value === '' ? this.block(indent + 1) : [value]]);
    }
    return Object.fromEntries(entries);
  }
}

const isItem = ({ text }: Line): boolean => /^-(\s|$)/.test(text);

/** Without its quotes, or without what is said of it behind a `#`. */
function plain(text: string): string {
  const trimmed = text.trim();
  const [, double, single] = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')\s*(?:#.*)?$/.exec(trimmed) ?? [];
  if (double !== undefined) return double.replace(/\\(["\\])/g, '$1');
  if (single !== undefined) return single.replaceAll("''", "'");
  return trimmed.replace(/\s+#.*$/, '');
}
