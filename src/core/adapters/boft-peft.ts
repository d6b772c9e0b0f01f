/**
 * BOFT as PEFT and kohya's networks/boft.py have it: blocks of a weight's columns, turned in stages between which the columns are
 * shuffled, and a length for each row. LyCORIS' is of rows: boft.ts.
 * @see huggingface/peft tuners/boft/layer.py; kohya-ss/sd-scripts networks/boft.py
 */
import { plainCayley, turnColumns } from './column-rotation';
import { columnsOf, neededWeight, outOf, product, show, type AdapterKind } from './kind';

const [BLOCKS, LENGTHS] = ['boft_R', 'boft_s'];

export const boftPeft = {
  name: 'a BOFT',
  signs: [[BLOCKS, LENGTHS]],
  reads: [BLOCKS, LENGTHS],
  misfit(shapes, target) {
    const [stages, count, size, other] = shapes[BLOCKS];
    if (shapes[BLOCKS].length !== 4 || size !== other) return `has blocks ${show(shapes[BLOCKS])} that are not square`;
    if (target.length < 2 || count * size !== columnsOf(target))
      return `turns ${count * size} columns; the layer is ${show(target)}`;
    if (stages > 1 && (size % 2 !== 0 || count % 2 ** (stages - 1) !== 0))
      return `has ${stages} stages of ${count} blocks, which cannot be shuffled`;
    return product(shapes[LENGTHS]) === outOf(target)
      ? undefined
      : `has ${product(shapes[LENGTHS])} lengths; the layer is ${show(target)}`;
  },
  usesWeight: true,
  difference(input) {
    const { parts, target, check } = input;
    const weight = neededWeight(input);
    const { values, shape } = parts[BLOCKS];
    const [stages, count, size] = shape;
    const columns = columnsOf(target);
    const turned = Float64Array.from(weight);
    for (let stage = 0; stage < stages; stage++) {
      const rotations = Array.from({ length: count }, (_, block) => {
        const start = (stage * count + block) * size * size;
        return plainCayley(halfSkew(values.subarray(start, start + size * size), size), size, check);
      });
      const order = stages > 1 ? shuffled({ columns, blocks: count / 2 ** stage, group: size / 2 }) : undefined;
      if (order) reorder(turned, order, { columns, isBack: false });
      turnColumns(turned, rotations, { size, columns, isTransposed: false, check });
      if (order) reorder(turned, order, { columns, isBack: true });
    }
    const lengths = parts[LENGTHS].values;
    return weight.map((old, i) => turned[i] * lengths[Math.floor(i / columns)] - old);
  },
} satisfies AdapterKind;

/** (B − Bᵀ) / 2. */
function halfSkew(block: Float32Array, size: number): Float64Array {
  const q = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) q[i * size + j] = (block[i * size + j] - block[j * size + i]) / 2;
  return q;
}

/** Within each of `blocks` equal parts: its groups of columns at even places, then those at odd ones. @returns where each comes from */
function shuffled({ columns, blocks, group }: { columns: number; blocks: number; group: number }): number[] {
  const length = columns / blocks;
  const groups = Array.from({ length: length / group }, (_, i) => i);
  const sorted = [...groups.filter((i) => i % 2 === 0), ...groups.filter((i) => i % 2 === 1)];
  const order: number[] = [];
  for (let start = 0; start < columns; start += length)
    for (const at of sorted) for (let i = 0; i < group; i++) order.push(start + at * group + i);
  return order;
}

/** Columns of each row put to where the order takes them from, or back. */
function reorder(
  values: Float64Array,
  order: readonly number[],
  { columns, isBack }: { columns: number; isBack: boolean },
): void {
  for (let row = 0; row < values.length; row += columns) {
    const own = values.slice(row, row + columns);
    order.forEach((from, to) => {
      values[row + (isBack ? to : from)] = own[isBack ? from : to];
    });
  }
}
