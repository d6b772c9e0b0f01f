/** The shape of every value of a graph, once its inputs' shapes are numbers. */
import type { BuiltGraph, GraphNode } from '../graph';

export type Shape = readonly number[];

/** @param inputs  by name, for every input of the graph @throws RangeError naming the operator that has no rule here */
export function inferShapes(graph: BuiltGraph, inputs: Readonly<Record<string, Shape>>): Map<string, Shape> {
  const walk: Walk = { shapes: new Map(), integers: new Map() };
  for (const { name } of graph.inputs) {
    const shape = inputs[name] as Shape | undefined;
    if (!shape) throw new RangeError(`${graph.name}: no shape is given for the input "${name}"`);
    walk.shapes.set(name, shape);
  }
  for (const { value } of graph.weights) walk.shapes.set(value.name, value.dims as number[]);
  for (const { value, data } of graph.constants) {
    walk.shapes.set(value.name, value.dims as number[]);
    walk.integers.set(value.name, Array.from<bigint | number, number>(data as ArrayLike<number>, Number));
  }
  for (const node of graph.nodes) visit(node, walk);
  return walk.shapes;
}

interface Walk {
  shapes: Map<string, Shape>;
  /** What is known of small tensors that shapes are computed from. */
  integers: Map<string, readonly number[]>;
}

function visit(node: GraphNode, walk: Walk): void {
  const known = integersOf(node, walk);
  const [first] = node.outputs;
  if (known) walk.integers.set(first, known);
  const shapes = RULES[node.op]?.(node, reader(node, walk)) ?? unknown(node);
  node.outputs.forEach((name, i) => {
    if (name !== '') walk.shapes.set(name, shapes[i] ?? shapes[0]);
  });
}

interface Reader {
  /** Shape of input i. */
  shape(i: number): Shape;
  has(i: number): boolean;
  /** Values of input i, where it is a small tensor that shapes are made of. */
  integers(i: number): readonly number[];
  ints(attribute: string): readonly number[] | undefined;
  int(attribute: string, otherwise: number): number;
}

function reader({ op, inputs, attributes }: GraphNode, { shapes, integers }: Walk): Reader {
  const found = <T>(map: ReadonlyMap<string, T>, i: number): T => {
    const value = map.get(inputs[i] ?? '');
    if (value === undefined) throw new RangeError(`${op}: input ${i} ("${inputs[i]}") is not known`);
    return value;
  };
  return {
    shape: (i) => found(shapes, i),
    has: (i) => (inputs[i] ?? '') !== '',
    integers: (i) => found(integers, i),
    ints: (name) => attributes[name] as readonly number[] | undefined,
    int: (name, otherwise) => (attributes[name] as number | undefined) ?? otherwise,
  };
}

/** @returns shapes of the outputs; those behind the last are as the first */
type Rule = (node: GraphNode, r: Reader) => readonly Shape[];

const asFirst: Rule = (_, r) => [r.shape(0)];
const broadcast: Rule = (_, r) => [broadcastShapes(r.shape(0), r.shape(1))];

const RULES: Readonly<Record<string, Rule | undefined>> = {
  ...fill(asFirst, [
    ...['Cast', 'Identity', 'Relu', 'Tanh', 'Gelu', 'QuickGelu', 'FastGelu', 'Sigmoid', 'Softmax', 'Sqrt', 'Exp', 'Neg'],
    ...['Clip', 'GroupNorm', 'InstanceNormalization', 'LayerNormalization', 'SkipLayerNormalization'],
    ...['MultiHeadAttention', 'Ceil', 'Floor', 'BiasAdd', 'BiasGelu', 'SkipGroupNorm'],
  ]),
  ...fill(broadcast, ['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Pow', 'Mod', 'Equal']),
  BiasSplitGelu: (_, r) => [halved(r.shape(0))],
  Concat: (_, r) => [concatShapes(r)],
  Conv: (_, r) => [convShape(r)],
  Expand: (_, r) => [broadcastShapes(r.shape(0), r.integers(1))],
  Gather: (_, r) => {
    const axis = wrap(r.int('axis', 0), r.shape(0).length);
    return [[...r.shape(0).slice(0, axis), ...r.shape(1), ...r.shape(0).slice(axis + 1)]];
  },
  Gemm: (_, r) => {
    const [rows, columns] = [r.shape(0)[r.int('transA', 0)], r.shape(1)[1 - r.int('transB', 0)]];
    return [[rows, columns]];
  },
  MatMul: (_, r) => {
    const [a, b] = [r.shape(0), r.shape(1)];
    return [[...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), a[a.length - 2], b[b.length - 1]]];
  },
  MatMulNBits: (_, r) => [[...r.shape(0).slice(0, -1), r.int('N', 0)]],
  Pad: (_, r) => {
    const rank = r.shape(0).length;
    return [r.shape(0).map((n, i) => n + r.integers(1)[i] + r.integers(1)[i + rank])];
  },
  ReduceMean: (_, r) => {
    const axes = (r.has(1) ? r.integers(1) : (r.ints('axes') ?? [])).map((axis) => wrap(axis, r.shape(0).length));
    return [r.shape(0).map((n, i) => (axes.length === 0 || axes.includes(i) ? 1 : n))];
  },
  Reshape: (_, r) => [reshaped(r.shape(0), r.integers(1))],
  Resize: (_, r) => [
    r.has(3) ? r.integers(3) : r.shape(0).map((n, i) => Math.floor(n * r.integers(2)[i])), //
  ],
  Shape: (_, r) => [[r.int('end', r.shape(0).length) - r.int('start', 0)]],
  Slice: (_, r) => [sliceShape(r)],
  Split: (node, r) => splitShapes(node, r),
  Squeeze: (_, r) => {
    const axes = r.integers(1).map((axis) => wrap(axis, r.shape(0).length));
    return [r.shape(0).filter((_n, i) => !axes.includes(i))];
  },
  Transpose: (_, r) => [(r.ints('perm') ?? []).map((axis) => r.shape(0)[axis])],
  Unsqueeze: (_, r) => {
    const rank = r.shape(0).length + r.integers(1).length;
    const axes = r.integers(1).map((axis) => wrap(axis, rank));
    const rest = [...r.shape(0)];
    return [Array.from({ length: rank }, (_n, i) => (axes.includes(i) ? 1 : (rest.shift() ?? 1)))];
  },
};

