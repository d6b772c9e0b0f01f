/** Runs every component of a pack once on numbers that are the same everywhere. */
import { evaluateDim, type GraphForm, type Value } from '../../src/core/graph';
import { buildComponentGraph } from '../../src/core/networks';
import { assertPack, openWeights, type OpenPack } from '../../src/core/packs';
import type { ComponentId } from '../../src/core/networks/components';
import { lazyGraph } from '../../src/core/weights';
import { gaussian } from '../../src/core/weights/testing/numbers';
import type { RawTensor, Runtime } from '../../src/engine/ports';

const SIZES = { batch: 1, tokens: 77, height: 8, width: 8 };

/** @returns by component: its first output */
export async function runComponents(open: OpenPack, runtime: Runtime): Promise<Record<string, number[]>> {
  assertPack(open.pack);
  const outputs: Record<string, number[]> = {};
  for (const [id, { config }] of Object.entries(open.pack.components)) {
    const weights = await openWeights(open, id as ComponentId);
    const { storedForm } = weights;
    const form: GraphForm = { target: runtime.target, activations: 'float32', storedForm };
    const graph = buildComponentGraph(id as ComponentId, { file: id, config }, form);
    weights.assertHolds(graph);
    const session = await runtime.createSession(lazyGraph(graph, weights.read));
    try {
      const inputs = graph.inputs.map((value, i) => [value.name, inputOf(value, i)] as const);
      const results = await session.run(Object.fromEntries(inputs));
      outputs[id] = [...results[graph.outputs[0].name]];
    } finally {
      await session.dispose();
    }
  }
  return outputs;
}

function inputOf({ dims: symbolic, type, name }: Value, seed: number): RawTensor {
  const dims = symbolic.map((dim) => evaluateDim(dim, SIZES));
  const count = dims.reduce((product, n) => product * n, 1);
  if (type === 'float32') return { data: gaussian(count, seed + 1), dims };
  return { data: Int32Array.from({ length: count }, (_, i) => (name === 'eos_rows' ? 5 : (7 * i) % 99)), dims };
}
