/**
 * "Prompt: a cat Neg: dogs Steps: 24 CFG: 6.5 640x896", "/dream prompt:a cat steps:24": labels and values on one line with
 * nothing sure between them, alone or below the prompt.
 */
import { trimSpace } from '../../prompt/characters';
import { hasFraction, isCommonKey, isNumberKey } from './number-keys';
import { english } from './translated-labels';
import { labelOf, type Label } from './words-of-labels';

const MOST_LETTERS = 4000;
const MOST_WORDS = 3;
const LEAST_SETTINGS = 3;
const LEAST_COUNTS = 2;
const LONGEST_NAME = 60;

/** Commands of bots. */
const COMMAND = /^[/!][\w-]{1,30}[ \t]+(?=["'\p{L}])/u;
const COLON = /[ \t]{0,2}[:：=＝]/g;
const NUMBER = /^["“]?(-?\d+(?:\.\d+)?)["”]?(?![.,]?\d)/;
/** Numbers of many countries have a comma. */
const FRACTION = /^["“]?(-?\d{1,3}(?:[.,]\d{1,2})?)["”]?(?![.,]?\d)/;
const SIZE = /^["“(]?(\d{2,5})[ \t]?[x×*][ \t]?(\d{2,5})(?!\d)[)"”]?/i;
/** What they are called where they stand beside each other alone. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['scale', 'CFG scale'],
  ['img width', 'width'],
  ['img height', 'height'],
  ['image width', 'width'],
  ['image height', 'height'],
  ['w', 'width'],
  ['h', 'height'],
]);

export interface OneLine {
  /** The same as an infotext. */
  text: string;
  /** Words between the settings that belong to none. */
  rest: string;
}

interface Place {
  label: Label;
  start: number;
  /** Where its value begins. */
  end: number;
}

/** Undefined where the text is none of these, or one of its labels comes twice. */
export function oneLine(text: string): OneLine | undefined {
  if (text.length > MOST_LETTERS) return undefined;
  const lines = text.split('\n').filter((line) => trimSpace(line) !== '');
  const last = lines.pop() ?? '';
  const line = last.replace(COMMAND, '');
  const places = placesIn(line, { isCommand: line !== last });
  const above = trimSpace(lines.join('\n'));
  const words = trimSpace(line.slice(0, places[0]?.start ?? line.length));
  if (above !== '' && words !== '') return undefined;
  const parts = partsOf(line, places);
  // Words before "Steps" and a height may be about a climb.
  if (
    parts?.prompt === undefined &&
    above === '' &&
    parts?.negative === undefined &&
    !OF_PAINTING.some((key) => parts?.pairs.has(key))
  )
    return undefined;
  return parts && written(parts, above === '' ? words : above);
}

const OF_PAINTING = ['Seed', 'Sampler'];

/** Where the labels are: the longest name before each colon, with a value that it can have. Of a command each word is one. */
function placesIn(line: string, { isCommand }: { isCommand: boolean }): Place[] {
  const places: Place[] = [];
  const quotes = [...line.matchAll(/"[^"]*"/g)].map(({ 0: quote, index }) => ({
    start: index,
    end: index + quote.length,
  }));
  let hasSettings = false;
  for (const { 0: mark, index } of line.matchAll(COLON)) {
    if (quotes.some(({ start, end }) => start < index && index < end)) continue;
    const last = places[places.length - 1] as Place | undefined;
    const from = Math.max(last?.end ?? 0, index - LONGEST_NAME);
    const before = line.slice(from, index);
    const found = labelBefore(before) ?? (isCommand ? optionBefore(before) : undefined);
    const end = index + mark.length;
    if (!found || !canBe(found.label, trimSpace(line.slice(end)))) continue;
    // "a ship model: detailed" are words, as long as no setting came before.
    if (!isCommand && !hasSettings && isWord(found.label)) continue;
    hasSettings ||= found.label === 'negative' || (typeof found.label === 'object' && !isWord(found.label));
    places.push({ label: found.label, start: index - found.length, end });
  }
  return places;
}

