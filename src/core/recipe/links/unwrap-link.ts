/**
 * Links that mail filters and searching sites wrote anew in ways of their own, undone: what is only escaped, `findLink` reads.
 *
 * @see Proofpoint, "URL Defense decoder": versions 2 and 3
 */
import { fromBase64 } from '../../bytes/base64';
import { decodeUtf8 } from '../../bytes/text-bytes';
import { decodeText } from './link-text';

/** Filters stand behind filters. */
const MOST_LAYERS = 3;
/** Links of one text that are undone. */
const MOST_LINKS = 8;
/** Longer ones are not ours. */
const MOST_LETTERS = 200_000;

const DEFENSE = /urldefense(?:\.|%2E)(?:proofpoint(?:\.|%2E))?(?:com|us)(?:\/|%2F)v[23](?:\/|%2F)/i;
/** "https://…" in base64, after at most two letters of the site's own. */
const HIDDEN = /(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9]{2})?(aHR0c[A-Za-z0-9+/_-]{20,})=*/g;

/** The text with such links as they were; the text itself where there are none. */
export function unwrapLinks(text: string): string {
  if (text.length > MOST_LETTERS) return text;
  let plain = text;
  for (let i = 0; i < MOST_LAYERS && DEFENSE.test(plain); i++) plain = withoutDefense(plain);
  return withoutBase64(plain);
}

/** A filter's link may stand escaped in another's. */
function withoutDefense(text: string): string {
  const undone = second(third(text));
  if (undone !== text) return undone;
  let tries = MOST_LINKS;
  return text.replace(/[^\s<>"]+/g, (word) =>
    DEFENSE.test(word) && tries-- > 0 ? (decodeText(word.replaceAll('+', '%2B')) ?? word) : word,
  );
}

/** Own parameters of the filter stand behind the link. */
const SECOND =
  /https?:\/\/urldefense\.(?:proofpoint\.)?(?:com|us)\/v2\/url\?u=([\w.-]+)(?:&(?:amp;)?[\w-]+=[\w.%-]*)*/gi;

/** "-2F" for an escape, "_" for "/". */
const second = (text: string): string =>
  text.replace(SECOND, (whole, url: string) => decodeText(url.replaceAll('-', '%').replaceAll('_', '/')) ?? whole);

const RUNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const START = /https?:\/\/urldefense\.(?:com|us)\/v3\/__/gi;
const END = /__;([\w-]*)!/g;

/** "*" stands for a sign, "**A" for two, "**B" for three; the signs stand behind the link, in base64. */
function third(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let tries = MOST_LINKS;
  START.lastIndex = 0;
  for (let start = START.exec(text); start && tries-- > 0; start = START.exec(text)) {
    END.lastIndex = START.lastIndex;
    const end = END.exec(text);
    const bytes = end ? fromBase64(ofUrl(end[1])) : undefined;
    const signs = bytes ? decodeUtf8(bytes) : undefined;
    if (!end || signs === undefined) break;
    parts.push(text.slice(from, start.index), filled(text.slice(START.lastIndex, end.index), signs));
    from = end.index + end[0].length + (/^[^\s<>"$]*\$?/.exec(text.slice(end.index + end[0].length))?.[0].length ?? 0);
    START.lastIndex = from;
  }
  return [...parts, text.slice(from)].join('');
}

function filled(url: string, signs: string): string {
  const letters = [...signs];
  let at = 0;
  return url
    .replace(/\*(?:\*([\w-]))?/g, (_, run: string | undefined) => {
      const count = run === undefined ? 1 : RUNS.indexOf(run) + 2;
      return letters.slice(at, (at += count)).join('');
    })
    .replace(/^(https?:\/)(?=[^/])/i, '$1/');
}

const ofUrl = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

function withoutBase64(text: string): string {
  let tries = MOST_LINKS;
  return text.replace(HIDDEN, (whole, letters: string) => {
    const bytes =
      tries-- > 0
        ? fromBase64(ofUrl(letters).slice(0, letters.length - (letters.length % 4 === 1 ? 1 : 0)))
        : undefined;
    return (bytes && decodeUtf8(bytes)) ?? whole;
  });
}
