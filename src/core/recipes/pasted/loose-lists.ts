/** "30 steps, DPM++ 2M Karras, CFG 6, seed 123, 512x768, then hires fix x2": settings as people say them. */
import { trimSpace } from '../../prompt/characters';
import { readSamplerName } from '../../recipe/sampler-name';
import type { Pair } from '../../recipe/infotext/scan-pairs';
import { hiresWords } from './hires-words';
import { isCommonKey } from './number-keys';
import { labelOf } from './words-of-labels';

const LONGEST = 400;
const LEAST_PAIRS = 3;
const LEAST_COUNTS = 2;
const LEAST_LOOSE = 2;
const PARTS = /[,;|·•]|[ \t][-–—/][ \t]|[ \t](?:with|w\/|at|using|and|then|on|in|for|@)[ \t]/gi;
const HIRES = /(?:^|[ \t,;|])(?:then[ \t]+)?hi-?res\.?([ \t]?fix)?(?:[ \t]*:)?[ \t]+(?=\S)/i;
/** "My settings:". */
const HEAD =
  /^[^\p{L}\n]{0,12}(?:\p{L}+[ \t]+){0,2}(?:settings?|parameters|params|details|info)[*_]{0,3}[ \t]*[:：][ \t]*[*_]{0,3}/iu;
