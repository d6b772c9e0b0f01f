/**
 * Kernels that the app's graphs are run by and no small network is, each in a graph of its own: sizes of the published models, packed weights, LoRAs
 * beside them, edges that are joined. every-kernel.test.ts says which are needed.
 */
import {
  attention,
  conv,
  exprShape,
  fitsNbits,
  fromNchw,
  linear,
  pixelShuffle,
  repeatPixels,
  tensor,
  toNchw,
  type Dim,
  type GraphBuilder,
  type GraphForm,
  type NbitsForm,
  type StoredForm,
  type Tiling,
  type Value,
} from '../../src/core/graph';
import { loraBeside } from '../../src/core/networks/testing/cases';
import type { OperatorCase } from './operator-cases';

export interface KernelCase extends OperatorCase {
  /** What the graph is built for, beside target and precision. */
  form?: Partial<GraphForm>;
  /** Shapes as the graph knows them, where it does not know all. */
  dims?: readonly (readonly Dim[])[];
}

const attend = (size: number, causal = false): KernelCase => ({
  // more keys than a tile of ONNX Runtime's flash attention has
  inputs: [
    [2, causal ? 37 : 9, 2 * size],
    [2, 37, 2 * size],
    [2, 37, 2 * size],
  ],
  build: (g, q, k, v) => attention(g, q, k, v, { heads: 2, causal }),
});

const storedAs =
  (matrices: NbitsForm) =>
  (_key: string, shape: readonly number[]): StoredForm | undefined => {
    if (shape.length === 4) return 'int8_channel';
    return fitsNbits(shape) ? matrices : undefined;
  };

/** One product with a bias and one without. */
const packed = (form: NbitsForm, ...rows: number[]): KernelCase => ({
  inputs: [[...rows, 64]],
  form: { storedForm: storedAs(form) },
  build: (g, x) => linear(g, linear(g, x, tensor('first', 96, 64), tensor('bias', 96)), tensor('second', 40, 96)),
});

const convolved = (g: GraphBuilder, x: Value): Value =>
  toNchw(g, conv(g, fromNchw(g, x), tensor('kernel', 12, 8, 3, 3), undefined, { pads: [1, 1, 1, 1] }));

const tiled = (tiling: Tiling): KernelCase => ({ inputs: [[2, 8, 9, 7]], form: { tiling }, build: convolved });

/** LoRAs of such ranks beside a matrix: apart, or side by side. */
const withLoras = (ranks: readonly number[], isApart: boolean): KernelCase => {
  const factors = ranks.map((rank, i) => ({ input: `adapter_${i}`, rank }));
  return {
    inputs: [[3, 64]],
    form: {
      branches: (weight) =>
        exprShape(weight).length === 2 && !JSON.stringify(weight).includes('lora.')
          ? isApart
            ? factors.flatMap((factor) => loraBeside(weight, [factor], factor.rank))
            : loraBeside(
                weight,
                factors,
                ranks.reduce((a, b) => a + b),
              )
          : [],
    },
    build: (g, x) => linear(g, x, tensor('proj.weight', 40, 64)),
  };
};

const inImage = (inputs: readonly number[], build: (g: GraphBuilder, x: Value) => Value): KernelCase => ({
  inputs: [inputs],
  build: (g, x) => toNchw(g, build(g, fromNchw(g, x))),
});

const node = (
  g: GraphBuilder,
  op: string,
  inputs: Value[],
  dims: readonly (readonly Dim[])[],
  attributes = {},
): Value[] => g.node(op, { inputs, outputs: dims, attributes });

export const KERNEL_CASES: Record<string, KernelCase> = {
  'attention, heads of 40': attend(40),
  'attention, heads of 48': attend(48),
  'attention, heads of 64': attend(64),
  'attention, heads of 80': attend(80),
  'attention, heads of 104': attend(104),
  'attention, heads of 160': attend(160),
  'attention, heads of 48, causal': attend(48, true),
  'attention, heads of 64, causal': attend(64, true),
  'packed in 8 bits': packed('nbits8', 2, 5),
  'packed in 4 bits': packed('nbits4', 2, 5),
  'packed in 8 bits, rows': packed('nbits8', 3),
  'packed in 4 bits, rows': packed('nbits4', 3),
  'a packed kernel': {
    inputs: [[2, 8, 9, 7]],
    form: { storedForm: storedAs('nbits8'), packsKernels: true },
    build: convolved,
  },
  'halves of a bias': {
    inputs: [[16]],
    build: (g, x) => {
      const [a, b] = node(g, 'Split', [x, g.integers(8, 8)], [[8], [8]], { axis: 0 });
      return node(g, 'Concat', [b, a], [[16]], { axis: 0 })[0];
    },
  },
  'many numbers in a row': {
    inputs: [[2], [3]],
    build: (g, x, y) => node(g, 'Concat', [x, y, x, y, x, y, x, y, x], [[22]], { axis: 0 })[0],
  },
  'a LoRA of rank 4 beside rows': withLoras([4], true),
  'a LoRA of rank 3 beside rows': withLoras([3], true),
  'four LoRAs side by side, beside rows': withLoras([1, 2, 3, 4], false),
  'edges joined': tiled('both'),
  'left and right edges joined': tiled('x'),
  'top and bottom edges joined': tiled('y'),
  'three times as large, of channels': inImage([1, 36, 5, 7], (g, x) => pixelShuffle(g, x, 3)),
  'three times as large, repeated': inImage([1, 4, 5, 7], (g, x) => repeatPixels(g, x, 3)),
  'an image as it is': inImage([1, 4, 5, 7], (g, x) => node(g, 'Identity', [x], [x.dims])[0]),
  'products of windows': {
    inputs: [
      [2, 4, 8, 16],
      [2, 4, 16, 8],
    ],
    build: (g, x, y) => node(g, 'MatMul', [x, y], [[2, 4, 8, 8]])[0],
  },
  'products of windows, as many as there are': {
    inputs: [
      [2, 4, 8, 12],
      [2, 4, 12, 8],
    ],
    dims: [
      [2, 4, 8, 'places'],
      [2, 4, 'places', 8],
    ],
    build: (g, x, y) => node(g, 'MatMul', [x, y], [[2, 4, 8, 8]])[0],
  },
};
