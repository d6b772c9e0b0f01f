/** Labels with their values, a line each or the value on the line below: pages of Civitai, posts, tables, lists. */
import { trimSpace } from '../../prompt/characters';
import { KEYS } from '../../recipe/infotext/keys';
import { scanPairs } from '../../recipe/infotext/scan-pairs';
import { pairsOfResources, takeResources } from './resources';
import { isIdle, labelOf, type Label } from './words-of-labels';

const LEAST_KEYS = 3;
/** Most lines of a page that is read. */
const MOST_LINES = 2000;
const INLINE = /^([\p{L}][\p{L}\p{N} _/-]{1,40}?)[ \t]*(?:[:：]|\t)[ \t]*(.*)$/u;
/** "CFG scale: 6.5Steps: 24Sampler: Euler a": what stood in boxes of their own. */
const GLUED = new RegExp(
  `(?<=[\\p{L}\\p{N})\\]])(?=(?:${KEYS.map(({ key }) => key.replace('/', '\\/'))
    .sort((a, b) => b.length - a.length)
    .join('|')}):)`,
  'gu',
);

interface Part {
  /** A word that is no label here has a value too, which is none of the text's before. */
  label: Label | { other: string };
  lines: string[];
}

export interface Page {
  /** The same as an infotext. */
  text: string;
  /** Lines behind the settings that are none. */
  rest: string;
}

/**
 * Undefined where the text is no such page.
 *
 * @param options.hasLists  the settings may stand on one line below the headings, as A1111 writes them
 */
export function labelledPage(text: string, { hasLists = false } = {}): Page | undefined {
  const lines = text.split('\n').map(trimSpace);
  if (lines.length < 3 || lines.length > MOST_LINES) return undefined;
  const parts: Part[] = [];
  const before: string[] = [];
  const { rest, resources } = takeResources(lines);
  const list = hasLists ? rest.findIndex((line) => unlisted(line).length > 1) : -1;
  if (hasLists && !hasHeadings(rest.slice(0, Math.max(0, list)))) return undefined;
  const behind = list < 0 ? [] : rest.splice(list + 1).filter((line) => line !== '' && !isIdle(line));
  for (const line of rest.flatMap(unglued).flatMap((one) => (hasLists ? unlisted(one) : [one])))
    take(line, parts, before);
  const prompts = (label: Label) => parts.filter((part) => part.label === label).map(({ lines: own }) => joined(own));
  const pairs = parts.flatMap(({ label, lines: own }) =>
    typeof label === 'string' ? [] : pairOf('key' in label ? label.key : label.other, own),
  );
  const known = new Set(pairs.map(([key]) => key));
  if (known.size < LEAST_KEYS || !pairs.some(isCount)) return undefined;
  const prompt = prompts('prompt').find((found) => found !== '') ?? joined(before);
  const negative = prompts('negative').find((found) => found !== '') ?? '';
  const line = [...pairs, ...pairsOfResources(resources, known)].map(([key, value]) => `${key}: ${value}`).join(', ');
  const said = `${prompt}\n${negative === '' ? '' : `Negative prompt: ${negative}\n`}${line}`;
  return { text: said, rest: behind.join('\n') };
}

/** Words may have "steps" too: of stone. */
const isCount = ([key, value]: readonly [key: string, value: string]): boolean =>
  (key === 'Steps' || key === 'Seed') && /^["“]?-?\d/.test(value);

function take(line: string, parts: Part[], before: string[]): void {
  const [, word = line, value] = INLINE.exec(line) ?? [];
  const label = labelOf(word);
  const open = parts[parts.length - 1] as Part | undefined;
  // A label alone on its line has its value below.
  if (label !== undefined && (value !== undefined || !isValueOf(open))) {
    parts.push({ label, lines: value === undefined || value === '' ? [] : [value] });
  } else if (value !== undefined && isForeignPair(line, open))
    parts.push({ label: { other: trimSpace(word) }, lines: [value] });
  else if (isIdle(line)) return;
  else if (open) open.lines.push(line);
  else before.push(line);
}

/** A row of a table, or a pair where the key above it was left empty. */
function isForeignPair(line: string, open: Part | undefined): boolean {
  return TABLE_ROW.test(line) || (open !== undefined && typeof open.label !== 'string');
}
const TABLE_ROW = /^[\p{L}][\p{L}\p{N} _/-]{0,40}[ \t]*\t[ \t]*\S/u;

/** "Sampler", then "Euler a": a key without a value takes the line, whatever it says; texts go on until the next label. */
function isValueOf(open: Part | undefined): boolean {
  return open !== undefined && typeof open.label !== 'string' && open.lines.length === 0;
}

/** The first line is the value; what follows was the page's own. */
function pairOf(key: string, lines: readonly string[]): (readonly [key: string, value: string])[] {
  const value = lines.find((line) => line !== '');
  if (value === undefined || value.length > 300 || key.includes(',')) return [];
  const isList = /^["“]/.test(value) || !/[,:]/.test(value);
  return [[key, isList ? value : JSON.stringify(value)]];
}

function unglued(line: string): string[] {
  const first = labelOf(INLINE.exec(line)?.[1] ?? '');
  return first === undefined || typeof first === 'string' ? [line] : line.split(GLUED);
}

/** "Steps: 18, Sampler: Euler a, Seed: 77" below headings: each pair on a line of its own. */
function unlisted(line: string): string[] {
  const first = labelOf(INLINE.exec(line)?.[1] ?? '');
  if (first === undefined || typeof first === 'string') return [line];
  const pairs = scanPairs(line);
  return pairs.filter(({ key }) => labelOf(key) !== undefined).length > 1
    ? pairs.map(({ key, value }) => `${key}: ${value}`)
    : [line];
}

/** A label of a prompt first, and none of a setting: "model" and "size" are words of a prompt before such a list. */
function hasHeadings(lines: readonly string[]): boolean {
  const labels = lines.flatMap((line) => labelOf(INLINE.exec(line)?.[1] ?? line) ?? []);
  return labels[0] === 'prompt' && labels.every((label) => typeof label === 'string');
}

const joined = (lines: readonly string[]): string => trimSpace(lines.join('\n'));
