/** A graph and its weights become what a session loads: ONNX bytes and external files. */
import { AppError } from '../errors';
import type { Checkpoint } from '../checkpoints';
import { elementCount, ELEMENT_BYTES, exprShape, placeWeights, serialiseGraph, weightKey } from '../graph';
import type { BuiltGraph, WeightPlacement, Weight } from '../graph';
import type { StoredForm } from '../graph/graph-form';
import { evaluate } from './evaluate';
import { toGraphBytes, toStored } from './stored-form';

/** External files stay below this: ONNX Runtime without JSPI reads 32 bits of an offset. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

export interface FilledGraph {
  onnx: Uint8Array<ArrayBuffer>;
  /** The graph's external files by location. */
  files: { location: string; bytes: Uint8Array<ArrayBuffer> }[];
}

/** A file that exists nowhere: each weight in it is made when it is asked for. */
export interface LazyFile {
  location: string;
  byteLength: number;
  /** Exactly the range of one weight. @throws RangeError for any other */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** As FilledGraph, but never more than one weight is in memory while it is loaded. */
export interface LazyGraph {
  onnx: Uint8Array<ArrayBuffer>;
  lazyFiles: LazyFile[];
  /** Of all weights, as the graph wants them. */
  weightBytes: number;
}

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

/** @param read  bytes of a weight in its value's type; called while the session is made, once a weight */
export function lazyGraph(graph: BuiltGraph, read: (weight: Weight) => Uint8Array<ArrayBuffer>): LazyGraph {
  const { placements, files } = placeWeights(graph, MAX_FILE_BYTES);
  const byPlace = new Map(
    graph.weights.map((weight) => [placeKey(placements.get(weight.value.name)), weight] as const),
  );
  const lazyFiles = [...files].map(([location, byteLength]) => ({
    location,
    byteLength,
    read(offset: number, length: number): Uint8Array<ArrayBuffer> {
      const weight = byPlace.get(placeKey({ location, offset, byteLength: length }));
      if (!weight) throw new RangeError(`${location}: bytes ${offset} to ${offset + length} are no weight`);
      const bytes = read(weight);
      if (bytes.length === length) return bytes;
      const key = weightKey(weight.expr);
      throw new AppError(
        'bad-file',
        `${graph.name}: weight "${key}" has ${bytes.length} bytes instead of ${length}; config and weights are not of one model`,
      );
    },
  }));
  const sizes = graph.weights.map(({ value }) => ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]));
  return {
    onnx: serialiseGraph(graph, placements),
    lazyFiles,
    weightBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

const placeKey = (place: WeightPlacement | undefined): string =>
  `${place?.location} ${place?.offset} ${place?.byteLength}`;
