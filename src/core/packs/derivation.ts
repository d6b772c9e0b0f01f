/** Rewrites weight expressions: an operation on top of what is there, and one taken off. */
import { columnsOf, exprShape, reshape, rowsOf, scale, transpose, type WeightExpr } from '../graph';

type UnaryExpr = Exclude<WeightExpr, { op: 'tensor' | 'add' | 'concat' }>;

/** `expr` with `of` in place of what it is made of; what undoes itself is left out. */
export function applied(expr: UnaryExpr, of: WeightExpr): WeightExpr {
  switch (expr.op) {
    case 'transpose':
      return transposed(of);
    case 'reshape':
      return reshaped(of, expr.shape);
    case 'scale':
      return scaled(of, expr.by);
    default:
      return { ...expr, of };
  }
}

function transposed(of: WeightExpr): WeightExpr {
  if (of.op === 'transpose') return of.of;
  return of.op === 'scale' ? scaled(transposed(of.of), of.by) : transpose(of);
}

export function reshaped(of: WeightExpr, shape: readonly number[]): WeightExpr {
  const inner = of.op === 'reshape' ? of.of : of;
  return exprShape(inner).join() === shape.join() ? inner : reshape(inner, ...shape);
}

/** 1 / x and x again are 1 but for the last places. */
const ULPS = 4;

function scaled(of: WeightExpr, by: number): WeightExpr {
  if (of.op !== 'scale') return scale(of, by);
  const product = of.by * by;
  return Math.abs(product - 1) <= ULPS * Number.EPSILON ? of.of : scale(of.of, product);
}

/**
 * The part of `whole` that `isWanted`, out of an expression for the whole.
 * @returns undefined where `whole` has no such part, or it cannot be had again
 */
export function unwrapped(
  whole: WeightExpr,
  value: WeightExpr,
  isWanted: (part: WeightExpr) => boolean,
): WeightExpr | undefined {
  if (isWanted(whole)) return value;
  switch (whole.op) {
    case 'transpose':
      return unwrapped(whole.of, transposed(value), isWanted);
    case 'reshape':
      return unwrapped(whole.of, reshaped(value, exprShape(whole.of)), isWanted);
    case 'scale':
      return whole.by === 0 ? undefined : unwrapped(whole.of, scaled(value, 1 / whole.by), isWanted);
    case 'padRows':
      return unwrapped(whole.of, rowsOf(value, 0, exprShape(whole.of)[0]), isWanted);
    case 'padColumns':
      return unwrapped(whole.of, columnsOf(value, exprShape(whole.of)[1]), isWanted);
    case 'concat': {
      let from = 0;
      for (const part of whole.of) {
        const rows = exprShape(part)[0];
        const found = unwrapped(part, rowsOf(value, from, rows), isWanted);
        if (found) return found;
        from += rows;
      }
      return undefined;
    }
    case 'tensor':
    case 'add':
    case 'rows':
    case 'columns':
      return undefined;
  }
}
