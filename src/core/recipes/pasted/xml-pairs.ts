/** Settings as elements or attributes of XML: `<prompt>a cat</prompt><steps>20</steps>`, `<image prompt="a cat" steps="20"/>`. */
import { decodeEntities } from './html';
import { OF_A1111 } from './loose-lists';
import { FIRST_TAKEN, firstOf, isPromptKey, type Pairs } from './pairs';

const ELEMENT = /<([A-Za-z][\w.-]{0,60})(?:\s[^<>]{0,400})?>(?:<!\[CDATA\[([^]*?)\]\]>|([^<]*))<\/\1\s*>/g;
const ATTRIBUTE = /\s([A-Za-z][\w.-]{0,60})\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const START = /^\s*<(?:\?xml\s|!--|(?!(?:html|head|body|div|p|span|table|svg)\b)[A-Za-z][\w.-]{0,60}[\s>])/i;

interface Found {
  key: string;
  value: string;
  at: number;
}

/** The first recipe that has a prompt: where an element ends that holds others, or a key comes again, the next may begin. */
export function readXmlPairs(text: string): Pairs | undefined {
  if (!START.test(text) || !/>\s*$/.test(text) || OF_A1111.test(text)) return undefined;
  const ofList = readPlist(text);
  if (ofList) return ofList;
  const leaves = [...text.matchAll(ELEMENT)];
  const found: Found[] = leaves.map(({ 1: key, 2: data, 3: words, index }) => ({
    key,
    value: data ?? words,
    at: index,
  }));
  for (const { 0: tag, index } of text.matchAll(/<[A-Za-z][^<>]*>/g))
    for (const { 1: key, 2: double, 3: single, index: at } of tag.matchAll(ATTRIBUTE))
      found.push({ key, value: double ?? single, at: index + at });
  const isAlone = new Set(found.map(({ key }) => key)).size === found.length;
  const ends = new Set(leaves.map(({ 0: whole, index }) => index + whole.length));
  const closed = isAlone
    ? []
    : [...text.matchAll(/<\/[A-Za-z][\w.-]{0,60}\s*>/g)]
        .filter(({ 0: tag, index }) => !ends.has(index + tag.length))
        .map(({ index }) => index);
  const recipes = inGroups(
    found.toSorted((a, b) => a.at - b.at),
    closed,
  );
  const own = recipes.filter((pairs) => pairs.some(([key]) => isPromptKey(key)));
  if (own.length > 1) own[0].notes = [FIRST_TAKEN];
  return own[0];
}

const PLIST_PAIR = /<key>([^<]{1,80})<\/key>\s*<(string|integer|real)>([^<]*)<\/\2>/g;

/** A list of properties as Apple's programs write it: the name in one element, the value in the next. */
function readPlist(text: string): Pairs | undefined {
  if (!/<plist[\s>]/.test(text.slice(0, 400))) return undefined;
  const all: Pairs = [...text.matchAll(PLIST_PAIR)].map(([, key, , value]) => [key, decodeEntities(value).trim()]);
  return firstOf(all);
}

function inGroups(found: readonly Found[], closed: readonly number[]): Pairs[] {
  const groups: Pairs[] = [[]];
  let next = 0;
  for (const { key, value, at } of found) {
    const isClosed = next < closed.length && closed[next] < at;
    while (next < closed.length && closed[next] < at) next++;
    const last = groups[groups.length - 1];
    const pair: Pairs[number] = [key, decodeEntities(value).trim()];
    if (isClosed || last.some(([known]) => known === key)) groups.push([pair]);
    else last.push(pair);
  }
  return groups;
}
