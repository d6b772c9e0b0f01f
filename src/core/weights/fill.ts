/** A graph and a checkpoint become what a session loads: ONNX bytes and files of weights. */
import { placeWeights, serialiseGraph, type BuiltGraph } from '../graph';
import type { Checkpoint } from '../checkpoints';
import { evaluate } from './evaluate';

/** External files stay below this: a Blob of it is read in one go on every browser. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

export interface FilledGraph {
  onnx: Uint8Array<ArrayBuffer>;
  /** The graph's external files by location. */
  files: { location: string; bytes: Uint8Array<ArrayBuffer> }[];
}

/** @throws AppError 'bad-file' naming file and tensor, before anything big is allocated where a header shows it */
export async function fillGraph(graph: BuiltGraph, checkpoint: Checkpoint): Promise<FilledGraph> {
  checkpoint.assertFits(graph);
  const { placements, files } = placeWeights(graph, MAX_FILE_BYTES);
  const buffers = new Map([...files].map(([location, size]) => [location, new Uint8Array(size)]));
  for (const { value, expr } of graph.weights) {
    const placement = placements.get(value.name);
    const buffer = placement && buffers.get(placement.location);
    if (!buffer) throw new RangeError(`weight ${value.name} has no place`);
    const values = await evaluate(expr, (name) => checkpoint.read(name));
    buffer.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), placement.offset);
  }
  return {
    onnx: serialiseGraph(graph, placements),
    files: [...buffers].map(([location, bytes]) => ({ location, bytes })),
  };
}
