/** Settings as elements or attributes of XML: `<prompt>a cat</prompt><steps>20</steps>`, `<image prompt="a cat" steps="20"/>`. */
import { decodeEntities } from './html';
import type { Pairs } from './pairs';

const ELEMENT = /<([A-Za-z][\w.-]{0,60})(?:\s[^<>]{0,400})?>(?:<!\[CDATA\[([^]*?)\]\]>|([^<]*))<\/\1\s*>/g;
const ATTRIBUTE = /\s([A-Za-z][\w.-]{0,60})\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const START = /^\s*<(?:\?xml\s|!--|[A-Za-z][\w.-]{0,60}[\s>])/;

/** Each key once: what comes again is of another picture. */
export function readXmlPairs(text: string): Pairs | undefined {
  if (!START.test(text) || !/>\s*$/.test(text)) return undefined;
  const pairs: Pairs = [];
  const add = (key: string, value: string) => {
    if (!pairs.some(([known]) => known === key)) pairs.push([key, decodeEntities(value).trim()]);
  };
  for (const [, key, data, words] of text.matchAll(ELEMENT)) add(key, data ?? words);
  for (const [tag] of text.matchAll(/<[A-Za-z][^<>]*>/g))
    for (const [, key, double, single] of tag.matchAll(ATTRIBUTE)) add(key, double ?? single);
  return pairs.length > 0 ? pairs : undefined;
}
