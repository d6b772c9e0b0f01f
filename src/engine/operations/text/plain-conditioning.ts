/** Texts of graphs: one context each, which operations join and change. */
import { AppError } from '../../../core/errors';
import type { EncodedPrompt } from './conditioning';
import type { Context } from './encode';

/** The context of a prompt that says the same in every step; of one that does not, that of what it says first. */
export function contextOf({ parts: [{ schedule, contexts }] }: EncodedPrompt): Context {
  const context = contexts.get(schedule[0].text);
  if (!context) throw new RangeError('a prompt without a text'); // each text of the schedule was encoded
  return context;
}

/** Nothing is said of it again: what it is made of has said it. */
export function conditioningOf(context: Context): EncodedPrompt {
  const text = '';
  const part = { weight: 1, schedule: [{ until: Infinity, text }], contexts: new Map([[text, context]]) };
  return { parts: [part], tokens: context.tokens, notices: [] };
}

/** How often a text may be there: ComfyUI's own. */
const MOST_TIMES = 4;

/**
 * Parts of one prompt. All have the same number of tokens, each again and again: what looks at tokens that are there twice
 * sees the same.
 *
 * @see ComfyUI comfy/conds.py CONDCrossAttn.concat
 * @throws AppError 'bad-request' where their lengths or the families of their models do not go together
 */
export function weighed(parts: readonly { context: Context; weight: number }[]): EncodedPrompt {
  for (const { context } of parts) assertSameWidth(parts[0].context, context);
  const lengths = parts.map(({ context }) => context.tokens);
  const tokens = lengths.reduce(leastCommonMultiple);
  if (tokens > MOST_TIMES * Math.min(...lengths))
    throw new AppError(
      'bad-request',
      `Texts of ${lengths.join(' and ')} tokens cannot be read side by side: make them about as long as each other.`,
    );
  return {
    parts: parts.flatMap(({ context, weight }) => {
      const whole = { ...context, data: repeated(context.data, tokens / context.tokens), tokens };
      return conditioningOf(whole).parts.map((part) => ({ ...part, weight }));
    }),
    tokens,
    notices: [],
  };
}

function repeated(data: Float32Array, times: number): Float32Array {
  const longer = new Float32Array(data.length * times);
  for (let i = 0; i < times; i++) longer.set(data, i * data.length);
  return longer;
}

const leastCommonMultiple = (a: number, b: number): number => (a * b) / greatestCommonDivisor(a, b);
const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** @see ComfyUI nodes.py ConditioningConcat: the second's pooled vector is left out */
export function joinTokens(to: Context, from: Context): Context {
  assertSameWidth(to, from);
  const data = new Float32Array(to.data.length + from.data.length);
  data.set(to.data);
  data.set(from.data, to.data.length);
  return { ...to, data, tokens: to.tokens + from.tokens };
}

/** A mean as long as the first: of a shorter second the rest is zeros. @see ComfyUI nodes.py ConditioningAverage */
export function averageTokens(to: Context, from: Context, strength: number): Context {
  assertSameWidth(to, from);
  const rest = 1 - strength;
  const data = to.data.map((value, i) => value * strength + (from.data[i] ?? 0) * rest);
  const { pooled = from.pooled } = to;
  if (!pooled) return { ...to, data };
  const other = from.pooled ?? pooled;
  return { ...to, data, pooled: pooled.map((value, i) => value * strength + other[i] * rest) };
}

/** Each token's first channels of one, the rest of the other. @param padding  an empty text, behind the shorter. @see ComfyUI nodes_clip_sdxl.py */
export function pairTokens(
  { first, second, padding }: Readonly<Record<'first' | 'second' | 'padding', Context>>,
  firstWidth: number,
): Context {
  const tokens = Math.max(first.tokens, second.tokens);
  const long = (context: Context): Context => {
    let padded = context;
    while (padded.tokens < tokens) padded = joinTokens(padded, padding);
    return padded;
  };
  const { data: of } = long(first);
  const { data: other, width } = long(second);
  const data = other.map((value, i) => (i % width < firstWidth ? of[i] : value));
  return { ...second, data, tokens };
}

function assertSameWidth(a: Context, b: Context): void {
  if (a.width !== b.width)
    throw new AppError('bad-request', 'Two texts were read by models of different families: they cannot be joined.');
}
