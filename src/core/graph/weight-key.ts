/** A weight expression as text, and back: the names under which a pack keeps its weights. */
import type { WeightExpr } from './weight-expr';

/**
 * The expression as text. Stored in packs: a changed text is another weight to them.
 *
 * A pack keeps no weight whose key holds a computed number (see packs/stored-parts.ts): `512 ** -0.5` is
 * 0.044194173824159216 in Node 20 and 0.04419417382415922 in Chromium 156.
 */
export const weightKey = (expr: WeightExpr): string => keyOf(expr, String);

/** The key without its factors, and they in the order of the text: engines differ in the last place of some. */
export function keyPattern(expr: WeightExpr): { pattern: string; factors: number[] } {
  const factors: number[] = [];
  const pattern = keyOf(expr, (factor) => {
    factors.push(factor);
    return '#';
  });
  return { pattern, factors };
}

function keyOf(expr: WeightExpr, factor: (by: number) => string): string {
  switch (expr.op) {
    case 'tensor':
      return expr.name;
    case 'transpose':
      return `transpose(${keyOf(expr.of, factor)})`;
    case 'reshape':
      return `reshape(${keyOf(expr.of, factor)}; ${expr.shape.join(' ')})`;
    case 'scale':
      return `scale(${keyOf(expr.of, factor)}; ${factor(expr.by)})`;
    case 'padRows':
      return `padRows(${keyOf(expr.of, factor)}; ${expr.rows})`;
    case 'padColumns':
    case 'columns':
      return `${expr.op}(${keyOf(expr.of, factor)}; ${expr.columns})`;
    case 'rows':
      return `rows(${keyOf(expr.of, factor)}; ${expr.from} ${expr.rows})`;
    case 'add':
    case 'concat':
      return `${expr.op}(${expr.of.map((part) => keyOf(part, factor)).join(', ')})`;
  }
}

/** Keys come from files: deeper nesting is no expression of ours. */
const MOST_DEPTH = 16;

/**
 * The expression that a key is the text of.
 *
 * @param shapeOf  of a tensor of the checkpoint, where it is known
 * @returns undefined for what is no key of ours, or names a tensor of unknown shape
 */
export function parseWeightKey(
  key: string,
  shapeOf: (tensor: string) => readonly number[] | undefined,
): WeightExpr | undefined {
  return new KeyParser(key, shapeOf).parse();
}

class KeyParser {
  #at = 0;

  constructor(
    readonly key: string,
    readonly shapeOf: (tensor: string) => readonly number[] | undefined,
  ) {}

  parse(): WeightExpr | undefined {
    const expr = this.#expr(0);
    return this.#at === this.key.length ? expr : undefined;
  }

  #expr(depth: number): WeightExpr | undefined {
    const word = this.#take(/[\w.-]+/y);
    if (word === undefined || depth > MOST_DEPTH) return undefined;
    if (!this.#take(/\(/y)) {
      const shape = this.shapeOf(word);
      return shape && { op: 'tensor', name: word, shape };
    }
    const parts = this.#parts(depth);
    const numbers =
      this.#take(/; [-+.\de ]+/y)
        ?.slice(2)
        .split(' ')
        .map(Number) ?? [];
    if (!parts || !this.#take(/\)/y) || numbers.some(Number.isNaN)) return undefined;
    return exprOf(word, parts, numbers);
  }

  #parts(depth: number): WeightExpr[] | undefined {
    const parts: WeightExpr[] = [];
    do {
      const part = this.#expr(depth + 1);
      if (!part) return undefined;
      parts.push(part);
    } while (this.#take(/, /y));
    return parts;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.key)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}

function exprOf(op: string, parts: WeightExpr[], numbers: number[]): WeightExpr | undefined {
  const [of, second] = parts;
  const isUnary = parts.length === 1;
  switch (`${op} ${isUnary ? numbers.length : -1}`) {
    case 'transpose 0':
      return { op: 'transpose', of };
    case 'scale 1':
      return { op: 'scale', of, by: numbers[0] };
    case 'padRows 1':
      return { op: 'padRows', of, rows: numbers[0] };
    case 'padColumns 1':
      return { op: 'padColumns', of, columns: numbers[0] };
    case 'columns 1':
      return { op: 'columns', of, columns: numbers[0] };
    case 'rows 2':
      return { op: 'rows', of, from: numbers[0], rows: numbers[1] };
    default:
      if (op === 'reshape' && isUnary && numbers.length > 0) return { op, of, shape: numbers };
      if (op === 'concat' && numbers.length === 0) return { op, of: parts };
      return op === 'add' && parts.length === 2 ? { op, of: [of, second] } : undefined;
  }
}
