/** A graph and its weights become what a session loads: ONNX bytes and external files. */
import { AppError } from '../errors';
import { elementCount, ELEMENT_BYTES, placeWeights, serialiseGraph, weightKey } from '../graph';
import type { BuiltGraph, WeightPlacement, Weight } from '../graph';

/** External files stay below this: ONNX Runtime without JSPI reads 32 bits of an offset. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

export interface FilledGraph {
  onnx: Uint8Array<ArrayBuffer>;
  /** The graph's external files by location. */
  files: { location: string; bytes: Uint8Array<ArrayBuffer> }[];
}

/** A file that exists nowhere: each weight in it is made when it is asked for. */
export interface LazyFile {
  location: string;
  byteLength: number;
  /** Where its weights lie, where that is known. */
  places?: readonly Pick<WeightPlacement, 'offset' | 'byteLength'>[];
  /** Exactly the range of one weight. @throws RangeError for any other */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** As FilledGraph, but never more than one weight is in memory while it is loaded. */
export interface LazyGraph {
  onnx: Uint8Array<ArrayBuffer>;
  lazyFiles: LazyFile[];
  /** Bytes of all weights, as the graph wants them. */
  weightBytes: number;
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
    places: [...placements.values()].filter((place) => place.location === location),
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
  return { onnx: serialiseGraph(graph, placements), lazyFiles, weightBytes: weightBytes(graph) };
}

/** Total bytes of the weights of a graph, as it wants them. */
export const weightBytes = ({ weights }: Pick<BuiltGraph, 'weights'>): number =>
  weights.reduce((sum, { value }) => sum + ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]), 0);

const placeKey = (place: WeightPlacement | undefined): string =>
  `${place?.location} ${place?.offset} ${place?.byteLength}`;