function labelBefore(text: string): { label: Label; length: number } | undefined {
  const own = /[^,;|"'()[\]{}]*$/.exec(text)?.[0] ?? '';
  for (const { index } of [...own.matchAll(/\S+/g)].slice(-MOST_WORDS)) {
    const name = own.slice(index);
    const plain = trimSpace(name).replaceAll('_', ' ').toLowerCase();
    const short = SHORT.get(plain);
    const label = short === undefined ? (labelOf(name) ?? labelOf(english(trimSpace(name)))) : { key: short };
    if (label !== undefined) return { label, length: name.length };
  }
  return undefined;
}

/** "data_model:", which is no label here. */
function optionBefore(text: string): { label: Label; length: number } | undefined {
  const [name] = /(?<=^|\s)[A-Za-z][a-z]{0,20}(?:_[a-z]{1,20}){0,3}$/.exec(text) ?? [];
  return name === undefined ? undefined : { label: { key: name }, length: name.length };
}

/** A setting whose value may be any words. */
const isWord = (label: Label): boolean =>
  typeof label === 'object' && !isNumberKey(label.key) && !['Size', 'Sampler', 'Schedule type'].includes(label.key);

function canBe(label: Label, value: string): boolean {
  if (typeof label === 'string') return value !== '';
  if (label.key === 'Size') return SIZE.test(value);
  return isNumberKey(label.key) ? numberOf(label.key).test(value) : /^["'\p{L}\p{N}]/u.test(value);
}

const numberOf = (key: string): RegExp => (hasFraction(key) ? FRACTION : NUMBER);

interface Parts {
  prompt?: string;
  negative?: string;
  pairs: Map<string, string>;
  rest: string[];
}

function partsOf(line: string, places: readonly Place[]): Parts | undefined {
  const parts: Parts = { pairs: new Map(), rest: [] };
  for (const [i, { label, end }] of places.entries()) {
    const value = withoutMarks(line.slice(end, places[i + 1]?.start ?? line.length));
    if (typeof label === 'string') {
      if (parts[label] !== undefined) return undefined;
      parts[label] = value;
    } else if (parts.pairs.has(label.key)) return undefined;
    else put(parts, label.key, value);
  }
  return parts;
}

function put({ pairs, rest }: Parts, key: string, value: string): void {
  const match = key === 'Size' ? SIZE.exec(value) : isNumberKey(key) ? numberOf(key).exec(value) : null;
  if (!match) {
    pairs.set(key, value.replace(/(?<=[\p{L}\d)])\.$/u, ''));
    return;
  }
  pairs.set(key, key === 'Size' ? `${match[1]}x${match[2]}` : match[1].replace(',', '.'));
  // "2x"
  const times = key === 'Hires upscale' ? /^ ?[x×](?![\p{L}\p{N}])/iu : /^(?!)/;
  const behind = withoutMarks(
    value
      .slice(match[0].length)
      .replace(times, '')
      .replace(/^[\s,;|.]+/, ''),
  );
  const size = pairs.has('Size') ? null : SIZE.exec(behind);
  if (size) pairs.set('Size', `${size[1]}x${size[2]}`);
  const left = size ? withoutMarks(behind.slice(size[0].length)) : behind;
  if (/[\p{L}\p{N}]/u.test(left)) rest.push(left);
}

/** What parts it from the next, and quotes around all of it. */
function withoutMarks(value: string): string {
  const plain = trimSpace(trimSpace(value).replace(/(?:[ \t]*[,;|·•/]|[ \t]+[-–—])$/, ''));
  return /^(["'])([^"']*)\1$/.exec(plain)?.[2] ?? plain;
}

/** Bots and AI Horde part what is to be avoided by "###". */
const AVOIDED = /^([^#]*\S)\s+###\s+(\S[^#]*)$/;

function written(parts: Parts, before: string): OneLine | undefined {
  const { prompt, pairs } = parts;
  const isBehind = parts.negative === undefined && parts.rest.length === 1 && /^###\s+[^#]+$/.test(parts.rest[0]);
  const rest = isBehind ? [] : parts.rest;
  const counts = [...pairs.keys()].filter(isCommonKey).length;
  if (pairs.size < LEAST_SETTINGS || counts < LEAST_COUNTS || (prompt === undefined && before === '')) return undefined;
  // Words above a prompt that has its label are of something else.
  const whole = prompt ?? withoutMarks(before).replace(/\.$/, '');
  const [, own = whole, avoided] = (parts.negative === undefined && AVOIDED.exec(whole)) || [];
  const negative = parts.negative ?? avoided ?? (isBehind ? parts.rest[0].replace(/^###\s+/, '') : '');
  const steps = pairs.get('Steps');
  const others = [...pairs].filter(([key]) => key !== 'Steps');
  const settings = [...(steps === undefined ? [] : [['Steps', steps]]), ...others]
    .map(([key, value]) => `${key}: ${/[,:"]/.test(value) ? JSON.stringify(value) : value}`)
    .join(', ');
  const text = [own, ...(negative === '' ? [] : [`Negative prompt: ${negative}`]), settings].join('\n');
  return { text, rest: [...(prompt === undefined || before === '' ? [] : [before]), ...rest].join('; ') };
}
