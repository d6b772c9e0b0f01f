/** Ctrl+Up and Ctrl+Down in a prompt, as in A1111: the weight of what is selected, or of what the caret is in. */
import { bracketPairs, bracketPlaces, type Pair } from './prompt-brackets';

/** What to put in place of `from`…`to`, and what is selected afterwards: the weighed words, without bracket and number. */
export interface Replacement {
  from: number;
  to: number;
  insert: string;
  start: number;
  end: number;
}

/** Words with their weight, and the whole that stands for them in the prompt. */
interface Weighed {
  from: number;
  to: number;
  words: string;
  weight: number;
  isNetwork?: boolean;
}

/** A1111's options keyedit_precision_attention and keyedit_precision_extra. */
const STEP = 0.1;
const NETWORK_STEP = 0.05;
/** Beyond, numbers would be written with an exponent, which no prompt grammar reads. */
const HEAVIEST = 1e6;
const DECIMALS = 4;
/** What old-style brackets multiply by. */
const PER_BRACKET = 1.1;

/** A1111's option keyedit_delimiters, and the signs of the grammar that it leaves out. */
const DELIMITER = /[\s.,\\/!?%^*;:{}=`~()[\]<>|"]/;
const WEIGHT = /^([^]*):\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*$/;

/** Undefined where there is nothing to weigh, or where the selection tears brackets apart. */
export function weighSelection(text: string, start: number, end: number, by: 1 | -1): Replacement | undefined {
  const pairs = bracketPairs(text);
  const found = start === end ? atCaret(text, pairs, start) : selected(text, pairs, start, end);
  if (!found || Math.abs(found.weight) > HEAVIEST) return undefined;
  const { from, to, words, isNetwork = false } = found;
  const weight = Number((found.weight + by * (isNetwork ? NETWORK_STEP : STEP)).toFixed(DECIMALS)) + 0;
  if (weight === 1 && !isNetwork) return { from, to, insert: words, start: from, end: from + words.length };
  const number = Number.isInteger(weight) ? weight.toFixed(1) : String(weight);
  const insert = isNetwork ? `<${words}:${number}>` : `(${words}:${number})`;
  return { from, to, insert, start: from + 1, end: from + 1 + words.length };
}

/** The innermost brackets around the caret, where they are emphasis or a network; else the word; else what ends there. */
function atCaret(text: string, pairs: readonly Pair[], caret: number): Weighed | undefined {
  const around = pairs.filter(({ open, close }) => open < caret && caret <= close);
  const [inner] = around.toSorted((a, b) => b.open - a.open);
  if (inner?.kind === '<' && isNetworkTag(text, inner)) return readNetwork(text, inner);
  const emphasis = inner && readEmphasis(text, pairs, inner);
  const behind = pairs.find(({ close }) => close === caret - 1);
  return emphasis ?? selected(text, pairs, ...wordAt(text, caret)) ?? (behind && readEmphasis(text, pairs, behind));
}

function selected(text: string, pairs: readonly Pair[], start: number, end: number): Weighed | undefined {
  const part = text.slice(start, end);
  const words = part.trim();
  if (words === '') return undefined;
  const from = start + part.indexOf(words);
  const to = from + words.length;
  for (const pair of pairs) {
    const isWhole = pair.open === from && pair.close === to - 1;
    const isInside = pair.open === from - 1 && pair.close >= to && isWeight(text.slice(to, pair.close));
    if (!isWhole && !isInside) continue;
    return (pair.kind === '<' ? readNetwork(text, pair) : readEmphasis(text, pairs, pair)) ?? plain(from, words);
  }
  return isTorn(text, pairs, from, to) ? undefined : plain(from, words);
}

/** Whether what follows is a weight: nothing, or `:1.2`. */
function isWeight(tail: string): boolean {
  return tail === '' || WEIGHT.exec(tail)?.[1] === '';
}

function plain(from: number, words: string): Weighed {
  return { from, to: from + words.length, words, weight: 1 };
}

/** Round brackets, and square ones that are neither editing nor alternation; undefined for all others. */
function readEmphasis(text: string, pairs: readonly Pair[], { kind, open, close }: Pair): Weighed | undefined {
  const content = text.slice(open + 1, close);
  if (kind === '<' || (kind === '[' && /[:|]/.test(content))) return undefined;
  const [, words, number] = (kind === '(' ? WEIGHT.exec(content) : null) ?? [];
  if (words !== undefined) return { from: open, to: close + 1, words, weight: Number(number) };
  let layers = 1;
  const hasLayer = (n: number): boolean =>
    pairs.some((pair) => pair.kind === kind && pair.open === open - n && pair.close === close + n);
  while (hasLayer(layers)) layers += 1;
  const power = PER_BRACKET ** (kind === '(' ? layers : -layers);
  const weight = Math.round(power / STEP) * STEP;
  return { from: open - layers + 1, to: close + layers, words: content, weight };
}

function isNetworkTag(text: string, { open }: Pair): boolean {
  return /^<\w+:/.test(text.slice(open, open + 20));
}

/** The last number of `<lora:name:1>`, 1 where there is none; undefined for anything else between such brackets. */
function readNetwork(text: string, { open, close }: Pair): Weighed | undefined {
  const content = text.slice(open + 1, close);
  const [, words = content, number = '1'] = WEIGHT.exec(content) ?? [];
  if (!/^\w+:[^:]/.test(words)) return undefined;
  return { from: open, to: close + 1, words, weight: Number(number), isNetwork: true };
}

function wordAt(text: string, caret: number): [number, number] {
  let [start, end] = [caret, caret];
  while (start > 0 && !DELIMITER.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && !DELIMITER.test(text.charAt(end))) end += 1;
  return [start, end];
}

/** A bracket inside has its other half outside, or none. */
function isTorn(text: string, pairs: readonly Pair[], from: number, to: number): boolean {
  const isInside = (at: number): boolean => at >= from && at < to;
  const whole = pairs.filter(({ open, close }) => isInside(open) && isInside(close));
  return bracketPlaces(text).filter(isInside).length !== 2 * whole.length;
}