const SIGNS = /^[^\p{L}\p{N}"'(<[{+-]{1,12}/u;
const NUMBER = String.raw`(\d{1,3}(?:\.\d{1,3})?)`;
const IS = String.raw`[ \t]*(?:[:=]|of|was|is)?[ \t]*\(?`;
/** What people say before the number of steps; other words are a prompt's. */
const SAYING = String.raw`(?:(?:i|we|used?|ran|run|my|settings|were|are|was|is|using|about|only|just|with|at)[ \t]+){0,5}`;

const WORDS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^${SAYING}(\\d{1,4})[ \\t]*(?:sampling[ \\t]+)?steps?$`, 'iu'), 'Steps'],
  [new RegExp(`^(?:sampling[ \\t]+)?steps?${IS}(\\d{1,4})\\)?$`, 'iu'), 'Steps'],
  [new RegExp(`^(?:cfg|guidance)(?:[ \\t]+scale)?${IS}${NUMBER}\\)?$`, 'iu'), 'CFG scale'],
  [new RegExp(`^${NUMBER}[ \\t]*(?:cfg|guidance)(?:[ \\t]+scale)?$`, 'iu'), 'CFG scale'],
  [new RegExp(`^(?:same[ \\t]+|the[ \\t]+|my[ \\t]+)?seed${IS}(\\d{1,20})\\)?$`, 'iu'), 'Seed'],
  [
    /^(?:size|res|resolution)?[ \t]*(\d{2,5}[ \t]?[x×][ \t]?\d{2,5}|\d{3,5}[ \t]?by[ \t]?\d{3,5})(?:[ \t]?(?:px|pixels?))?$/iu,
    'Size',
  ],
  [new RegExp(`^clip[ \\t]?skip${IS}(\\d{1,2})$`, 'iu'), 'Clip skip'],
  [new RegExp(`^denois\\p{L}*(?:[ \\t]+strength)?${IS}${NUMBER}$`, 'iu'), 'Denoising strength'],
  [new RegExp(`^${NUMBER}[ \\t]*denois\\p{L}*(?:[ \\t]+strength)?$`, 'iu'), 'Denoising strength'],
];
/** Its line of parameters: all there is stands there. */
export const OF_A1111 = /^[\s>*]{0,8}Steps: ?\d+, ?\p{L}[^,:\n]{0,40}:/mu;

/**
 * Such lines as A1111 writes settings; what they say besides stands on a line below. Of a text that is one line it is the prompt.
 *
 * @param options.isInOrder leaves settings above a label of a prompt where they are
 */
export function looseLists(text: string, { isInOrder = false } = {}): string {
  if (OF_A1111.test(text)) return text;
  const lines = text.split('\n');
  const isAlone = lines.filter((line) => line.trim() !== '').length === 1;
  const read = lines.map((line) => looseList(line, isAlone));
  const at = read.findIndex((line) => line !== undefined);
  const own = read[at];
  if (own === undefined) return text;
  if (!isAlone && read.filter((line) => line !== undefined).length === 1) {
    // A1111 has settings last. Where no label says which words are the prompt, all below settings that stand first are.
    const isFirst = lines.slice(0, at).every((line) => line.trim() === '') && !hasLabels(lines);
    const isAbove = !isInOrder && hasLabels(lines.slice(at + 1));
    if (isFirst || isAbove) return [...lines.slice(0, at), ...lines.slice(at + 1), own].join('\n').replace(/^\s+/, '');
  }
  return lines.map((line, i) => read[i] ?? line).join('\n');
}

const hasLabels = (lines: readonly string[]): boolean =>
  lines.some((line) => {
    const [, colon, heading] = /^[^\p{L}\n]{0,8}(?:([^:]{1,30}):|(\p{L}[\p{L} ]{0,30})$)/u.exec(line) ?? [];
    return typeof labelOf(trimSpace(colon ?? heading ?? '')) === 'string';
  });

interface Piece {
  text: string;
  /** With the word before it that parts it from the last: "at night". */
  start: number;
  end: number;
}

function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = [];
  let [from, start] = [0, 0];
  for (const { 0: mark, index } of line.matchAll(PARTS)) {
    pieces.push({ text: line.slice(from, index), start, end: index });
    from = index + mark.length;
    start = /^[ \t](?:with|at|on|in)[ \t]$/i.test(mark) ? index : from;
  }
  return [...pieces, { text: line.slice(from), start, end: line.length }];
}

/** "a cat (neg: dogs) [30 steps, cfg 7, 512x512]". */
const LIST_BEHIND = /^([^\n]*\S)[ \t]*(?:\[([^[\]]*)\]|\(([^()]*)\)|\{([^{}]*)\})[ \t]*$/;
const NEGATIVE_BEHIND =
  /^(.*\S)[ \t]*(?:\[(?:neg|negative|negative prompt)[ \t]*:([^[\]]*)\]|\((?:neg|negative|negative prompt)[ \t]*:([^()]*)\))$/i;

function listBehind(line: string): string | undefined {
  const [, prompt = '', ...inner] = LIST_BEHIND.exec(line) ?? [];
  const list = inner.find((one) => one !== undefined);
  const read = list === undefined ? undefined : looseList(list, false);
  if (read === undefined || read.includes('\n')) return undefined;
  const [, words = prompt, ...texts] = NEGATIVE_BEHIND.exec(prompt) ?? [];
  const negative = texts.find((one) => one !== undefined);
  return [words, ...(negative === undefined ? [] : [`Negative prompt: ${trimSpace(negative)}`]), read].join('\n');
}

/** "a cat, negative prompt: dogs, mice, 30 steps, cfg 7". */
const NEGATIVE_PIECE = /^(?:neg|negative|negative prompt)[ \t]*:[ \t]*(\S.*)$/i;

function looseList(line: string, isAlone: boolean): string | undefined {
  if (line.length > LONGEST || !/\d/.test(line)) return undefined;
  const behind = isAlone ? listBehind(line) : undefined;
  if (behind !== undefined) return behind;
  const hires = secondPass(line);
  const own = (hires ? line.slice(0, hires.start) : line)
    .replace(HEAD, '')
    .replace(/^[ \t]*[([](.*)[)\]][ \t]*$/, '$1');
  const pairs: Pair[] = [];
  /** Words between settings, as they stand. */
  const others: { start: number; end: number }[] = [];
  const negatives: string[] = [];
  let isNegative = false;
  let isOpen = false;
  let loose = 0;
  for (const { text, start, end } of piecesOf(own)) {
    const plain = trimSpace(text.replace(SIGNS, '')).replace(/\.$/, '');
    if (plain === '') continue;
    const pair = pairOf(plain);
    const isNew = pair !== undefined && !pairs.some(({ key }) => key === pair.key);
    const negative =
      isAlone && pair === undefined && negatives.length === 0 ? NEGATIVE_PIECE.exec(plain)?.[1] : undefined;
    if (negative !== undefined) {
      negatives.push(negative);
      isNegative = true;
      isOpen = false;
      continue;
    }
    if (isNew) isNegative = false;
    else if (isNegative) {
      negatives.push(trimSpace(text));
      continue;
    }
    if (isNew) {
      pairs.push(pair);
      if (!plain.includes(':')) loose++;
    } else if (isOpen) others[others.length - 1].end = end;
    else others.push({ start, end });
    isOpen = !isNew;
  }
  const counts = pairs.filter(({ key }) => isCommonKey(key)).length;
  // Pairs with their colons are read by the others.
  if (loose < LEAST_LOOSE || 2 * loose < pairs.length) return undefined;
  if (pairs.length < LEAST_PAIRS || counts < LEAST_COUNTS || pairs.length < others.length) return undefined;
  const first = pairs.findIndex(({ key }) => key === 'Steps');
  const sorted = first > 0 ? [pairs[first], ...pairs.filter((_, i) => i !== first)] : pairs;
  const second = hires?.read ?? { pairs: [], unread: [] };
  const written = [...sorted, ...second.pairs].map(({ key, value }) => `${key}: ${value}`).join(', ');
  const words = others.map(({ start, end }) => trimSpace(own.slice(start, end))).join(', ');
  const below = [...(isAlone || words === '' ? [] : [words]), ...second.unread].join(', ');
  const avoided = negatives.length === 0 ? '' : `Negative prompt: ${negatives.join(', ')}`;
  return [isAlone ? words : '', avoided, written, below].filter((part) => part !== '').join('\n');
}

/** "then hires fix x2 with ESRGAN"; without "fix" only where it says a number. */
function secondPass(line: string) {
  const match = HIRES.exec(line);
  if (!match) return undefined;
  const read = hiresWords(line.slice(match.index + match[0].length));
  const isMeant = match[1] !== undefined || read.pairs.some(({ key }) => key !== 'Hires upscaler');
  return isMeant ? { start: match.index, read } : undefined;
}

function pairOf(piece: string): Pair | undefined {
  for (const [pattern, key] of WORDS) {
    const [, value] = pattern.exec(piece) ?? [];
    if (value !== undefined) return { key, value: value.replace(/[ \t]*(?:[x×]|by)[ \t]*/i, 'x') };
  }
  const [, name, said] = /^([^:]{1,40}):[ \t]*(\S.*)$/.exec(piece) ?? [];
  const label = name === undefined ? undefined : labelOf(trimSpace(name));
  if (typeof label === 'object') return { key: label.key, value: said };
  const [, sampler = piece] = /^(?:sampler|sampling method)[ \t]+(.+)$/i.exec(piece) ?? [];
  const spoken = sampler.replace(/ plus plus(?= |$)/i, '++');
  const known = readSamplerName(spoken);
  return known.sampler !== undefined && known.isNearest !== true && known.unknownSchedule === undefined
    ? { key: 'Sampler', value: spoken }
    : undefined;
}
