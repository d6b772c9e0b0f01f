/** Texts out of HTML: what a page shows, a line for each of its blocks. */
import { labelOf } from './words-of-labels';

/** Values in quotes may have ">" in them. */
const ATTRIBUTES = String.raw`(?:(?:[^<>"'\n]|"[^"\n]{0,2000}"|'[^'\n]{0,2000}'){0,400}|[^<>\n]{0,2000})`;

/** Cells of a row, terms of a list: a name, then its value. */
const CELLS = /<\/(?:t[dh]|dt)>\s{0,40}<(?:t[dh]|dd)\b[^<>\n]{0,200}>/gi;
const BLOCKS =
  'table|thead|tbody|p|div|li|ul|ol|tr|h[1-6]|dl|dt|dd|pre|textarea|blockquote|section|article|header|footer|main|details|summary|hr|figure|figcaption|body|html|head|title|form|label|option';
const BREAKS = new RegExp(`</?(?:br|${BLOCKS})\\b${ATTRIBUTES}>`, 'gi');
/** Without those that are lines of one text. */
const BLOCK = new RegExp(`</?(?:${BLOCKS})\\b${ATTRIBUTES}>`, 'i');
const INLINE = new RegExp(
  `</?(?:b|i|u|em|strong|span|td|th|code|font|small|a|img|button|input|svg|path|sup|sub|mark|kbd|samp|var|meta|link|time)\\b${ATTRIBUTES}>`,
  'gi',
);
/** Tags that only HTML has. */
const SURE_ENDS = /<\/(?:p|div|li|span|b|strong|td|h[1-6]|pre|code)>|<br ?\/?>/i;
const ENDS =
  /<\/(?:p|div|li|span|b|strong|td|h[1-6]|pre|code|dd|dt|dl|textarea|blockquote|details|summary|a|button|label)>|<br ?\/?>/i;

/**
 * Removes tags of HTML, but only where an element ends: "<lora:ink:0.8>" is none.
 *
 * @param isBold elements with names as words have them count, too ("<a>", "<label>"), and escapes are undone
 */
export function withoutTags(text: string, isBold = false): string {
  if (!(isBold ? ENDS : SURE_ENDS).test(text)) return text;
  return isBold ? decodeEntities(stripped(text)) : stripped(text);
}

function stripped(text: string): string {
  return text
    .replace(CELLS, '\t')
    .replace(BREAKS, '\n')
    .replace(INLINE, '')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

const PAGE = /^\s*(?:<!doctype html|<html[\s>]|<head[\s>]|<body[\s>])/i;
/** Longer pages are not read. */
const MOST_LETTERS = 2_000_000;
/** What is not shown, and what is shown on every page of a site. */
const UNSEEN = ['script', 'style', 'noscript', 'template', 'svg', 'title', 'nav', 'aside'];

/** What a whole page shows; undefined where the text is none. */
export function textOfPage(html: string): string | undefined {
  if (!PAGE.test(html) || html.length > MOST_LETTERS) return undefined;
  const seen = withoutComments(UNSEEN.reduce(withoutElements, html).replace(/<!doctype[^<>]*>/i, ''));
  return ofOneElement(seen) ?? belowItsLabel(stripped(seen));
}

const STEPS = /(?<![\p{L}\p{N}])steps[ \t]*[:：][ \t]*\d/iu;

/** All of a recipe in one paragraph or field, its lines parted by breaks. */
function ofOneElement(html: string): string | undefined {
  const blocks = html
    .replace(/<br\b[^<>\n]{0,40}>/gi, '\n')
    .split(BLOCK)
    .map(stripped);
  const own = blocks.find((block) => STEPS.test(block));
  return own?.includes('\n') && !/^steps\b/i.test(own) ? own : undefined;
}

/** Where the recipe has no element of its own, only a label tells its prompt from the words of the page. */
function belowItsLabel(text: string): string | undefined {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => labelOf(line.split(/[:：\t]/)[0].trim()) === 'prompt');
  // A heading has its words below.
  if (first >= 0)
    return lines
      .slice(first)
      .join('\n')
      .replace(/^negative prompt[ \t]*:?\n/gim, 'Negative prompt: ');
  // Nothing else is on it.
  const [prompt = '', next = ''] = lines;
  const isBare = /^negative prompt[ \t]*:/i.test(next) || /^steps[ \t]*:/i.test(next);
  return isBare && !/^(?:negative prompt|steps)[ \t]*:/i.test(prompt) ? text : undefined;
}

/** One place after the other: a pattern would look through the rest of the page for each beginning. */
function withoutElements(html: string, name: string): string {
  const [open, end] = [new RegExp(`<${name}\\b`, 'gi'), new RegExp(`</${name}\\b`, 'gi')];
  const parts: string[] = [];
  let from = 0;
  for (let start = placeFrom(open, html, 0); start >= 0; start = placeFrom(open, html, from)) {
    const last = placeFrom(end, html, start);
    const close = last < 0 ? -1 : html.indexOf('>', last);
    parts.push(html.slice(from, start));
    if (close < 0) return parts.join('');
    from = close + 1;
  }
  return [...parts, html.slice(from)].join('');
}

function placeFrom(pattern: RegExp, html: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(html)?.index ?? -1;
}

function withoutComments(html: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let start = html.indexOf('<!--'); start >= 0; start = html.indexOf('<!--', from)) {
    const end = html.indexOf('-->', start);
    parts.push(html.slice(from, start));
    if (end < 0) return parts.join('');
    from = end + 3;
  }
  return [...parts, html.slice(from)].join('');
}

const ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});/gi;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Undefined where something in the text is not escaped that HTML would have escaped. */
export function withoutEscapes(text: string): string | undefined {
  const plain = text.replace(ENTITY, '');
  return plain === text || /[&<>]/.test(plain) ? undefined : decodeEntities(text);
}

export function decodeEntities(text: string): string {
  return text.replace(ENTITY, (entity) => {
    const word = entity.slice(1, -1).toLowerCase();
    const code = word.startsWith('#x') ? parseInt(word.slice(2), 16) : Number(word.slice(1));
    if (Object.hasOwn(NAMED, word)) return NAMED[word];
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : entity;
  });
}
