/** XMP: properties in XML that any picture may carry. Read as far as texts go. @see ISO 16684-1; XMP Specification Part 3 */
import { decodeUtf16, decodeUtf8Leniently } from '../../bytes/text-bytes';

/** Most tags that are read; a damaged file has more. */
const MOST_TAGS = 50_000;
const MOST_BYTES = 8 * 2 ** 20;
/** Most comments and CDATA that are read. */
const MOST_SPECIAL = 200;
/** Deepest nesting that is read; pictures have some ten. Where each tag looks back at all that are open, time is this by tag. */
const MOST_DEPTH = 200;
/** A "<" ends whatever is left open: each place is looked at by few tags. */
const TAG =
  /<(!\[CDATA\[[^]*?\]\]>|!--[^]*?-->|\?[^<>]*>|[/]?[\p{L}_][^\s/<>]*)((?:\s+[^\s=<>/"']+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|<!\[CDATA\[([^]*?)\]\]>/gu;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** They hold properties, and are none. */
const STRUCTURE = /^(rdf|x|xml|xmlns)(:|$)/;

/** Texts by property, as written: `exif:UserComment`, `dc:description`. Of several of one name the first. */
export function readXmp(bytes: Uint8Array): Record<string, string> {
  const xml = decodeXml(bytes.subarray(0, MOST_BYTES));
  if (xml.split('<!').length > MOST_SPECIAL) return {};
  const found: Record<string, string> = {};
  const open: string[] = [];
  let from = 0;
  let tags = MOST_TAGS;
  const put = (name: string | undefined, text: string) => {
    const trimmed = text.trim();
    if (name !== undefined && trimmed !== '' && !Object.hasOwn(found, name)) found[name] = trimmed;
  };
  const owner = () => open.findLast((name) => !STRUCTURE.test(name));
  for (const { 0: whole, 1: name, 2: attributes, 3: slash, 4: data, index } of xml.matchAll(TAG)) {
    if (tags-- === 0 || open.length > MOST_DEPTH) break;
    const text = decodeEntities(xml.slice(from, index));
    put(owner(), text);
    from = index + whole.length;
    if (data !== undefined || name === undefined) put(owner(), data ?? '');
    else if (name.startsWith('/')) open.length = Math.max(0, open.lastIndexOf(name.slice(1)));
    else if (!/^[!?]/.test(name)) {
      for (const [, key, double, single] of attributes.matchAll(ATTRIBUTE))
        if (!STRUCTURE.test(key)) put(key, decodeEntities(double ?? single));
      if (slash === '') open.push(name);
    }
  }
  return found;
}

/** UTF-8 nearly always; the first bytes tell the rest. */
function decodeXml(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes.subarray(2), false);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes.subarray(2), true);
  return decodeUtf8Leniently(bytes);
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(quot|apos|lt|gt|amp));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string) => {
      if (hex === undefined && decimal === undefined) return ENTITIES[name.toLowerCase()];
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