function fill(rule: Rule, ops: readonly string[]): Record<string, Rule> {
  return Object.fromEntries(ops.map((op) => [op, rule]));
}

function unknown({ op }: GraphNode): never {
  throw new RangeError(`there is no rule for the shape that ${op} gives: add one to infer-shapes`);
}

const wrap = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
const product = (shape: Shape): number => shape.reduce((all, n) => all * n, 1);
const halved = (shape: Shape): Shape => [...shape.slice(0, -1), shape[shape.length - 1] / 2];

function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new RangeError(`[${a.join()}] and [${b.join()}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

function reshaped(from: Shape, to: readonly number[]): Shape {
  const kept = to.map((n, i) => (n === 0 ? from[i] : n));
  return kept.map((n) => (n === -1 ? product(from) / -product(kept) : n));
}

function concatShapes(r: Reader): Shape {
  const [first] = [r.shape(0)];
  const axis = wrap(r.int('axis', 0), first.length);
  let length = 0;
  for (let i = 0; r.has(i); i++) length += r.shape(i)[axis];
  return first.map((n, i) => (i === axis ? length : n));
}

function convShape(r: Reader): Shape {
  const [batch, , ...sizes] = r.shape(0);
  const [out, , ...kernel] = r.shape(1);
  const strides = r.ints('strides') ?? sizes.map(() => 1);
  const pads = r.ints('pads') ?? sizes.flatMap(() => [0, 0]);
  const spread = sizes.map((n, i) => Math.floor((n + pads[i] + pads[i + sizes.length] - kernel[i]) / strides[i]) + 1);
  return [batch, out, ...spread];
}

function sliceShape(r: Reader): Shape {
  const shape = [...r.shape(0)];
  const [starts, ends] = [r.integers(1), r.integers(2)];
  const axes = r.has(3) ? r.integers(3) : starts.map((_, i) => i);
  axes.forEach((axis, i) => {
    const at = wrap(axis, shape.length);
    const step = r.has(4) ? r.integers(4)[i] : 1;
    const place = (n: number): number => Math.max(0, Math.min(shape[at], n < 0 ? n + shape[at] : n));
    shape[at] = Math.max(0, Math.ceil((place(ends[i]) - place(starts[i])) / step));
  });
  return shape;
}

function splitShapes({ outputs }: GraphNode, r: Reader): readonly Shape[] {
  const axis = wrap(r.int('axis', 0), r.shape(0).length);
  const even = Math.ceil(r.shape(0)[axis] / outputs.length);
  const sizes = r.has(1) ? r.integers(1) : outputs.map((_, i) => Math.min(even, r.shape(0)[axis] - i * even));
  return sizes.map((size) => r.shape(0).map((n, i) => (i === axis ? size : n)));
}

const ARITHMETIC: Readonly<Record<string, ((a: number, b: number) => number) | undefined>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.trunc(a / b),
  Min: Math.min,
  Max: Math.max,
  Mod: (a, b) => a % b,
};

/** Values that shapes are computed from: sizes of other values, and what is made of them. */
function integersOf({ op, inputs, attributes }: GraphNode, walk: Walk): readonly number[] | undefined {
  const ints = inputs.map((name) => walk.integers.get(name));
  const [a, b] = ints;
  if (op === 'Shape') {
    const shape = walk.shapes.get(inputs[0]) ?? [];
    return shape.slice((attributes['start'] as number | undefined) ?? 0, attributes['end'] as number | undefined);
  }
  if (!a) return undefined;
  if (['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze'].includes(op)) return a;
  if (op === 'Concat') return ints.every((one) => one !== undefined) ? ints.flat() : undefined;
  if (!b) return undefined;
  if (op === 'Gather') return b.map((i) => a[wrap(i, a.length)]);
  if (op === 'Slice') return a.slice(b[0], ints[2]?.[0]);
  const combine = ARITHMETIC[op];
  if (!combine) return undefined;
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => combine(a[i % a.length], b[i % b.length]));
}
