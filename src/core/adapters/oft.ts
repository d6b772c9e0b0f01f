/** Diag-OFT: blocks of rows, each turned. @see arXiv:2306.07280; LyCORIS modules/diag_oft.py; kohya-ss/sd-scripts networks/oft.py */
import { columnsOf, neededWeight, outOf, product, show, type AdapterKind } from './kind';
import { rescaledDifference, rotationsOf, turnBlocks } from './rotation';

/** `oft_diag` is of LyCORIS 1.9: rotations as they are. */
const [BLOCKS, READY, RESCALE] = ['oft_blocks', 'oft_diag', 'rescale'];

export const oft = {
  name: 'an OFT',
  signs: [[BLOCKS], [READY]],
  reads: [BLOCKS, READY, RESCALE],
  isIt: (shapes) => (shapes[BLOCKS] ?? shapes[READY]).length === 3,
  misfit(shapes, target) {
    const [count, size, other] = shapes[BLOCKS] ?? shapes[READY];
    if (size !== other) return `has blocks ${show([size, other])} that are not square`;
    if (count * size !== outOf(target)) return `turns ${count * size} rows; the layer is ${show(target)}`;
    return rescaleMisfit(shapes[RESCALE], target);
  },
  usesWeight: true,
  difference(input) {
    const { parts, target, alpha = 0, check } = input;
    const weight = neededWeight(input);
    const { values, shape } = parts[BLOCKS] ?? parts[READY];
    const [count, size] = shape;
    const rotations = Object.hasOwn(parts, BLOCKS)
      ? rotationsOf({ values, size, constraint: alpha, rows: outOf(target), check })
      : Array.from({ length: count }, (_, n) => values.subarray(n * size * size, (n + 1) * size * size));
    const turned = new Float64Array(weight);
    const columns = columnsOf(target);
    turnBlocks(turned, rotations, { size, columns, isTransposed: true, check });
    return rescaledDifference(turned, weight, parts[RESCALE]?.values, columns);
  },
} satisfies AdapterKind;

export function rescaleMisfit(rescale: readonly number[] | undefined, target: readonly number[]): string | undefined {
  if (!rescale || product(rescale) === outOf(target)) return undefined;
  return `has ${product(rescale)} scales; the layer is ${show(target)}`;
}
