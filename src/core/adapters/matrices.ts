/** Products of small matrices, row-major, summed in float64. */

/** What may end a long product: called every so many thousands of multiplications. It throws where nobody wants it any more. */
export type Check = (() => void) | undefined;

export interface Sizes {
  rows: number;
  inner: number;
  columns: number;
  check?: Check;
}

/** a [rows, inner] · b [inner, columns], times `scale`. */
export function multiply(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { rows, inner, columns, check }: Sizes,
  scale = 1,
): Float32Array {
  const out = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    check?.();
    sums.fill(0);
    for (let i = 0; i < inner; i++) {
      const factor = a[row * inner + i];
      if (factor === 0) continue;
      for (let column = 0, at = i * columns; column < columns; column++, at++) sums[column] += factor * b[at];
    }
    for (let column = 0, at = row * columns; column < columns; column++, at++) out[at] = scale * sums[column];
  }
  return out;
}

/** @returns a · b, element by element, times `scale` */
export function hadamard(a: Float32Array, b: Float32Array, scale: number): Float32Array {
  return a.map((value, i) => scale * value * b[i]);
}

/** [rows, columns] → [columns, rows]. */
export function flipped(values: ArrayLike<number>, rows: number, columns: number): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) out[column * rows + row] = values[row * columns + column];
  return out;
}

/** Σᵢⱼ core[i, j, ·] · a[i, row] · b[j, column]: what Tucker's three factors stand for. */
export function tucker(
  { core, a, b }: { core: ArrayLike<number>; a: ArrayLike<number>; b: ArrayLike<number> },
  { rows, ...sizes }: CoreSizes & { rows: number },
): Float32Array {
  const middle = throughCore({ core, b }, sizes);
  const { rank, columns, kernel, check } = sizes;
  return multiply(flipped(a, rank, rows), middle, { rows, inner: rank, columns: columns * kernel, check });
}

interface CoreSizes {
  rank: number;
  columns: number;
  kernel: number;
  check?: Check;
}

/** Σⱼ core[i, j, ·] · b[j, column] → [rank, columns, kernel]. */
export function throughCore(
  { core, b }: { core: ArrayLike<number>; b: ArrayLike<number> },
  { rank, columns, kernel, check }: CoreSizes,
): Float32Array {
  const out = new Float64Array(rank * columns * kernel);
  for (let i = 0; i < rank; i++)
    for (let j = 0; j < rank; j++) {
      check?.();
      for (let column = 0; column < columns; column++) {
        const factor = b[j * columns + column];
        const [from, to] = [(i * rank + j) * kernel, (i * columns + column) * kernel];
        for (let k = 0; k < kernel; k++) out[to + k] += factor * core[from + k];
      }
    }
  return Float32Array.from(out);
}

/** [rows, columns] inverted by Gauss and Jordan with pivots. @throws RangeError where there is no inverse */
export function inverted(matrix: Float64Array, size: number, check?: Check): Float64Array {
  const a = Float64Array.from(matrix);
  const out = identity(size);
  for (let step = 0; step < size; step++) {
    check?.();
    let pivot = step;
    for (let row = step + 1; row < size; row++)
      if (Math.abs(a[row * size + step]) > Math.abs(a[pivot * size + step])) pivot = row;
    const value = a[pivot * size + step];
    if (!(Math.abs(value) > 0)) throw new RangeError('a matrix has no inverse');
    for (const m of [a, out]) {
      swapRows(m, size, step, pivot);
      for (let column = 0; column < size; column++) m[step * size + column] /= value;
    }
    for (let row = 0; row < size; row++) {
      const factor = row === step ? 0 : a[row * size + step];
      if (factor === 0) continue;
      for (const m of [a, out])
        for (let column = 0; column < size; column++) m[row * size + column] -= factor * m[step * size + column];
    }
  }
  return out;
}

export function identity(size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) out[i * size + i] = 1;
  return out;
}

function swapRows(m: Float64Array, size: number, a: number, b: number): void {
  if (a === b) return;
  const row = m.slice(a * size, (a + 1) * size);
  m.copyWithin(a * size, b * size, (b + 1) * size);
  m.set(row, b * size);
}
