/** Rotations of blocks of a weight's columns. @see huggingface/peft tuners/oft/layer.py, tuners/boft/layer.py */
import { identity, inverted, type Check } from './matrices';
import { squareProduct } from './rotation';

/** What PEFT takes of Neumann's series unless its settings say otherwise; others have no setting. */
export const NEUMANN_TERMS = 5;

interface Sizes {
  size: number;
  check?: Check;
}

/**
 * The first terms of Neumann's series for (I + Q)(I − Q)⁻¹, near to it for small Q: I + 2Q + 2Q² + 2Q³ + Q⁴ for five of them.
 * The last power is not doubled, and is the third at least.
 */
export function neumannRotation(q: Float64Array, { size, terms, check }: Sizes & { terms: number }): Float64Array {
  const sum = identity(size);
  const last = terms > 2 ? Math.max(terms - 1, 3) : terms - 1;
  let power = q;
  for (let exponent = 1; exponent <= last; exponent++) {
    if (exponent > 1) power = squareProduct(power, q, { size, check });
    const factor = exponent > 1 && exponent === last ? 1 : 2;
    for (let i = 0; i < sum.length; i++) sum[i] += factor * power[i];
  }
  return sum;
}

/** (I − Q)(I + Q)⁻¹. */
export function plainCayley(q: Float64Array, size: number, check?: Check): Float64Array {
  const one = identity(size);
  const inverse = inverted(
    one.map((value, i) => value + q[i]),
    size,
    check,
  );
  return squareProduct(
    one.map((value, i) => value - q[i]),
    inverse,
    { size, check },
  );
}

/**
 * Each block of columns turned: every row w of it becomes R · w, or Rᵀ · w.
 * @param values  [rows, columns], changed in place
 */
export function turnColumns(
  values: Float64Array,
  rotations: readonly ArrayLike<number>[],
  { size, columns, isTransposed, check }: Sizes & { columns: number; isTransposed: boolean },
): void {
  const turned = new Float64Array(size);
  for (let row = 0; row < values.length; row += columns) {
    check?.();
    rotations.forEach((rotation, block) => {
      const start = row + block * size;
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let j = 0; j < size; j++) sum += rotation[isTransposed ? j * size + i : i * size + j] * values[start + j];
        turned[i] = sum;
      }
      values.set(turned, start);
    });
  }
}
