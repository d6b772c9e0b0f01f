/** Texts out of HTML: what a page shows, a line for each of its blocks. */

/** Cells of a row, terms of a list: a name, then its value. */
const CELLS = /<\/(?:t[dh]|dt)>\s{0,40}<(?:t[dh]|dd)\b[^<>\n]{0,200}>/gi;
const BREAKS =
  /<\/?(?:table|thead|tbody|p|div|br|li|ul|ol|tr|h[1-6]|dl|dt|dd|pre|textarea|blockquote|section|article|header|footer|main|details|summary|hr|figure|figcaption|body|html|head|title|form|label|option)\b[^<>\n]{0,400}>/gi;
const INLINE =
  /<\/?(?:b|i|u|em|strong|span|td|th|code|font|small|a|img|button|input|svg|path|sup|sub|mark|kbd|samp|var|meta|link|time)\b[^<>\n]{0,2000}>/gi;
/** Tags that only HTML has. */
const SURE_ENDS = /<\/(?:p|div|li|span|b|strong|td|h[1-6]|pre|code)>|<br ?\/?>/i;
const ENDS =
  /<\/(?:p|div|li|span|b|strong|td|h[1-6]|pre|code|dd|dt|dl|textarea|blockquote|details|summary|a|button|label)>|<br ?\/?>/i;

/**
 * Removes tags of HTML, but only where an element ends: "<lora:ink:0.8>" is none.
 *
 * @param isBold elements with names as words have them count, too: "<a>", "<label>"
 */
export function withoutTags(text: string, isBold = false): string {
  return (isBold ? ENDS : SURE_ENDS).test(text) ? stripped(text) : text;
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
const UNSEEN = ['script', 'style', 'noscript', 'template', 'svg'];

/** What a whole page shows; undefined where the text is none. */
export function textOfPage(html: string): string | undefined {
  if (!PAGE.test(html) || html.length > MOST_LETTERS) return undefined;
  const seen = UNSEEN.reduce(withoutElements, html).replace(/<!doctype[^<>]*>/i, '');
  return stripped(withoutComments(seen));
}

/** One place after the other: a pattern would look through the rest of the page for each beginning. */
function withoutElements(html: string, name: string): string {
  const lower = html.toLowerCase();
  const parts: string[] = [];
  let from = 0;
  for (let start = lower.indexOf(`<${name}`); start >= 0; start = lower.indexOf(`<${name}`, from)) {
    const end = lower.indexOf(`</${name}`, start);
    const close = end < 0 ? -1 : lower.indexOf('>', end);
    parts.push(html.slice(from, start));
    if (close < 0) return parts.join('');
    from = close + 1;
  }
  return [...parts, html.slice(from)].join('');
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
