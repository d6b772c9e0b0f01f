/** How much arithmetic a graph is: two operations a multiply-add of matrices, convolutions and attention. */
import type { BuiltGraph, GraphNode } from '../graph';
import { inferShapes, type Shape } from './infer-shapes';

export type FlopKind = 'convolution' | 'matrix' | 'attention';

export type FlopCount = Record<FlopKind, number> & { total: number };

/**
 * As torch.utils.flop_counter counts, and as peers quote: nothing elementwise. Give it a graph of the portable target, whose
 * convolutions have no channels added for the sake of a kernel.
 *
 * @param inputs  shapes by name, for every input of the graph
 * @throws RangeError naming an operator whose shape is not known here
 */
export function countFlops(graph: BuiltGraph, inputs: Readonly<Record<string, Shape>>): FlopCount {
  const shapes = inferShapes(graph, inputs);
  const counts: FlopCount = { convolution: 0, matrix: 0, attention: 0, total: 0 };
  for (const node of graph.nodes) {
    const [kind, macs] = macsOf(node, (name) => shapes.get(name) ?? []);
    counts[kind] += 2 * macs;
    counts.total += 2 * macs;
  }
  return counts;
}

const count = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);
const last = (shape: Shape): number => shape[shape.length - 1];

function macsOf({ op, inputs, outputs }: GraphNode, shapeOf: (name: string) => Shape): [FlopKind, number] {
  const [a, b] = inputs.map(shapeOf);
  const out = count(shapeOf(outputs[0]));
  switch (op) {
    case 'Conv':
      return ['convolution', out * count(b.slice(1))];
    case 'MatMul':
    case 'MatMulNBits':
    case 'Gemm':
      return ['matrix', out * last(a)];
    case 'MultiHeadAttention':
      return ['attention', 2 * out * b[1]]; // scores, then mixing: each [n, m] by width
    default:
      return ['matrix', 0];
  }
}
