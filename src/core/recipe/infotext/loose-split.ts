/**
 * Infotexts that were broken, joined, cut or went on, which A1111 gives up: the parameters begin where "Steps: 24" and the usual
 * pairs stand, and the prompts before them, wherever that is.
 */
import { trimSpace } from '../../prompt/characters';
import { canonicalKey } from './key-names';
import { joinLines, spreadPairs } from './loose-pairs';
import { splitPrompts, templatePair } from './loose-prompts';
import { scanPairs, type Pair } from './scan-pairs';
import type { InfotextParts } from './split-infotext';

export interface LooseParts extends InfotextParts {
  /** What stands after the parameters and is none. */
  rest: string;
}

/**
 * "Hires steps: 10" has a word before it; "Steps: many" has no number. Where a break was lost, a small letter or a sign is before the
 * capital, and the pairs of a program behind it.
 */
const STEPS =
  /(?<![\p{L}\p{N}_])[Ss][Tt][Ee][Pp][Ss][ \t]*:[ \t]*\d|(?<=[\p{Ll}\d])Steps: \d{1,4}, (?=(?:CFG scale|Sampler|Seed|Size): )/gu;
const HIRES_BEFORE = /(hires|hr|refiner|second pass|inference|sampling|switch by sampling)[ _]$/i;
/** Some write it under the parameters. */
const NEGATIVE_AFTER = /^\s*negative[ _]prompt\s*:/i;
const LEAST_KNOWN = 3;
/** Where a text says "Steps: 1" more often, it is hostile. */
const MOST_PLACES = 8;

/** Undefined where no such place is. */
export function splitLoosely(text: string): LooseParts | undefined {
  const plain = withoutEscapedBreaks(text);
  let tries = MOST_PLACES;
  for (const { index } of plain.matchAll(STEPS)) {
    if (tries-- === 0) return undefined;
    if (HIRES_BEFORE.test(plain.slice(Math.max(0, index - 20), index))) continue;
    const found = readParameters(plain.slice(index));
    if (!found) continue;
    const { extra, ...prompts } = splitPrompts(plain.slice(0, index));
    const pairs = [...found.pairs, ...extra, ...found.templates];
    const [after] = NEGATIVE_AFTER.exec(found.rest) ?? [];
    if (after === undefined || prompts.negativePrompt !== '') return { ...prompts, pairs, rest: found.rest };
    return { ...prompts, negativePrompt: trimSpace(found.rest.slice(after.length)), pairs, rest: '' };
  }
  return undefined;
}

/** One line with `\n` or `<br>` where its breaks were. */
function withoutEscapedBreaks(text: string): string {
  if (text.includes('\n') && !/<br ?\/?>/i.test(text)) return text;
  return text.replace(/\\r?\\n|\\n|<br ?\/?>/gi, '\n');
}

interface Parameters {
  pairs: Pair[];
  templates: Pair[];
  rest: string;
}

/** The lines that belong to the parameters, and what comes after them. */
function readParameters(text: string): Parameters | undefined {
  const { line, after } = joinLines(text);
  const pairs = [line, spreadPairs(line)]
    .map(scanPairs)
    .map((found) => found.map(({ key, value }) => ({ key: trimSpace(key), value: trimSpace(value) })))
    .find(isParameters);
  if (!pairs) return undefined;
  const templates: Pair[] = [];
  const rest: string[] = [];
  for (const other of after) {
    const template = templatePair(other);
    if (template) templates.push(template);
    else if (other !== '') rest.push(other);
  }
  return { pairs, templates, rest: rest.join('\n') };
}

/** Whether enough usual pairs are there, "Steps" with a number among them. */
function isParameters(pairs: readonly Pair[]): boolean {
  const known = new Set(pairs.map(({ key }) => canonicalKey(key)).filter((key) => key !== undefined));
  const steps = pairs.find(({ key }) => canonicalKey(key) === 'Steps');
  return known.size >= LEAST_KNOWN && steps !== undefined && /^\d{1,6}$/.test(steps.value);
}
