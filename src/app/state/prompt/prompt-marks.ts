/** What of a prompt is coloured: weights, tags, keywords, comments, brackets without their other half. */
import type { Dialect } from '../../../core/prompt';
import { bracketPairs, bracketPlaces, type Pair } from './prompt-brackets';

export type MarkKind = 'plain' | 'heavier' | 'lighter' | 'network' | 'keyword' | 'editing' | 'comment' | 'error';

/** A run of letters that look alike; all runs together are the text. */
export interface Mark {
  kind: MarkKind;
  text: string;
  /** 0…1: how far from the usual weight. */
  strength: number;
}

export interface PromptLook {
  marks: Mark[];
  /** Brackets without their other half. */
  loose: number;
}

/** Longer texts are shown without colours: nobody looks at them letter by letter. */
const LONGEST = 20_000;
const PER_BRACKET = 1.1;
/** Weight at which colours are as strong as they get: twice, or half. */
const STRONGEST = 2;
const WEIGHT = /:\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*$/;

export function promptLook(text: string, dialect: Dialect = 'a1111'): PromptLook {
  if (text.length > LONGEST) return { marks: [{ kind: 'plain', text, strength: 0 }], loose: 0 };
  const isComfy = dialect === 'comfyui';
  const counts = ({ kind }: Pick<Pair, 'kind'>): boolean => !isComfy || kind === '(';
  const pairs = bracketPairs(text).filter(counts);
  const weights = new Float64Array(text.length).fill(1);
  const kinds = new Array<MarkKind | undefined>(text.length);
  const paint = (from: number, to: number, kind: MarkKind): void => void kinds.fill(kind, from, to);
  for (const pair of pairs) paintPair(text, pair, { weights, paint, isComfy });
  if (!isComfy)
    for (const { index, 0: word } of text.matchAll(/\b(?:BREAK|AND)\b/g)) paint(index, index + word.length, 'keyword');
  const loose = looseBrackets(text, pairs, isComfy);
  for (const at of loose) paint(at, at + 1, 'error');
  for (const { index, 0: comment } of text.matchAll(/#[^\n]*/g)) paint(index, index + comment.length, 'comment');
  return { marks: runs(text, kinds, weights), loose: loose.length };
}

interface Canvas {
  weights: Float64Array;
  paint: (from: number, to: number, kind: MarkKind) => void;
  isComfy: boolean;
}

function paintPair(text: string, { kind, open, close }: Pair, { weights, paint, isComfy }: Canvas): void {
  const content = text.slice(open + 1, close);
  if (kind === '<') {
    if (/^\w+:/.test(content)) paint(open, close + 1, 'network');
    return;
  }
  if (kind === '[' && /[:|]/.test(content)) {
    paint(open, open + 1, 'editing');
    paint(close, close + 1, 'editing');
    for (const { index } of content.matchAll(/[:|]/g)) paint(open + 1 + index, open + 2 + index, 'editing');
    return;
  }
  const number = kind === '(' ? WEIGHT.exec(content)?.[1] : undefined;
  const factor = number === undefined ? (kind === '(' ? PER_BRACKET : 1 / PER_BRACKET) : Number(number);
  // ComfyUI's explicit weight takes the place of all weights around it.
  for (let at = open; at <= close; at += 1)
    weights[at] = isComfy && number !== undefined ? factor : (weights[at] ?? 1) * factor;
}

function looseBrackets(text: string, pairs: readonly Pair[], isComfy: boolean): number[] {
  const paired = new Set(pairs.flatMap(({ open, close }) => [open, close]));
  const letters = isComfy ? '()' : '()[]';
  return bracketPlaces(text).filter((at) => letters.includes(text.charAt(at)) && !paired.has(at));
}

function runs(text: string, kinds: readonly (MarkKind | undefined)[], weights: Float64Array): Mark[] {
  const marks: Mark[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const weight = Math.abs(weights[at] ?? 1);
    const byWeight = weight > 1.001 ? 'heavier' : weight < 0.999 ? 'lighter' : 'plain';
    const kind = kinds[at] ?? byWeight;
    const far = weight === 0 ? 1 : Math.abs(Math.log(weight)) / Math.log(STRONGEST);
    const strength = kind === 'heavier' || kind === 'lighter' ? Math.round(Math.min(1, far) * 20) / 20 : 0;
    const last = marks.at(-1);
    if (last?.kind === kind && last.strength === strength) last.text += text.charAt(at);
    else marks.push({ kind, strength, text: text.charAt(at) });
  }
  return marks;
}
