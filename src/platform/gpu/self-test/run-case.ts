/** Runs one case of the self-test on a device, and says how far its numbers are from those in float64. */
import {
  elementCount,
  exprShape,
  GraphBuilder,
  type Activations,
  type BuiltGraph,
  type Value,
} from '../../../core/graph';
import { roundToHalf } from '../../../core/math/half';
import { createPhiloxNoise } from '../../../core/noise/philox';
import { evaluate, fromStored, lazyGraph, toGraphBytes, toStored, type LazyGraph } from '../../../core/weights';
import type { Runtime } from '../../../engine/ports';
import { weightExprs, type SelfTestCase } from './cases';

export type TestDevice = Pick<Runtime, 'createSession' | 'target'>;

type Values = Record<string, Float32Array<ArrayBuffer>>;

/** @returns ‖actual − expected‖₂ / ‖expected‖₂; Infinity where a value is not a number. @throws what the device throws */
export async function runCase(test: SelfTestCase, device: TestDevice, activations: Activations): Promise<number> {
  const { inputs, weights, expected } = knownNumbers(test);
  const graph = buildCase(test, { target: device.target, activations });
  const session = await device.createSession(await fill(graph, weights));
  try {
    const feeds = Object.entries(inputs).map(([name, data]) => [name, { data, dims: test.inputs[name] }] as const);
    const { y } = await session.run(Object.fromEntries(feeds));
    return distance(y, expected);
  } finally {
    await session.dispose();
  }
}

interface Known {
  inputs: Values;
  weights: Values;
  expected: Float64Array;
}

/** Made once for all precisions: some of it takes as long as the GPU. */
const known = new WeakMap<SelfTestCase, Known>();

function knownNumbers(test: SelfTestCase): Known {
  const kept = known.get(test);
  if (kept) return kept;
  const inputs = makeInputs(test);
  const weights = makeWeights(test);
  const made = { inputs, weights, expected: test.expected({ ...inputs, ...keptWeights(test, weights) }) };
  known.set(test, made);
  return made;
}

function buildCase(test: SelfTestCase, form: { target: Runtime['target']; activations: Activations }): BuiltGraph {
  const g = new GraphBuilder('self-test', { ...form, storedForm: () => test.packed });
  const inputs = Object.entries(test.inputs).map(([name, [, ...dims]]): [string, Value] => [
    name,
    g.input(name, 'float32', ['batch', ...dims]),
  ]);
  g.output('y', test.build(g, Object.fromEntries(inputs), weightExprs(test)));
  return g.build();
}

/**
 * Where weights are packed the inputs are whole 64ths up to 127, and 127 is in each block: a kernel that rounds them to 8 bits loses
 * nothing. All numbers are halves, so that what half precision loses is lost in computing.
 */
function makeInputs({ inputs, packed, shift = 0, spread = 1 }: SelfTestCase): Values {
  return made(inputs, 1, (value, i) =>
    packed ? (i % 32 === 0 ? 127 : Math.max(-127, Math.min(127, Math.round(value * 40)))) / 64 : value * spread + shift,
  );
}

/** A result keeps the size of the inputs: weights shrink with how many are summed. */
const makeWeights = ({ weights }: SelfTestCase): Values =>
  made(weights, 101, (value, _, [, ...inner]) => value / Math.sqrt(elementCount(inner)));

function made(
  shapes: SelfTestCase['inputs'],
  seed: number,
  value: (normal: number, i: number, shape: readonly number[]) => number,
): Values {
  const entries = Object.entries(shapes).map(([name, shape], i): [string, Float32Array<ArrayBuffer>] => {
    const noise = new Float32Array(createPhiloxNoise(seed + i).next(elementCount(shape)));
    return [name, noise.map((normal, at) => roundToHalf(value(normal, at, shape)))];
  });
  return Object.fromEntries(entries);
}

/** Packed matrices are rounded once, before the device sees them. */
function keptWeights({ packed, weights: shapes }: SelfTestCase, weights: Values): Values {
  if (!packed) return weights;
  const { matrix } = weights;
  const stored = toStored(matrix, { form: packed, shape: shapes['matrix'], where: 'matrix' });
  return { ...weights, matrix: fromStored(stored, packed) };
}

async function fill(graph: BuiltGraph, weights: Values): Promise<LazyGraph> {
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const weight of graph.weights) {
    const where = `self-test: ${weight.value.name}`;
    const form = weight.part === 'values' ? 'float32' : weight.part.form;
    const values = await evaluate(weight.expr, (name) => Promise.resolve(weights[name]));
    const stored = toStored(values, { form, shape: exprShape(weight.expr), where });
    bytes.set(weight.value.name, toGraphBytes(stored, { form, weight, where }));
  }
  return lazyGraph(graph, ({ value }) => bytes.get(value.name) ?? new Uint8Array());
}

function distance(actual: ArrayLike<number>, expected: Float64Array): number {
  if (actual.length !== expected.length) return Infinity;
  let apart = 0;
  let size = 0;
  for (const [i, value] of expected.entries()) {
    apart += (actual[i] - value) ** 2;
    size += value ** 2;
  }
  const error = Math.sqrt(apart / size);
  return Number.isFinite(error) ? error : Infinity;
}
