/** LoKr: Kronecker's product of two factors, each whole or a low-rank product. @see LyCORIS modules/lokr.py */
import {
  columnsOf,
  kernelOf,
  outOf,
  product,
  show,
  type AdapterKind,
  type Factors,
  type KindInput,
  type PartShapes,
} from './kind';
import { identity, multiply, tucker } from './matrices';

const [W1, W1A, W1B] = ['lokr_w1', 'lokr_w1_a', 'lokr_w1_b'];
const [W2, W2A, W2B, T2] = ['lokr_w2', 'lokr_w2_a', 'lokr_w2_b', 'lokr_t2'];

export const lokr = {
  name: 'a LoKr',
  signs: [
    [W1, W2],
    [W1, W2A, W2B],
    [W1A, W1B, W2],
    [W1A, W1B, W2A, W2B],
  ],
  reads: [W1, W1A, W1B, W2, W2A, W2B, T2],
  misfit(shapes, target) {
    const first = firstShape(shapes);
    if (!shapes[W1] && shapes[W1A][1] !== shapes[W1B][0])
      return `has factors ${show(shapes[W1A])} and ${show(shapes[W1B])} of different ranks`;
    const second = secondOf(shapes);
    if (second === undefined) return `has factors ${show(shapes[W2A])} and ${show(shapes[W2B])} of different ranks`;
    const found = [first[0] * second[0], first[1] * second[1]];
    if (first.length !== 2 || found[0] !== outOf(target) || found[1] !== columnsOf(target))
      return `has factors for ${show(found)}; the layer is ${show(target)}`;
    return undefined;
  },
  /** Where both factors are whole there is none, and alpha says nothing. */
  rank: (shapes) => (shapes[W2B] ?? shapes[W1B] ?? [])[0],
  usesWeight: false,
  difference(input) {
    const { parts, target, scale } = input;
    const first = firstFactor(parts);
    const second = secondFactor(input, first);
    return kronecker(first, second, { kernel: kernelOf(target), scale });
  },
  isLowRank: (shapes, target) => shapes[W2A] !== undefined && !shapes[T2] && isNarrow(shapes, target),
  branchRank: (shapes) => Math.min(...firstShape(shapes)) * (shapes[W2B]?.[0] ?? 1),
  factors: factorsOf,
} satisfies AdapterKind;

/** Whether the product of its factors is smaller than the weight. */
function isNarrow(shapes: PartShapes, target: readonly number[]): boolean {
  const [rows, columns] = shapes[W1] ?? [shapes[W1A][0], shapes[W1B][1]];
  const rank = Math.min(rows, columns) * shapes[W2B][0];
  const [out, inner] = [outOf(target), columnsOf(target)];
  return rank * (out + inner) < out * inner;
}

/** Rows, and columns with the kernel's cells. */
function secondOf(shapes: PartShapes): [number, number] | undefined {
  if (shapes[W2]) return [shapes[W2][0], product(shapes[W2].slice(1))];
  const [a, b, core] = [shapes[W2A], shapes[W2B], shapes[T2]];
  if (!core) return a[1] === b[0] ? [a[0], product(b.slice(1))] : undefined;
  if (a[0] !== core[0] || b[0] !== core[1] || core[0] !== core[1]) return undefined;
  return [a[1], b[1] * product(core.slice(2))];
}

const firstShape = (shapes: PartShapes): readonly number[] => shapes[W1] ?? [shapes[W1A][0], shapes[W1B][1]];

interface Matrix {
  values: ArrayLike<number>;
  rows: number;
  columns: number;
}

type Parts = KindInput['parts'];

function firstFactor(parts: Parts): Matrix {
  if (Object.hasOwn(parts, W1)) return matrix(parts[W1].values, parts[W1].shape);
  const [a, b] = [parts[W1A], parts[W1B]];
  const sizes = { rows: a.shape[0], inner: a.shape[1], columns: b.shape[1] };
  return { values: multiply(a.values, b.values, sizes), ...sizes };
}

/** The second factor, with the kernel's cells beside its columns. */
function secondFactor({ parts, target, check }: KindInput, first: Matrix): Matrix {
  if (Object.hasOwn(parts, W2)) return matrix(parts[W2].values, parts[W2].shape);
  const [a, b] = [parts[W2A], parts[W2B]];
  const [rows, columns] = [outOf(target) / first.rows, columnsOf(target) / first.columns];
  if (!Object.hasOwn(parts, T2))
    return { values: multiply(a.values, b.values, { rows, inner: b.shape[0], columns, check }), rows, columns };
  const kernel = kernelOf(target);
  const sizes = { rows, rank: b.shape[0], columns: columns / kernel, kernel, check };
  return { values: tucker({ core: parts[T2].values, a: a.values, b: b.values }, sizes), rows, columns };
}

const matrix = (values: Float32Array, shape: readonly number[]): Matrix => ({
  values,
  rows: shape[0],
  columns: product(shape.slice(1)),
});

/** a ⊗ b; b's columns hold a kernel's cells, which stay beside each other. */
function kronecker(a: Matrix, b: Matrix, { kernel, scale }: { kernel: number; scale: number }): Float32Array {
  const out = new Float32Array(a.rows * b.rows * a.columns * b.columns);
  let at = 0;
  for (let i = 0; i < a.rows; i++)
    for (let p = 0; p < b.rows; p++)
      for (let j = 0; j < a.columns; j++) {
        const factor = scale * a.values[i * a.columns + j];
        for (let q = 0; q < b.columns; q++) out[at++] = factor * b.values[p * b.columns + q];
      }
  if (b.columns % kernel !== 0) throw new RangeError(`${b.columns} columns hold no kernels of ${kernel} cells`);
  return out;
}

/**
 * With w₂ = p · q it is (w₁ ⊗ p) · (I ⊗ q), or (I ⊗ p) · (w₁ ⊗ q), whichever is narrower. Where w₂ is whole, or the product would
 * be no smaller than the weight, there are none.
 */
function factorsOf({ parts, target, scale }: KindInput): Factors | undefined {
  if (!Object.hasOwn(parts, W2A) || Object.hasOwn(parts, T2)) return undefined;
  const first = firstFactor(parts);
  const [a, b] = [parts[W2A], parts[W2B]];
  const [p, q] = [matrix(a.values, a.shape), matrix(b.values, b.shape)];
  const isWide = first.columns <= first.rows;
  const unit = isWide ? first.columns : first.rows;
  const rank = unit * q.rows;
  const shapes = Object.fromEntries(Object.entries(parts).map(([part, { shape }]) => [part, shape]));
  if (!isNarrow(shapes, target)) return undefined;
  const one: Matrix = { values: identity(unit), rows: unit, columns: unit };
  const plain = { kernel: 1, scale: 1 };
  return {
    up: kronecker(isWide ? first : one, p, plain),
    down: kronecker(isWide ? one : first, q, plain),
    rank,
    scale,
  };
}
