/** A graph with all its weights in memory: for tests and measurements. What ships reads them one by one (lazyGraph). */
import type { Checkpoint } from '../../checkpoints';
import { exprShape, placeWeights, serialiseGraph, weightKey, type BuiltGraph, type Weight } from '../../graph';
import type { StoredForm } from '../../graph/graph-form';
import { evaluate } from '../evaluate';
import { MAX_FILE_BYTES, type FilledGraph } from '../fill';
import { toGraphBytes, toStored } from '../stored-form';

/** @throws AppError 'bad-file' naming file and tensor, before anything big is allocated where a header shows it */
export async function fillGraph(
  graph: BuiltGraph,
  checkpoint: Pick<Checkpoint, 'assertFits' | 'read'>,
): Promise<FilledGraph> {
  checkpoint.assertFits(graph);
  const { placements, files } = placeWeights(graph, MAX_FILE_BYTES);
  const buffers = new Map([...files].map(([location, size]) => [location, new Uint8Array(size)]));
  for (const weight of graph.weights) {
    const placement = placements.get(weight.value.name);
    const buffer = placement && buffers.get(placement.location);
    if (!buffer) throw new RangeError(`weight ${weight.value.name} has no place`);
    const values = await evaluate(weight.expr, (name) => checkpoint.read(name));
    buffer.set(graphBytes(weight, values, graph.name), placement.offset);
  }
  return {
    onnx: serialiseGraph(graph, placements),
    files: [...buffers].map(([location, bytes]) => ({ location, bytes })),
  };
}

function graphBytes(weight: Weight, values: Float32Array<ArrayBuffer>, graph: string): Uint8Array<ArrayBuffer> {
  const form: StoredForm = weight.part === 'values' ? 'float32' : weight.part.form;
  const where = `${graph}: weight "${weightKey(weight.expr)}"`;
  const stored = toStored(values, { form, shape: exprShape(weight.expr), where });
  return toGraphBytes(stored, { form, weight, where });
}
