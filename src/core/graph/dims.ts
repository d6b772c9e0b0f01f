/**
 * Sizes that are known only when a graph runs, as text in one canonical form: equal sizes have equal texts.
 *
 * `height`, `4*height`, `height*width`, `ceil(height/2)`, `floor(width/4)`, `(tokens+1)`, and what these make together.
 */
import { AppError } from '../errors';

/** A number, or a size in names that are bound when the graph runs: batch, height, width, tokens. */
export type Dim = number | string;

/** What the names stand for. Height and width are cells of the latent in every graph, whatever its face takes. */
export type DimBindings = Readonly<Record<string, number>>;

/** `count` times everything else. */
interface Product {
  count: number;
  factors: string[];
}

const QUOTIENT = /^(ceil|floor)\((.+)\/(\d+)\)$/;
const SUM = /^\((.+)([+-]\d+)\)$/;
const NUMBER = /^\d+$/;
const NAME = /^[a-z]\w*$/;

/** a · b · … */
export function times(...dims: readonly Dim[]): Dim {
  const parts = dims.map(toProduct);
  const count = parts.reduce((all, part) => all * part.count, 1);
  return toText({ count, factors: parts.flatMap(({ factors }) => factors) });
}

/** dim + n, of a whole n */
export function plus(dim: Dim, n: number): Dim {
  if (typeof dim === 'number') return dim + n;
  const [, inner, before] = matchWhole(SUM, dim) ?? ['', dim, '0'];
  const sum = Number(before) + n;
  return sum === 0 ? inner : `(${inner}${sum > 0 ? '+' : ''}${sum})`;
}

/** dim / by, rounded up */
export const ceilDivide = (dim: Dim, by: number): Dim => quotient('ceil', dim, by);

/** dim / by, rounded down */
export const floorDivide = (dim: Dim, by: number): Dim => quotient('floor', dim, by);

function quotient(round: 'ceil' | 'floor', dim: Dim, by: number): Dim {
  if (typeof dim === 'number') return Math[round](dim / by);
  const { count, factors } = toProduct(dim);
  if (count % by === 0) return toText({ count: count / by, factors });
  const [, rounded, inner, n] = matchWhole(QUOTIENT, dim) ?? [];
  // rounded twice the same way is rounded once
  return rounded === round ? quotient(round, inner, Number(n) * by) : `${round}(${dim}/${by})`;
}

export interface Window {
  kernel: number;
  stride: number;
  /** Padding on both sides together. */
  padding: number;
}

/** How often a window fits along `dim`: the size that a convolution leaves. */
export function windows(dim: Dim, { kernel, stride, padding }: Window): Dim {
  const room = padding - kernel + stride; // ⌊(dim + padding − kernel) / stride⌋ + 1 = ⌊(dim + room) / stride⌋
  return room === stride - 1 ? ceilDivide(dim, stride) : floorDivide(plus(dim, room), stride);
}

/** @throws AppError 'internal' where a name is not bound */
export function evaluateDim(dim: Dim, bindings: DimBindings): number {
  if (typeof dim === 'number') return dim;
  const { count, factors } = toProduct(dim);
  return factors.reduce((product, factor) => product * evaluateFactor(factor, bindings), count);
}

function evaluateFactor(factor: string, bindings: DimBindings): number {
  const [, round, inner, by] = QUOTIENT.exec(factor) ?? [];
  if (round === 'ceil' || round === 'floor') return Math[round](evaluateDim(inner, bindings) / Number(by));
  const [, left, right] = SUM.exec(factor) ?? [];
  if (left !== undefined) return evaluateDim(left, bindings) + Number(right);
  if (NAME.test(factor) && Object.hasOwn(bindings, factor)) return bindings[factor];
  throw new AppError('internal', `the size "${factor}" is not known; known: ${Object.keys(bindings).join(', ')}`);
}

/** How many elements a value of these dims has. @throws AppError 'internal' where a name is not bound */
export const countElements = (dims: readonly Dim[], bindings: DimBindings): number =>
  dims.reduce<number>((count, dim) => count * evaluateDim(dim, bindings), 1);

/** Where the text is not a product. */
const matchWhole = (pattern: RegExp, text: Dim): RegExpExecArray | null =>
  typeof text === 'string' && splitFactors(text).length === 1 ? pattern.exec(text) : null;

function toProduct(dim: Dim): Product {
  if (typeof dim === 'number') return { count: dim, factors: [] };
  const parts = splitFactors(dim);
  const numbers = parts.filter((part) => NUMBER.test(part));
  return {
    count: numbers.reduce((all, part) => all * Number(part), 1),
    factors: parts.filter((part) => !NUMBER.test(part)),
  };
}

function toText({ count, factors }: Product): Dim {
  if (count === 0 || factors.length === 0) return count;
  return [...(count === 1 ? [] : [count]), ...factors.toSorted()].join('*');
}

/** At the `*` that stand in no brackets. */
function splitFactors(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === '*' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
