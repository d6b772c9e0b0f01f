/** How a weight of the graph is made from tensors of the checkpoint: a small tree, as plain data. */
import { AppError } from '../errors';

export type WeightExpr =
  | { readonly op: 'tensor'; readonly name: string; readonly shape: readonly number[] }
  /** [a, b] → [b, a] */
  | { readonly op: 'transpose'; readonly of: WeightExpr }
  | { readonly op: 'reshape'; readonly of: WeightExpr; readonly shape: readonly number[] }
  /** Several weights along the first axis. */
  | { readonly op: 'concat'; readonly of: readonly WeightExpr[] }
  | { readonly op: 'add'; readonly of: readonly [WeightExpr, WeightExpr] }
  | { readonly op: 'scale'; readonly of: WeightExpr; readonly by: number }
  /** Zeros appended along the first axis until it has `rows`. */
  | { readonly op: 'padRows'; readonly of: WeightExpr; readonly rows: number }
  /** Zeros appended along the second axis until it has `columns`. */
  | { readonly op: 'padColumns'; readonly of: WeightExpr; readonly columns: number }
  /** Some of the indices of the first axis. */
  | { readonly op: 'rows'; readonly of: WeightExpr; readonly from: number; readonly rows: number }
  /** The first indices of the second axis. */
  | { readonly op: 'columns'; readonly of: WeightExpr; readonly columns: number };

/** A tensor of the checkpoint: its name and the shape it must have. */
export const tensor = (name: string, ...shape: number[]): WeightExpr => ({ op: 'tensor', name, shape });
export const transpose = (of: WeightExpr): WeightExpr => ({ op: 'transpose', of });
export const reshape = (of: WeightExpr, ...shape: number[]): WeightExpr => ({ op: 'reshape', of, shape });
export const concat = (...of: WeightExpr[]): WeightExpr => ({ op: 'concat', of });
export const add = (a: WeightExpr, b: WeightExpr): WeightExpr => ({ op: 'add', of: [a, b] });
/** Times 1 is the expression itself. */
export const scale = (of: WeightExpr, by: number): WeightExpr => (by === 1 ? of : { op: 'scale', of, by });
export const padRows = (of: WeightExpr, rows: number): WeightExpr => ({ op: 'padRows', of, rows });
export const padColumns = (of: WeightExpr, columns: number): WeightExpr => ({ op: 'padColumns', of, columns });
export const rowsOf = (of: WeightExpr, from: number, rows: number): WeightExpr => ({ op: 'rows', of, from, rows });
export const columnsOf = (of: WeightExpr, columns: number): WeightExpr => ({ op: 'columns', of, columns });

export const elementCount = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** @throws AppError 'internal' where shapes do not fit: a mistake in the model's code, not in a file */
export function exprShape(expr: WeightExpr): readonly number[] {
  switch (expr.op) {
    case 'tensor':
      return expr.shape;
    case 'scale':
      return exprShape(expr.of);
    case 'transpose': {
      const [rows, columns, ...rest] = exprShape(expr.of);
      if (columns === undefined || rest.length > 0) return misfit('transpose needs two dimensions');
      return [columns, rows];
    }
    case 'reshape':
      return elementCount(expr.shape) === elementCount(exprShape(expr.of))
        ? expr.shape
        : misfit('reshape changes the count');
    case 'padRows':
    case 'rows':
      return [expr.rows, ...exprShape(expr.of).slice(1)];
    case 'padColumns':
    case 'columns': {
      const [rows, , ...rest] = exprShape(expr.of);
      return [rows, expr.columns, ...rest];
    }
    case 'add': {
      const [a, b] = expr.of.map(exprShape);
      return a.join() === b.join() ? a : misfit(`cannot add [${a.join()}] and [${b.join()}]`);
    }
    case 'concat': {
      const shapes = expr.of.map(exprShape);
      const tails = new Set(shapes.map((s) => s.slice(1).join()));
      if (tails.size !== 1) return misfit('concat needs equal shapes after the first axis');
      return [shapes.reduce((rows, s) => rows + s[0], 0), ...shapes[0].slice(1)];
    }
  }
}

function misfit(what: string): never {
  throw new AppError('internal', `weight expression: ${what}`);
}

/** Every checkpoint tensor that the expressions read, once. */
export function exprTensors(exprs: readonly WeightExpr[]): { name: string; shape: readonly number[] }[] {
  const found = new Map<string, readonly number[]>();
  const visit = (expr: WeightExpr): void => {
    if (expr.op === 'tensor') found.set(expr.name, expr.shape);
    else if (expr.op === 'concat' || expr.op === 'add') expr.of.forEach(visit);
    else visit(expr.of);
  };
  exprs.forEach(visit);
  return [...found].map(([name, shape]) => ({ name, shape }));
}
