/** A1111's styles.csv, read and written. */
import { AppError } from '../errors';
import type { Style } from './styles';

/**
 * Takes a byte order mark, the header of old files (`name,text`) and columns in any order. Rows without a name, and those
 * whose name begins with `#` (dividers of A1111's list), are left out; of two with one name the later counts.
 *
 * @throws AppError 'bad-file' where the header has no name or no prompt
 */
export function parseStyles(csv: string): Style[] {
  const [header = [], ...rows] = parseCsv(csv.replace(/^\ufeff/, ''));
  const column = (name: string): number => header.indexOf(name);
  const name = column('name');
  const prompt = column('prompt') === -1 ? column('text') : column('prompt');
  if (name === -1 || prompt === -1)
    throw new AppError(
      'bad-file',
      `The styles file must begin with "name,prompt,negative_prompt", not "${header.join()}".`,
    );
  const styles = new Map<string, Style>();
  for (const row of rows) {
    const style = {
      name: row[name] ?? '',
      prompt: row[prompt] ?? '',
      negativePrompt: row[column('negative_prompt')] ?? '',
    };
    if (style.name !== '' && !style.name.startsWith('#')) styles.set(style.name, style);
  }
  return [...styles.values()];
}

/** Writes styles with a byte order mark and CRLF, as A1111 does. */
export function writeStyles(styles: readonly Style[]): string {
  const rows = styles.map(({ name, prompt, negativePrompt }) => [name, prompt, negativePrompt]);
  return (
    '\ufeff' + [['name', 'prompt', 'negative_prompt'], ...rows].map((row) => `${row.map(quoted).join()}\r\n`).join('')
  );
}

/** Quoted also where a reader that skips the blanks before a value would change it. */
function quoted(value: string): string {
  return /[",\r\n]|^\s/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** RFC 4180, with the blanks before a value skipped. A row of one empty value is an empty line, and left out. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const value = / *(?:"([^"]*(?:""[^"]*)*)"([^,\r\n]*)|(?![ "])([^,\r\n]*))(,|\r\n|\n|\r|$)/y;
  while (value.lastIndex < csv.length || row.length > 0) {
    const match = value.exec(csv);
    if (!match)
      throw new AppError('bad-file', `The styles file has an unclosed quotation mark in row ${rows.length + 1}.`);
    const [, quotedText, afterQuote, plain, end] = match;
    row.push(quotedText === undefined ? plain : quotedText.replaceAll('""', '"') + afterQuote);
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
