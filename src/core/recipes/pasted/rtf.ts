/** The words of a document of a word processor (RTF), without its marks. @see Microsoft, Rich Text Format Specification 1.9.1 */
import { decodeWindows } from '../../bytes/text-bytes';

/** Groups that hold no words of the document. */
const HIDDEN: ReadonlySet<string> = new Set(
  'fonttbl,colortbl,stylesheet,info,pict,header,footer,listtable,listoverridetable,rsidtbl,generator,themedata,datastore,object,fldinst'.split(
    ',',
  ),
);
const BREAKS: ReadonlySet<string> = new Set(['par', 'line', 'sect', 'page', 'row']);
const SIGNS: Readonly<Record<string, string>> = {
  tab: '\t',
  cell: '\t',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  endash: '–',
  emdash: '—',
  bullet: '•',
};
const MOST_LETTERS = 1_000_000;
/** A word of control and its number, a letter by its byte, a sign, a bracket, or text. */
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)/gi;

interface Group {
  isHidden: boolean;
  /** Letters that stand behind one of Unicode for programs that do not know it. */
  skipped: number;
}

/** Undefined where the text is no such document. */
export function textOfRtf(text: string): string | undefined {
  if (!text.startsWith('{\\rtf') || text.length > MOST_LETTERS) return undefined;
  const groups: Group[] = [{ isHidden: false, skipped: 1 }];
  const words: string[] = [];
  let skip = 0;
  const put = (piece: string): void => {
    if (groups[groups.length - 1].isHidden) return;
    words.push(piece.slice(Math.min(skip, piece.length)));
    skip = Math.max(0, skip - piece.length);
  };
  for (const [, word, number, byte, sign, bracket, plain] of text.matchAll(TOKEN)) {
    const group = groups[groups.length - 1];
    if (bracket === '{') groups.push({ ...group });
    else if (bracket === '}') {
      if (groups.length > 1) groups.pop();
    } else if (word === 'uc') group.skipped = Number(number);
    else if (word === 'u') {
      put(String.fromCharCode(Number(number) & 0xffff));
      skip = group.skipped;
    } else if (word !== undefined) {
      if (HIDDEN.has(word)) group.isHidden = true;
      else if (BREAKS.has(word)) put('\n');
      else if (Object.hasOwn(SIGNS, word)) put(SIGNS[word]);
    } else if (byte !== undefined) put(decodeWindows(Uint8Array.of(parseInt(byte, 16))));
    else if (sign === '*') group.isHidden = true;
    else if (sign !== undefined) put(signOf(sign));
    else put(plain);
  }
  return words.join('').trim();
}

/** A break of a line, a space that keeps words together, or the sign itself. */
function signOf(sign: string): string {
  if (sign === '\n' || sign === '\r') return '\n';
  if (sign === '~') return ' ';
  return /[\\{}]/.test(sign) ? sign : '';
}
