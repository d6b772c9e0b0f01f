/** A share link inside whatever a message made of it: sentences, brackets, broken lines, escapes on escapes. */
import { decodeText } from './link-text';
import { LINK_KEYS } from './link-keys';

const LINK_WORDS = ['v', 't', 'i', ...LINK_KEYS.map(({ key }) => key)];
const KEY = `(?:${LINK_WORDS.join('|')})`;
/** `#`, as it is or escaped, before a known key. */
const START = new RegExp(`(?:#[!/]{0,2}|%(?:25)*23|&#35;|&num;|\\\\u0023)(?=${KEY}(?:=|%(?:25)*3D|\\\\u003d))`, 'gi');
const MOST_STARTS = 16;
/** What follows a link's own last part is not its own. */
const END = /^[^]*?&v=\d+(?![^\s&]*=)/;
/** A link has nothing beyond ASCII: what is not seen, pages put in so that long words break. */
const NEVER_OURS = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
/** Longer ones are not ours. */
const MOST_LETTERS = 200_000;

/** Finds a link in a text, from its `#` on, cleaned; undefined where there is none. */
export function findLink(text: string): string | undefined {
  if (text.length > MOST_LETTERS) return undefined;
  let tries = MOST_STARTS;
  for (const { 0: mark, index } of text.matchAll(START)) {
    if (tries-- === 0) return undefined;
    const isWhole = index === 0;
    const rest = text.slice(index + mark.length).replace(NEVER_OURS, '');
    // Markdown's escapes: a link has no backslash of its own.
    const hash = cut(unescape(rest.replace(/\\([\\#&=()_*+.!~-])/g, '$1')));
    if (isWhole || isLikely(hash)) return `#${hash}`;
  }
  return undefined;
}

/** Words have a "#s=3" by chance, not two keys or a version. */
function isLikely(hash: string): boolean {
  const keys = hash.split('&').map((part) => part.slice(0, part.indexOf('=')));
  return keys.includes('v') || keys.filter((key) => LINK_WORDS.includes(key)).length > 1;
}

const FULLY_ESCAPED = new RegExp(`^${KEY}%(?:25)*3D`, 'i');
const MOST_LAYERS = 4;

/** Layers that mail, HTML, JSON and redirecting sites put around it. */
function unescape(text: string): string {
  let hash = text
    .replace(/\\u003d/gi, '=')
    .replace(/&(?:amp|#38|#x26);(?:amp;)*/gi, '&')
    .replace(/\\u0026/gi, '&');
  // Quoted-printable: "=" as "=3D", a line break after a lone "=".
  if (/^\w+=3D/.test(hash)) hash = hash.replace(/=\r?\n/g, '').replaceAll('=3D', '=');
  for (let i = 0; i < MOST_LAYERS && FULLY_ESCAPED.test(hash); i++)
    hash = decodeLayer(/^[^\s&<>"]*/.exec(hash)?.[0] ?? '');
  const body = END.exec(hash)?.[0] ?? hash;
  const isDouble = /%25[0-9A-F]{2}/i.test(body) && !/%(?!25[0-9A-F]{2})/i.test(body);
  return isDouble ? hash.replace(/%25([0-9A-F]{2})/gi, '%$1') : hash;
}

/** `+` stays: it belongs to the link inside. */
function decodeLayer(text: string): string {
  return decodeText(text.replaceAll('+', '%2B')) ?? '';
}

/** Up to its version, over broken lines; without one, up to what no link holds. */
function cut(text: string): string {
  const [first] = /^[^\s<>"`[\]{}|\\^…]*/.exec(text) ?? [''];
  const [ended] = END.exec(first) ?? [];
  if (ended !== undefined) return ended;
  const [over] = END.exec(text) ?? [];
  if (over !== undefined && isOneLink(over)) return over.replace(/[ \t]*\r?\n[>\s]*/g, '');
  return first.replace(/[.,;:!?'*)]+$/, '');
}

/** Broken lines are full of what links are made of, and have no words beside. */
function isOneLink(text: string): boolean {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^[>\s]+/, '').trim());
  return lines.length === 1
    ? new RegExp(`&${KEY}=`).test(text)
    : lines.every((line) => line !== '' && !/\s/.test(line));
}
