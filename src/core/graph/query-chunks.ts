/**
 * Attention a part of the queries at a time, so that the scores of all never stand in memory at once.
 *
 * Queries do not see each other, so this changes no number. The parts are cut and joined four at a time: Split and Concat name
 * all parts in one kernel, and WebGPU promises eight storage buffers a stage.
 */
import { ceilDivide, times, type Dim } from './dims';
import type { GraphBuilder, Value } from './graph';

const FAN = 4;

/**
 * @param queries  [batch, n, c]; zeros are added behind until n is a multiple of `count`, and what is made of them cut off
 * @param count    a power of four
 * @param attend   [batch, some, c] → [batch, some, width]
 */
export function inQueryChunks(g: GraphBuilder, queries: Value, count: number, attend: (chunk: Value) => Value): Value {
  if (count === 1) return attend(queries);
  const [batch, n, channels] = queries.dims;
  const filled = times(count, ceilDivide(n, count));
  const [padded] = g.node('Pad', {
    inputs: [queries, padding(g, queries, count)],
    outputs: [[batch, filled, channels]],
    type: queries.type,
  });
  const joined = attendParts(g, padded, count, attend);
  return g.node('Slice', {
    inputs: [joined, g.integers(0), g.shapeOf(queries, 1, 2), g.integers(1), g.integers(1)],
    outputs: [[batch, n, joined.dims[2]]],
    type: joined.type,
  })[0];
}

/** What Pad takes for −n mod count more rows at the end of the second axis. */
function padding(g: GraphBuilder, queries: Value, count: number): Value {
  const integers = (op: string, inputs: Value[], length: number, attributes = {}): Value =>
    g.node(op, { inputs, attributes, outputs: [[length]], type: 'int64' })[0];
  const missing = integers('Mod', [integers('Neg', [g.shapeOf(queries, 1, 2)], 1), g.integers(count)], 1);
  return integers('Concat', [g.integers(0, 0, 0, 0), missing, g.integers(0)], 6, { axis: 0 });
}

function attendParts(g: GraphBuilder, queries: Value, count: number, attend: (chunk: Value) => Value): Value {
  if (count === 1) return attend(queries);
  const [batch, n, channels] = queries.dims;
  const part: Dim[] = [batch, ceilDivide(n, FAN), channels];
  const parts = g.node('Split', {
    inputs: [queries],
    attributes: { axis: 1, num_outputs: FAN },
    outputs: Array.from({ length: FAN }, () => part),
    type: queries.type,
  });
  const done = parts.map((chunk) => attendParts(g, chunk, count / FAN, attend));
  const [, , width] = done[0].dims;
  const { type } = done[0];
  return g.node('Concat', { inputs: done, attributes: { axis: 1 }, outputs: [[batch, n, width]], type })[0];
}
