/** A line of a post, a note or a README: a label of a prompt, settings, a border between parts, or words. */
import { trimSpace } from '../../prompt/characters';
import { canonicalKey } from '../../recipe/infotext/key-names';
import { spreadPairs } from '../../recipe/infotext/loose-pairs';
import { scanPairs, type Pair } from '../../recipe/infotext/scan-pairs';
import { isIdle, labelOf } from './words-of-labels';

export type Item =
  | { kind: 'prompt' | 'negative'; value: string; word: string }
  | { kind: 'settings'; pairs: Pair[]; unread: string[] }
  | { kind: 'border'; words: string }
  | { kind: 'words'; words: string }
  | { kind: 'empty' };

const BORDER = /^(?:```.*|~~~.*|[-=_*]{3,}|\|?[ \t:|+-]*\|[ \t:|+-]*)$/;
const HEADING = /^(?:#{1,6}[ \t]+|(?=\*\*[^*\n]{1,60}\*\*:?$))(.*)$/;
const MARKS = /^(?:(?:[-+*•▪◦>]|\d{1,2}[.)])[ \t]+){1,3}/;
const ROW = /^\|([^|\n]{1,60})\|([^|\n]{1,400})\|$/;
const WORD = String.raw`\p{L}[\p{L}\p{N} _/×().-]{0,40}?`;
const LABEL = new RegExp(String.raw`^(${WORD})[ \t]*[:：][ \t]*(.*)$`, 'u');
const MARKED = /^(\*\*|__|\*|`)([^*`\n]{1,60}?)(:?)\1[ \t]*(:?)[ \t]*(.*)$/;
/** "Set prompt", "Prompt used", "Negative prompt overrides": a heading, or a line that ends with its colon. */
const PROMPT_LINE =
  /^(?:set |test |example |full |final |image |the |my )?((?:positive |negative )?prompts?)(?: used| i used| text| example| overrides?)?$/i;
const SETTINGS_LINE = /\b(?:settings?|parameters|details|info|metadata|data|specs?)$/i;
const LONGEST_HEADING = 60;

export function itemOf(line: string): Item {
  if (line === '') return { kind: 'empty' };
  if (BORDER.test(line)) return { kind: 'border', words: '' };
  const row = ROW.exec(line);
  if (row) return rowItem(trimSpace(row[1]), trimSpace(row[2]));
  const bare = line.replace(MARKS, '');
  const [, heading] = HEADING.exec(bare) ?? [];
  if (heading !== undefined) return headingItem(heading, line);
  return labelledItem(withoutEmphasis(bare)) ?? { kind: 'words', words: line };
}

function rowItem(name: string, value: string): Item {
  return labelledItem(`${name.replace(/^\*\*(.*)\*\*$/, '$1')}: ${value}`) ?? { kind: 'border', words: '' };
}

function headingItem(heading: string, line: string): Item {
  const words = trimSpace(heading.replace(/\*\*/g, '').replace(/[:：][ \t]*$/, ''));
  return promptItem(words) ?? { kind: 'border', words: line };
}

function promptItem(words: string): Item | undefined {
  const [, word = words] = PROMPT_LINE.exec(words) ?? [];
  const label = labelOf(word);
  return label === 'prompt' || label === 'negative' ? { kind: label, value: '', word } : undefined;
}

/** `**Steps:** 30`, `**Steps**: 30`. */
function withoutEmphasis(line: string): string {
  const [, , word, inner, outer, value] = MARKED.exec(line) ?? [];
  return word === undefined || (inner === '' && outer === '') ? line : `${word}: ${value}`;
}

function labelledItem(line: string): Item | undefined {
  const [, word, value = ''] = LABEL.exec(line) ?? [];
  if (word === undefined) return undefined;
  const label = labelOf(word);
  if (label === 'prompt' || label === 'negative') return { kind: label, value: withoutTicks(value), word };
  const hires = /^hi-?res\.?(?: ?fix)?$/i.test(word);
  if (label === undefined && !hires) return value === '' ? openingItem(word, line) : undefined;
  const { pairs, unread } = settingsOf(hires ? value : line);
  return { kind: 'settings', pairs: hires ? ofHires(pairs, unread) : pairs, unread: hires ? [] : unread };
}

/** A line that ends with its colon opens what stands below it. */
function openingItem(word: string, line: string): Item | undefined {
  if (word.length > LONGEST_HEADING) return undefined;
  return promptItem(word) ?? (isIdle(word) || SETTINGS_LINE.test(word) ? { kind: 'border', words: line } : undefined);
}

const MARKS_BETWEEN = /[ \t]*[|·•][ \t]*|[ \t]+[-–—][ \t]+/;
const SIZE = /^\d{2,5} ?[x×*] ?\d{2,5}$/;

/** Pairs with commas, bars, dots or dashes between them; a size may stand without its name. */
function settingsOf(line: string): { pairs: Pair[]; unread: string[] } {
  const unread: string[] = [];
  const pieces = line.split(MARKS_BETWEEN).map(trimSpace);
  const pairs = (pieces.length > 1 ? pieces : [line]).flatMap((piece): Pair[] => {
    if (piece === '') return [];
    if (SIZE.test(piece)) return [{ key: 'Size', value: piece }];
    const found = scanPairs(spreadPairs(piece)).filter(({ value }) => value !== '');
    const [, word, value] = LABEL.exec(piece) ?? [];
    // A value with commas in it is one where no known key follows.
    const isOne = word !== undefined && found.slice(1).every(({ key }) => labelOf(key) === undefined);
    if (isOne && value !== '') return [{ key: trimSpace(word), value }];
    if (found.length === 0) unread.push(piece);
    return found;
  });
  return { pairs: pairs.map(({ key, value }) => ({ key: keyOf(key), value: plainValue(key, value) })), unread };
}

function keyOf(key: string): string {
  const label = labelOf(key);
  return typeof label === 'object' ? label.key : trimSpace(key);
}

const NUMBERS: ReadonlySet<string> = new Set(
  'Steps,CFG scale,Seed,Clip skip,Denoising strength,width,height,Hires upscale,Hires steps,ENSD,Eta'.split(','),
);

/** Without marks of code, remarks, and what is said about a number behind it. */
function plainValue(key: string, value: string): string {
  const plain = withoutTicks(trimSpace(value.replace(/[ \t]+(?:#|\/\/)[ \t].*$/, '').replace(/,+$/, '')));
  const own = keyOf(key);
  if (own === 'Size') {
    const [, width, height] = /^(\d{2,5}) ?[x×*] ?(\d{2,5})(?!\d)/.exec(plain) ?? [];
    return width === undefined ? plain : `${width}x${height}`;
  }
  if (own === 'Sampler' || own === 'Schedule type') return plain.replace(/[ \t]+\([^()\n]*\)$/, '');
  return NUMBERS.has(own) ? (/^(-?\d+(?:\.\d+)?)(?=[ \t]+[(\p{L}])/u.exec(plain)?.[1] ?? plain) : plain;
}

const withoutTicks = (value: string): string => /^`+([^`]+)`+,?$/.exec(value)?.[1] ?? value;

/** Pairs of a line that begins with "Hires. fix:" are of the second pass, whatever they are called there. */
function ofHires(pairs: readonly Pair[], unread: readonly string[]): Pair[] {
  const named = pairs.flatMap(({ key, value }): Pair[] => {
    const own = canonicalKey(`Hires ${key}`) ?? (/^(?:hires |denoising)/i.test(key) ? key : undefined);
    return own === undefined ? [] : [{ key: own, value: value.replace(/^x[ \t]*/i, '') }];
  });
  const [, factor] = /\bupscale[ \t]*(?:by[ \t]*)?x?[ \t]*(\d(?:\.\d+)?)\b/i.exec(unread.join(' | ')) ?? [];
  const upscaler = unread.find((piece) => !/^(?:upscale\b|on$|yes$|true$|enabled$)/i.test(piece));
  return [
    ...named,
    ...(factor === undefined ? [] : [{ key: 'Hires upscale', value: factor }]),
    ...(upscaler === undefined ? [] : [{ key: 'Hires upscaler', value: upscaler }]),
  ];
}
