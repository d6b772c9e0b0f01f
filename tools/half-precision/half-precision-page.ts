/** What half precision does to each operator and to whole networks on this browser's GPU; `tools/half-precision.mjs` asks. */
import { GraphBuilder, type BuiltGraph, type GraphForm, type NbitsForm } from '../../src/core/graph';
import { gaussian, relativeError } from '../../src/core/weights/testing/numbers';
import type { NamedTensor, Runtime } from '../../src/engine/ports';
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { OPERATOR_CASES, type OperatorCase } from './operator-cases';
import { asHalf, MadeWeights, runGraph } from './run-graph';

export interface OperatorResult {
  name: string;
  /** Relative L2 error against float32 on the CPU, or what the runtime said. */
  error: number | string;
}

declare global {
  interface Window {
    operatorNames: readonly string[];
    /** On the GPU in float16 or float32, with plain or with packed matrices. */
    runOperator(name: string, activations: 'float16' | 'float32', packed?: NbitsForm): Promise<OperatorResult>;
  }
}

const runtimes = new Map<'webgpu' | 'wasm', Promise<Runtime>>();

function runtimeOf(provider: 'webgpu' | 'wasm'): Promise<Runtime> {
  const known = runtimes.get(provider) ?? createRuntime(provider);
  runtimes.set(provider, known);
  return known;
}

function buildCase({ inputs, build }: OperatorCase, form: GraphForm): BuiltGraph {
  const g = new GraphBuilder('operator', form);
  g.output('out', build(g, ...inputs.map((dims, i) => g.input(`in_${i}`, 'float32', dims))));
  return g.build();
}

window.operatorNames = Object.keys(OPERATOR_CASES);

window.runOperator = async (name, activations, packed) => {
  const operator = OPERATOR_CASES[name];
  const { spread = 1, mean = 0 } = operator;
  const feeds: Record<string, NamedTensor> = {};
  operator.inputs.forEach((dims, i) => {
    const count = dims.reduce((product, n) => product * n, 1);
    feeds[`in_${i}`] = { dims, data: asHalf(gaussian(count, i + 1).map((value) => mean + spread * value)) };
  });
  const weights = new MadeWeights(packed);
  const reference = buildCase(operator, { target: 'portable', activations: 'float32' });
  const expected = await runGraph(await runtimeOf('wasm'), reference, weights, feeds);
  const storedForm = packed && weights.storedForm;
  const subject = buildCase(operator, { target: 'webgpu', activations, ...(storedForm ? { storedForm } : {}) });
  try {
    const actual = await runGraph(await runtimeOf('webgpu'), subject, weights, feeds);
    return { name, error: relativeError(actual['out'], expected['out']) };
  } catch (error) {
    return { name, error: error instanceof Error ? error.message.slice(0, 300) : String(error) };
  }
};
