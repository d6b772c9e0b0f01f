/** "30 steps, DPM++ 2M Karras, CFG 6, seed 123, 512x768, then hires fix x2": settings as people say them. */
import { trimSpace } from '../../prompt/characters';
import { readSamplerName } from '../../recipe/sampler-name';
import type { Pair } from '../../recipe/infotext/scan-pairs';
import { hiresWords } from './hires-words';
import { labelOf } from './words-of-labels';

const LONGEST = 400;
const LEAST_PAIRS = 3;
const LEAST_COUNTS = 2;
const PARTS = /[,;|·•]|[ \t][-–—/][ \t]|[ \t](?:with|w\/|at|using|and|then|on|in|for|@)[ \t]/i;
const HIRES = /(?:^|[ \t,;|])(?:then[ \t]+)?hi-?res\.?(?:[ \t]?fix)?(?:[ \t]*:)?[ \t]+(?=\S)/i;
/** "My settings:". */
const HEAD =
  /^[^\p{L}\n]{0,12}(?:\p{L}+[ \t]+){0,2}(?:settings?|parameters|params|details|info)[*_]{0,3}[ \t]*[:：][ \t]*[*_]{0,3}/iu;
const SIGNS = /^[^\p{L}\p{N}"'(<[{+-]{1,12}/u;
const NUMBER = String.raw`(\d{1,3}(?:\.\d{1,3})?)`;
const IS = String.raw`[ \t]*(?:[:=]|of|was|is)?[ \t]*\(?`;

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:\p{L}+[ \t]+){0,4}(\d{1,4})[ \t]*(?:sampling[ \t]+)?steps?$/iu, 'Steps'],
  [new RegExp(`^(?:sampling[ \\t]+)?steps?${IS}(\\d{1,4})\\)?$`, 'iu'), 'Steps'],
  [new RegExp(`^(?:cfg|guidance)(?:[ \\t]+scale)?${IS}${NUMBER}\\)?$`, 'iu'), 'CFG scale'],
  [new RegExp(`^${NUMBER}[ \\t]*(?:cfg|guidance)(?:[ \\t]+scale)?$`, 'iu'), 'CFG scale'],
  [new RegExp(`^(?:same[ \\t]+|the[ \\t]+|my[ \\t]+)?seed${IS}(\\d{1,20})\\)?$`, 'iu'), 'Seed'],
  [/^(?:size|res|resolution)?[ \t]*(\d{2,5}[ \t]?[x×][ \t]?\d{2,5})(?:[ \t]?(?:px|pixels?))?$/iu, 'Size'],
  [new RegExp(`^clip[ \\t]?skip${IS}(\\d{1,2})$`, 'iu'), 'Clip skip'],
  [new RegExp(`^denois\\p{L}*(?:[ \\t]+strength)?${IS}${NUMBER}$`, 'iu'), 'Denoising strength'],
  [new RegExp(`^${NUMBER}[ \\t]*denois\\p{L}*(?:[ \\t]+strength)?$`, 'iu'), 'Denoising strength'],
];
/** Its line of parameters: all there is stands there. */
const OF_A1111 = /^[\s>*]{0,8}Steps: ?\d+, ?\p{L}[^,:\n]{0,40}:/mu;
const LEAST_LOOSE = 2;
const COUNTS: ReadonlySet<string> = new Set(['Steps', 'CFG scale', 'Seed', 'Size']);

/** Such lines as A1111 writes settings; what they say besides stands on a line below, or above where it is all there is. */
export function looseLists(text: string): string {
  if (OF_A1111.test(text)) return text;
  const lines = text.split('\n');
  const isAlone = lines.filter((line) => line.trim() !== '').length === 1;
  const read = lines.map((line) => looseList(line, isAlone));
  // Settings first, and no label says which words are the prompt: all below them are.
  const first = lines.findIndex((line) => line.trim() !== '');
  if (
    !isAlone &&
    read[first] !== undefined &&
    read.filter((line) => line !== undefined).length === 1 &&
    !hasLabels(lines)
  )
    return [...lines.slice(first + 1), read[first]].join('\n').trimStart();
  return lines.map((line, i) => read[i] ?? line).join('\n');
}

const hasLabels = (lines: readonly string[]): boolean =>
  lines.some((line) => labelOf(trimSpace(/^[^\p{L}\n]{0,8}([^:]{1,30}):/u.exec(line)?.[1] ?? '')) !== undefined);

function looseList(line: string, isAlone: boolean): string | undefined {
  if (line.length > LONGEST || !/\d/.test(line)) return undefined;
  const hires = HIRES.exec(line);
  const own = (hires ? line.slice(0, hires.index) : line)
    .replace(HEAD, '')
    .replace(/^[ \t]*[([](.*)[)\]][ \t]*$/, '$1');
  const pieces = own.split(PARTS).map((piece) => trimSpace(piece.replace(SIGNS, '')).replace(/\.$/, ''));
  const pairs: Pair[] = [];
  const others: { piece: string; isFirst: boolean }[] = [];
  for (const piece of pieces.filter((one) => one !== '')) {
    const pair = pairOf(piece);
    if (pair && !pairs.some(({ key }) => key === pair.key)) pairs.push(pair);
    else others.push({ piece, isFirst: pairs.length === 0 });
  }
  const counts = pairs.filter(({ key }) => COUNTS.has(key)).length;
  // Pairs with their colons are read by the others.
  const loose = pieces.filter((piece) => !piece.includes(':') && pairOf(piece) !== undefined).length;
  if (loose < LEAST_LOOSE || 2 * loose < pairs.length) return undefined;
  if (pairs.length < LEAST_PAIRS || counts < LEAST_COUNTS || pairs.length < others.length) return undefined;
  const second = hires ? hiresWords(line.slice(hires.index + hires[0].length)) : { pairs: [], unread: [] };
  const first = pairs.findIndex(({ key }) => key === 'Steps');
  const sorted = first > 0 ? [pairs[first], ...pairs.filter((_, i) => i !== first)] : pairs;
  const written = [...sorted, ...second.pairs].map(({ key, value }) => `${key}: ${value}`).join(', ');
  const above = isAlone ? others.filter(({ isFirst }) => isFirst).map(({ piece }) => piece) : [];
  const below = [...others.filter(({ isFirst }) => !isAlone || !isFirst).map(({ piece }) => piece), ...second.unread];
  return [above.join(', '), written, below.join(', ')].filter((part) => part !== '').join('\n');
}

function pairOf(piece: string): Pair | undefined {
  for (const [pattern, key] of WORDS) {
    const [, value] = pattern.exec(piece) ?? [];
    if (value !== undefined) return { key, value: value.replace(/[ \t]*[x×][ \t]*/, 'x') };
  }
  const [, name, said] = /^([^:]{1,40}):[ \t]*(\S.*)$/.exec(piece) ?? [];
  const label = name === undefined ? undefined : labelOf(trimSpace(name));
  if (typeof label === 'object') return { key: label.key, value: said };
  const [, sampler = piece] = /^(?:sampler|sampling method)[ \t]+(.+)$/i.exec(piece) ?? [];
  const known = readSamplerName(sampler);
  return known.sampler !== undefined && known.isNearest !== true && known.unknownSchedule === undefined
    ? { key: 'Sampler', value: sampler }
    : undefined;
}
