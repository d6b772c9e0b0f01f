/** Texts that stand in others as pages, XML, addresses and base64 have them, taken out. */
import { fromBase64 } from '../bytes/base64';
import { decodeUtf8, encodeUtf8 } from '../bytes/text-bytes';
import { readPictureText, readXmp } from '../image/metadata';
import { parseJson } from '../recipe/json-end';
import { decodeText } from '../recipe/links/link-text';
import { asBag } from './json-pairs';
import { decodeEntities, textOfPage } from './pasted/html';
import { textOfRtf } from './pasted/rtf';

export interface TextWithin {
  text: string;
  /** A picture held it, and nobody changed it on its way. */
  isFromPicture: boolean;
}

/** The likeliest first; empty where the text is none of these. */
export function textsWithin(text: string): TextWithin[] {
  const page = textOfPage(text) ?? textOfRtf(text);
  const found =
    page === undefined
      ? [...inXml(text), ...inSvg(text), ...inNotebook(text), ...inAddress(text), ...inBase64(text), ...inLetters(text)]
      : [{ text: page, isFromPicture: false }];
  // Each is shorter than what holds it, so that texts in texts come to an end.
  return found.filter(({ text: one }) => one.length < text.length && !one.startsWith('<'));
}

/** Most properties that are read; editors of photos write some hundreds. */
const MOST_PROPERTIES = 1000;
const XML = /^<\?xml|^<\?xpacket|^<(?:x:xmpmeta|rdf:RDF)[\s>]/i;

function inXml(text: string): TextWithin[] {
  if (!XML.test(text)) return [];
  return Object.values(readXmp(encodeUtf8(text)))
    .slice(0, MOST_PROPERTIES)
    .map((one) => ({ text: one, isFromPicture: true }));
}

const SVG_TEXT = /<(metadata|desc|title)\b[^<>]{0,400}>(?:\s{0,80}<!\[CDATA\[([^]{0,10000}?)\]\]>|([^<]*))/g;
/** Pictures may be embedded behind them. */
const HEAD_OF_SVG = 100_000;

/** What a drawing says of itself. */
function inSvg(text: string): TextWithin[] {
  if (!/^(?:<\?xml|<!|<svg[\s>])/i.test(text)) return [];
  const head = text.slice(0, HEAD_OF_SVG);
  if (!/<svg[\s>]/i.test(head)) return [];
  return [...head.matchAll(SVG_TEXT)].flatMap(([, , data, words]) => {
    const one = (data ?? decodeEntities(words)).trim();
    return one === '' ? [] : [{ text: one, isFromPicture: true }];
  });
}

const MOST_OF_NOTEBOOK = 2 ** 20;

/** Cells of code of a notebook (Jupyter). */
function inNotebook(text: string): TextWithin[] {
  if (text.length > MOST_OF_NOTEBOOK || !text.startsWith('{') || !/"nbformat"\s*:/.test(text)) return [];
  const cells = asBag(parseJson(text))?.['cells'];
  const own = (Array.isArray(cells) ? (cells as unknown[]) : [])
    .map(asBag)
    .filter((cell) => cell?.['cell_type'] === 'code');
  const lines = own.map((cell) =>
    Array.isArray(cell?.['source']) ? (cell['source'] as unknown[]).join('') : String(cell?.['source']),
  );
  return lines.length === 0 ? [] : [{ text: lines.join('\n'), isFromPicture: false }];
}

/** All of it as in an address: "a%20cat%0ASteps%3A%2018". */
function inAddress(text: string): TextWithin[] {
  if (/\s/.test(text) || !/%0A/i.test(text) || !/steps(?:%3A|:)/i.test(text)) return [];
  const plain = decodeText(text);
  return plain === undefined || plain === text ? [] : [{ text: plain, isFromPicture: false }];
}

/** How PNG, JPEG, WebP and GIF begin in base64. */
const PICTURE = /^(?:data:image\/[\w+.-]+;base64,)?(?=iVBORw0KGgo|\/9j\/|UklGR|R0lGOD)/;
const BASE64 = /^[A-Za-z0-9+/=\s]*$/;
const LEAST_LETTERS = 48;
const MOST_LETTERS = 64 * 2 ** 20;
/** Patterns keep a place for each letter that they may go back to, and have room for some millions. */
const SLICE = 2 ** 16;

/** The letters of a picture in base64, without what an address has before them. */
function lettersOfPicture(text: string): string | undefined {
  const [head] = text.length > MOST_LETTERS ? [] : (PICTURE.exec(text) ?? []);
  const letters = head === undefined ? '' : text.slice(head.length);
  if (letters.length < LEAST_LETTERS) return undefined;
  for (let from = 0; from < letters.length; from += SLICE)
    if (!BASE64.test(letters.slice(from, from + SLICE))) return undefined;
  return letters;
}

function inBase64(text: string): TextWithin[] {
  const letters = lettersOfPicture(text);
  const bytes = letters === undefined ? undefined : fromBase64(letters);
  if (!bytes) return [];
  const { comfyPrompt, infotext, texts } = readPictureText(bytes);
  return [comfyPrompt, infotext, ...Object.values(texts)].flatMap((one) =>
    one === undefined ? [] : [{ text: one, isFromPicture: true }],
  );
}

/** A text in base64, as addresses and stores keep JSON. */
function inLetters(text: string): TextWithin[] {
  if (text.length > MOST_OF_TEXT || !/^(?:data:[\w/+.;=-]{1,80},)?[\w+/-]{40,}={0,2}$/.test(text)) return [];
  const letters = text
    .replace(/^data:[^,]*,/, '')
    .replace(/-/g, '+')
    .replace(/_/g, '/');
  const bytes = fromBase64(letters.padEnd(Math.ceil(letters.length / 4) * 4, '='));
  const words = bytes && decodeUtf8(bytes);
  // eslint-disable-next-line no-control-regex -- bytes of a file are no text
  return words === undefined || /[\u0000-\u0008]/.test(words) ? [] : [{ text: words, isFromPicture: false }];
}
const MOST_OF_TEXT = 100_000;

/** A picture in base64, whether it holds a text or none. */
export const isPictureInBase64 = (text: string): boolean => lettersOfPicture(text) !== undefined;
