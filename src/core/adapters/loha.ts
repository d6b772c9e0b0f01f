/** LoHa: two low-rank products, multiplied element by element. @see FedPara, arXiv:2108.06098; LyCORIS modules/loha.py */
import { columnsOf, kernelOf, outOf, product, show, type AdapterKind, type Factors, type KindInput } from './kind';
import { flipped, hadamard, multiply, throughCore, tucker } from './matrices';

const [W1A, W1B, W2A, W2B, T1, T2] = ['hada_w1_a', 'hada_w1_b', 'hada_w2_a', 'hada_w2_b', 'hada_t1', 'hada_t2'];

/** Highest rank of a branch: as a LoRA it has the rank squared, and beyond this costs more than it is worth, so that the difference is merged. */
const MAX_RANK = 12;

type Half = readonly [a: string, b: string, core: string];
const HALVES: readonly Half[] = [
  [W1A, W1B, T1],
  [W2A, W2B, T2],
];

export const loha = {
  name: 'a LoHa',
  signs: [[W1A, W1B, W2A, W2B]],
  reads: [W1A, W1B, W2A, W2B, T1, T2],
  misfit(shapes, target) {
    for (const [a, b, core] of HALVES) {
      const rank = shapes[b][0];
      const found = shapes[core]
        ? [shapes[a][1], shapes[b][1] * product(shapes[core].slice(2))]
        : [shapes[a][0], product(shapes[b].slice(1))];
      const isCore = !shapes[core] || (shapes[core][0] === rank && shapes[core][1] === rank);
      if (rank !== shapes[a][shapes[core] ? 0 : 1] || !isCore)
        return `has factors ${show(shapes[a])} and ${show(shapes[b])} of different ranks`;
      if (found[0] !== outOf(target) || found[1] !== columnsOf(target))
        return `has factors for ${show(found)}; the layer is ${show(target)}`;
    }
    return undefined;
  },
  rank: (shapes) => shapes[W1B][0],
  usesWeight: false,
  difference(input) {
    const [first, second] = HALVES.map((half) => halfOf(half, input));
    return hadamard(first, second, input.scale);
  },
  isLowRank: (shapes) => shapes[W1B][0] <= MAX_RANK && shapes[W2B][0] === shapes[W1B][0],
  branchRank: (shapes) => shapes[W1B][0] ** 2,
  factors: factorsOf,
} satisfies AdapterKind;

/** One of the two products, [out, in·k·k]. */
function halfOf([a, b, core]: Half, { parts, target, check }: KindInput): Float32Array {
  const [rank, columns] = [parts[b].shape[0], columnsOf(target)];
  if (!Object.hasOwn(parts, core))
    return multiply(parts[a].values, parts[b].values, { rows: outOf(target), inner: rank, columns, check });
  const sizes = { rows: outOf(target), rank, columns: target[1] ?? 1, kernel: kernelOf(target), check };
  return tucker({ core: parts[core].values, a: parts[a].values, b: parts[b].values }, sizes);
}

/** up[o, (i, j)] = a₁[o, i] · a₂[o, j]; down[(i, j), n] = b₁[i, n] · b₂[j, n]. */
function factorsOf(input: KindInput): Factors | undefined {
  const rank = input.parts[W1B].shape[0];
  if (rank > MAX_RANK || input.parts[W2B].shape[0] !== rank) return undefined;
  const [out, columns] = [outOf(input.target), columnsOf(input.target)];
  const [first, second] = HALVES.map((half) => plainHalf(half, input));
  const up = new Float32Array(out * rank * rank);
  const down = new Float32Array(rank * rank * columns);
  for (let i = 0; i < rank; i++)
    for (let j = 0; j < rank; j++) {
      const pair = i * rank + j;
      for (let o = 0; o < out; o++) up[o * rank * rank + pair] = first.a[o * rank + i] * second.a[o * rank + j];
      for (let n = 0; n < columns; n++) down[pair * columns + n] = first.b[i * columns + n] * second.b[j * columns + n];
    }
  return { up, down, rank: rank * rank, scale: input.scale };
}

/** a [out, rank] and b [rank, in·k·k], Tucker's core in b. */
function plainHalf([a, b, core]: Half, { parts, target }: KindInput): { a: Float32Array; b: Float32Array } {
  if (!Object.hasOwn(parts, core)) return { a: parts[a].values, b: parts[b].values };
  const rank = parts[b].shape[0];
  return {
    a: flipped(parts[a].values, rank, outOf(target)),
    b: throughCore(
      { core: parts[core].values, b: parts[b].values },
      { rank, columns: target[1] ?? 1, kernel: kernelOf(target) },
    ),
  };
}
