/** Computes a weight of the graph from tensors of the checkpoint, or of a pack. */
import { elementCount, exprShape, exprTensors, type WeightExpr } from '../graph';
import { transposed } from '../math';

type Values = Float32Array<ArrayBuffer>;

export type ReadTensor = (name: string) => Promise<Values>;

/** @returns values in row-major order of `exprShape(expr)` */
export async function evaluate(expr: WeightExpr, read: ReadTensor): Promise<Values> {
  const values = new Map<string, Values>();
  for (const { name } of exprTensors([expr])) values.set(name, await read(name));
  return evaluateNow(expr, (name) => {
    const found = values.get(name);
    if (!found) throw new RangeError(`${name} was not read`);
    return found;
  });
}

/** The same where tensors can be read at once. */
export function evaluateNow(expr: WeightExpr, read: (name: string) => Values): Values {
  switch (expr.op) {
    case 'tensor':
      return read(expr.name);
    case 'reshape':
      return evaluateNow(expr.of, read);
    case 'scale':
      return times(evaluateNow(expr.of, read), expr.by);
    case 'transpose': {
      const [rows, columns] = exprShape(expr.of);
      return transposed(evaluateNow(expr.of, read), rows, columns);
    }
    case 'padRows': {
      const padded = new Float32Array(elementCount(exprShape(expr)));
      padded.set(evaluateNow(expr.of, read));
      return padded;
    }
    case 'rows': {
      const values = evaluateNow(expr.of, read);
      const size = elementCount(exprShape(expr)) / expr.rows;
      return values.slice(expr.from * size, (expr.from + expr.rows) * size);
    }
    case 'padColumns':
    case 'columns':
      return withColumns(evaluateNow(expr.of, read), exprShape(expr));
    case 'add': {
      const [a, b] = expr.of.map((part) => evaluateNow(part, read));
      return a.map((value, i) => value + b[i]);
    }
    case 'concat': {
      const joined = new Float32Array(elementCount(exprShape(expr)));
      let end = 0;
      for (const part of expr.of) {
        const values = evaluateNow(part, read);
        joined.set(values, end);
        end += values.length;
      }
      return joined;
    }
  }
}

/** A callback for each number would take ten times as long. */
function times(values: Values, by: number): Values {
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = values[i] * by;
  return out;
}

/** Each row cut, or continued by zeros, to what `shape` wants. */
function withColumns(values: Values, shape: readonly number[]): Values {
  const out = new Float32Array(elementCount(shape));
  const rows = shape[0];
  const [from, to] = [values.length / rows, out.length / rows];
  const kept = Math.min(from, to);
  for (let row = 0; row < rows; row++) out.set(values.subarray(row * from, row * from + kept), row * to);
  return out;
}
