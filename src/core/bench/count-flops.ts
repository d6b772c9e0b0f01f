/** How much arithmetic a graph is: two operations a multiply-add of matrices, convolutions and attention. */
import { evaluateDim, type BuiltGraph, type DimBindings, type GraphNode, type Value } from '../graph';

export type FlopKind = 'convolution' | 'matrix' | 'attention';

export type FlopCount = Record<FlopKind, number> & { total: number };

type Shape = readonly number[];

/**
 * As torch.utils.flop_counter counts, and as peers quote: nothing elementwise. Give it a graph of the portable target, whose
 * convolutions have no channels added for the sake of a kernel.
 *
 * @param bindings  what the sizes in the graph's shapes stand for: batch, tokens, height and width in cells
 */
export function countFlops(graph: BuiltGraph, bindings: DimBindings): FlopCount {
  const values = new Map<string, Value>(graph.values);
  for (const { value } of [...graph.weights, ...graph.constants]) values.set(value.name, value);
  for (const value of graph.inputs) values.set(value.name, value);
  const shapeOf = (name: string): Shape => (values.get(name)?.dims ?? []).map((dim) => evaluateDim(dim, bindings));
  const counts: FlopCount = { convolution: 0, matrix: 0, attention: 0, total: 0 };
  for (const node of graph.nodes) {
    const [kind, macs] = macsOf(node, shapeOf);
    counts[kind] += 2 * macs;
    counts.total += 2 * macs;
  }
  return counts;
}

const count = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);
const last = (shape: Shape): number => shape[shape.length - 1];

function macsOf({ op, inputs, outputs }: GraphNode, shapeOf: (name: string) => Shape): [FlopKind, number] {
  switch (op) {
    case 'Conv':
      return ['convolution', count(shapeOf(outputs[0])) * count(shapeOf(inputs[1]).slice(1))];
    case 'MatMul':
    case 'MatMulNBits':
    case 'Gemm':
      return ['matrix', count(shapeOf(outputs[0])) * last(shapeOf(inputs[0]))];
    case 'MultiHeadAttention':
      // scores, then mixing: each [n, m] by width
      return ['attention', 2 * count(shapeOf(outputs[0])) * shapeOf(inputs[1])[1]];
    default:
      return ['matrix', 0];
  }
}
