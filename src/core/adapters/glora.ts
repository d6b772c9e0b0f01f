/** GLoRA: W · a₁ · a₂ + b₁ · b₂. @see arXiv:2306.07967; LyCORIS modules/glora.py; ComfyUI comfy/weight_adapter/glora.py (old files) */
import {
  asMatrix,
  columnsOf,
  kernelOf,
  neededWeight,
  outOf,
  show,
  type AdapterKind,
  type Factors,
  type KindInput,
  type PartShapes,
} from './kind';
import { fromFactors } from './lora';

const [A1, A2, B1, B2] = ['a1.weight', 'a2.weight', 'b1.weight', 'b2.weight'];

export const glora = {
  name: 'a GLoRA',
  signs: [[A1, A2, B1, B2]],
  reads: [A1, A2, B1, B2],
  misfit(shapes, target) {
    if (orderOf(shapes, target)) return undefined;
    const found = [A1, A2, B1, B2].map((part) => show(shapes[part])).join(', ');
    return `has factors ${found}; the layer is ${show(target)}`;
  },
  rank: (shapes) => Math.min(...asMatrix(shapes[A1])),
  usesWeight: true,
  difference: (input) => fromFactors(factorsOf(input), input),
  factors: factorsOf,
} satisfies AdapterKind;

/** The parts in today's order: in files of LyCORIS 1 each pair stands the other way round. */
const ORDERS = [
  [A1, A2, B1, B2],
  [A2, A1, B2, B1],
] as const;

function orderOf(shapes: PartShapes, target: readonly number[]): (typeof ORDERS)[number] | undefined {
  const [out, columns, input] = [outOf(target), columnsOf(target), target[1] ?? 1];
  return ORDERS.find(([a1, a2, b1, b2]) => {
    const rank = asMatrix(shapes[a1])[1];
    const wanted = [
      [input, rank],
      [rank, input],
      [out, rank],
      [rank, columns],
    ];
    return [a1, a2, b1, b2].every((part, i) => asMatrix(shapes[part]).join() === wanted[i].join());
  });
}

/** up = [W · a₁ | b₁] and down = [a₂; b₂]; of a convolution, W is cut into its kernel's cells, and each has its own columns. */
function factorsOf(input: KindInput): Factors {
  const { parts, target, scale } = input;
  const weight = neededWeight(input);
  const shapes = Object.fromEntries(Object.entries(parts).map(([part, { shape }]) => [part, shape]));
  const order = orderOf(shapes, target);
  if (!order) throw new RangeError('factors that do not fit');
  const [a1, a2, b1, b2] = order.map((part) => parts[part].values);
  const [out, columns, kernel, width] = [outOf(target), columnsOf(target), kernelOf(target), target[1] ?? 1];
  const half = asMatrix(shapes[order[0]])[1];
  const rank = half * (kernel + 1);
  const up = new Float32Array(out * rank);
  const down = new Float32Array(rank * columns);
  for (let o = 0; o < out; o++) {
    input.check?.();
    for (let cell = 0; cell < kernel; cell++)
      for (let r = 0; r < half; r++) {
        let sum = 0;
        for (let i = 0; i < width; i++) sum += weight[(o * width + i) * kernel + cell] * a1[i * half + r];
        up[o * rank + cell * half + r] = sum;
      }
    for (let r = 0; r < half; r++) up[o * rank + kernel * half + r] = b1[o * half + r];
  }
  for (let r = 0; r < half; r++) {
    for (let cell = 0; cell < kernel; cell++)
      for (let j = 0; j < width; j++) down[(cell * half + r) * columns + j * kernel + cell] = a2[r * width + j];
    down.set(b2.subarray(r * columns, (r + 1) * columns), (kernel * half + r) * columns);
  }
  return { up, down, rank, scale };
}
