/** BOFT: several Diag-OFTs, between which the rows are shuffled as in a butterfly. @see arXiv:2311.06243; LyCORIS modules/boft.py */
import { columnsOf, neededWeight, outOf, show, type AdapterKind } from './kind';
import { rescaleMisfit } from './oft';
import { rescaledDifference, rotationsOf, turnBlocks } from './rotation';

const [BLOCKS, RESCALE] = ['oft_blocks', 'rescale'];

export const boft = {
  name: 'a BOFT',
  signs: [[BLOCKS]],
  reads: [BLOCKS, RESCALE],
  isIt: (shapes) => shapes[BLOCKS].length === 4,
  misfit(shapes, target) {
    const [stages, count, size, other] = shapes[BLOCKS];
    if (size !== other || size % 2 !== 0) return `has blocks ${show([size, other])} that are not square and even`;
    if (count * size !== outOf(target)) return `turns ${count * size} rows; the layer is ${show(target)}`;
    if (outOf(target) % (2 ** stages * (size / 2)) !== 0) return `has ${stages} stages; the layer is ${show(target)}`;
    return rescaleMisfit(shapes[RESCALE], target);
  },
  usesWeight: true,
  difference(input) {
    const { parts, target, alpha = 0, check } = input;
    const weight = neededWeight(input);
    const [stages, count, size] = parts[BLOCKS].shape;
    const [rows, columns] = [outOf(target), columnsOf(target)];
    const rotations = rotationsOf({ values: parts[BLOCKS].values, size, constraint: alpha, rows, check });
    const turned = new Float64Array(weight);
    for (let stage = 0; stage < stages; stage++) {
      const order = butterfly(rows, 2 ** stage * (size / 2));
      const shuffled = new Float64Array(turned.length);
      order.forEach((from, to) => shuffled.set(turned.subarray(from * columns, (from + 1) * columns), to * columns));
      const own = rotations.slice(stage * count, (stage + 1) * count);
      turnBlocks(shuffled, own, { size, columns, isTransposed: false, check });
      order.forEach((from, to) => turned.set(shuffled.subarray(to * columns, (to + 1) * columns), from * columns));
    }
    return rescaledDifference(turned, weight, parts[RESCALE]?.values, columns);
  },
} satisfies AdapterKind;

/** Rows (c, 2, k) in the order (c, k, 2). @returns where each comes from */
function butterfly(rows: number, k: number): number[] {
  const order: number[] = [];
  for (let c = 0; c < rows; c += 2 * k) for (let i = 0; i < k; i++) order.push(c + i, c + k + i);
  return order;
}
