/** Rotations of blocks of rows, from matrices that may be any: Cayley's transform. @see LyCORIS modules/diag_oft.py get_r */
import { identity, inverted, type Check } from './matrices';

interface Blocks {
  values: Float32Array;
  /** Side of each block. */
  size: number;
  /** What alpha is here: how far all blocks together may turn, as a share of the rows; 0 is no limit. */
  constraint: number;
  rows: number;
  check?: Check;
}

/** (I + Q)(I − Q)⁻¹ of each block, where Q = B − Bᵀ. */
export function rotationsOf({ values, size, constraint, rows, check }: Blocks): Float64Array[] {
  const count = values.length / (size * size);
  const skewed = Array.from({ length: count }, (_, n) => skew(values.subarray(n * size * size), size));
  const length = Math.sqrt(skewed.reduce((sum, q) => sum + q.reduce((own, value) => own + value * value, 0), 0));
  const limit = constraint * rows;
  const shrink = limit > 0 && length > limit ? limit / length : 1;
  return skewed.map((q) => cayley(q, { size, shrink, check }));
}

function skew(block: Float32Array, size: number): Float64Array {
  const q = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) q[i * size + j] = block[i * size + j] - block[j * size + i];
  return q;
}

function cayley(
  q: Float64Array,
  { size, shrink, check }: { size: number; shrink: number; check: Check },
): Float64Array {
  const one = identity(size);
  const plus = one.map((value, i) => value + shrink * q[i]);
  const inverse = inverted(
    one.map((value, i) => value - shrink * q[i]),
    size,
    check,
  );
  return squareProduct(plus, inverse, { size, check });
}

/** a · b, both of this side. */
export function squareProduct(
  a: Float64Array,
  b: Float64Array,
  { size, check }: { size: number; check: Check },
): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    check?.();
    for (let k = 0; k < size; k++)
      for (let j = 0; j < size; j++) out[i * size + j] += a[i * size + k] * b[k * size + j];
  }
  return out;
}

/**
 * Each block of `rows` turned: rows [size, columns] → rotation · rows, or its transpose · rows.
 * @param values  [blocks · size, columns], changed in place
 */
export function turnBlocks(
  values: Float64Array,
  rotations: readonly ArrayLike<number>[],
  { size, columns, isTransposed, check }: { size: number; columns: number; isTransposed: boolean; check?: Check },
): void {
  const turned = new Float64Array(size * columns);
  rotations.forEach((rotation, block) => {
    turned.fill(0);
    const start = block * size * columns;
    for (let i = 0; i < size; i++) {
      check?.();
      for (let j = 0; j < size; j++) {
        const factor = rotation[isTransposed ? j * size + i : i * size + j];
        if (factor === 0) continue;
        for (let column = 0; column < columns; column++)
          turned[i * columns + column] += factor * values[start + j * columns + column];
      }
    }
    values.set(turned, start);
  });
}

/** What is left after the old weight is taken away, each row first times its number of `rescale`. */
export function rescaledDifference(
  turned: Float64Array,
  weight: Float32Array,
  rescale: Float32Array | undefined,
  columns: number,
): Float32Array {
  return weight.map((old, i) => turned[i] * (rescale?.[Math.floor(i / columns)] ?? 1) - old);
}
