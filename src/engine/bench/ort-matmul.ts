/** The runtime's own product of matrices: what its kernels reach on this device when nothing else is in the way. */
import { createRandomWeights, type PeakRow } from '../../core/bench';
import { toAppError } from '../../core/errors';
import {
  GraphBuilder,
  linear,
  tensor,
  type Activations,
  type BuiltGraph,
  type NbitsForm,
  type Value,
} from '../../core/graph';
import { lazyGraph } from '../../core/weights';
import type { Runtime } from '../ports';
import { timeCalls, type TimeCallsOptions } from './time-calls';

export interface OrtMatmulOptions extends TimeCallsOptions {
  activations: Activations;
  /** Packed, as the library stores matrices. */
  packed?: NbitsForm;
  /** Rows, columns and depth of the product. */
  side: number;
  /** Products in one call: reading the answer back must not count. */
  products: number;
}

export async function measureOrtMatmul(
  runtime: Pick<Runtime, 'target' | 'createSession'>,
  o: OrtMatmulOptions,
): Promise<PeakRow> {
  const { activations, packed, side, products } = o;
  const form = packed === undefined ? activations : `${packed === 'nbits8' ? '8' : '4'}-bit matrices, ${activations}`;
  const what = `product of ${side} x ${side} matrices, ${form} (ONNX Runtime)`;
  try {
    const session = await runtime.createSession(lazyGraph(buildChain(o, runtime.target), createRandomWeights()));
    try {
      const inputs = { start: { data: new Float32Array(side).fill(1), dims: [1, side] } };
      const { ms } = await timeCalls(() => session.run(inputs), o);
      return { what, tflops: (products * 2 * side ** 3) / (ms / 1000) / 1e12 };
    } finally {
      await session.dispose();
    }
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    return { what, failure: error.message };
  }
}

/** table ∘ row of numbers, times a matrix again and again, then the mean of its rows: a row goes in, a row comes out. */
function buildChain({ activations, packed, side, products }: OrtMatmulOptions, target: Runtime['target']): BuiltGraph {
  const storedForm = () => packed;
  const g = new GraphBuilder('matmul', { target, activations, ...(packed && { storedForm }) });
  const start = g.input('start', 'float32', [1, side]);
  const table = g.weight(tensor('table', side, side));
  let x: Value = g.node('Mul', { inputs: [table, start], outputs: [[side, side]] })[0];
  for (let i = 0; i < products; i++) x = linear(g, x, tensor('matrix', side, side));
  const attributes = { keepdims: 1 };
  g.output('mean', g.node('ReduceMean', { inputs: [x, g.integers(0)], attributes, outputs: [[1, side]] })[0]);
  return g.build();
}
