/** Computes a weight of the graph from tensors of the checkpoint. */
import { elementCount, exprShape, type WeightExpr } from '../graph';
import { transposed } from '../math';

export type ReadTensor = (name: string) => Promise<Float32Array<ArrayBuffer>>;

/** @returns values in row-major order of `exprShape(expr)` */
export async function evaluate(expr: WeightExpr, read: ReadTensor): Promise<Float32Array<ArrayBuffer>> {
  switch (expr.op) {
    case 'tensor':
      return read(expr.name);
    case 'reshape':
      return evaluate(expr.of, read);
    case 'scale':
      return (await evaluate(expr.of, read)).map((value) => value * expr.by);
    case 'transpose': {
      const [rows, columns] = exprShape(expr.of);
      return transposed(await evaluate(expr.of, read), rows, columns);
    }
    case 'padRows': {
      const padded = new Float32Array(elementCount(exprShape(expr)));
      padded.set(await evaluate(expr.of, read));
      return padded;
    }
    case 'padColumns': {
      const values = await evaluate(expr.of, read);
      const padded = new Float32Array(elementCount(exprShape(expr)));
      const rows = exprShape(expr)[0];
      const from = values.length / rows;
      for (let row = 0; row < rows; row++)
        padded.set(values.subarray(row * from, (row + 1) * from), (row * padded.length) / rows);
      return padded;
    }
    case 'add': {
      const [a, b] = await Promise.all(expr.of.map((part) => evaluate(part, read)));
      return a.map((value, i) => value + b[i]);
    }
    case 'concat': {
      const joined = new Float32Array(elementCount(exprShape(expr)));
      let end = 0;
      for (const part of expr.of) {
        const values = await evaluate(part, read);
        joined.set(values, end);
        end += values.length;
      }
      return joined;
    }
  }
}
