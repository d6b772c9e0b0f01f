/** Runs a graph on a device over weights made on the spot: the same values whatever form the graph has. */
import {
  elementCount,
  exprShape,
  exprTensors,
  fitsNbits,
  weightKey,
  type BuiltGraph,
  type NbitsForm,
} from '../../src/core/graph';
import { floatToHalf, halfToFloat } from '../../src/core/math/half';
import { evaluate, fromStored, lazyGraph, toGraphBytes, toStored } from '../../src/core/weights';
import { gaussian } from '../../src/core/weights/testing/numbers';
import type { NamedTensor, Runtime } from '../../src/engine/ports';

type Values = Float32Array<ArrayBuffer>;

/** Values that half precision holds, so that only what is computed differs. */
export const asHalf = (values: Float32Array): Values => halfToFloat(floatToHalf(values));

/** FNV-1a: another name, other values. */
const seedOf = (name: string): number =>
  [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0, 2166136261);

const isGain = (name: string): boolean => /gamma|norm.*weight/.test(name);

/** Gains near 1, biases near 0, and kernels and matrices that leave a signal as strong as it was. */
function makeTensor(name: string, shape: readonly number[]): Values {
  const values = gaussian(elementCount(shape), seedOf(name));
  if (shape.length === 1) return asHalf(values.map((value) => (isGain(name) ? 1 : 0) + 0.1 * value));
  const spread = 1 / Math.sqrt(elementCount(shape.slice(1)));
  return asHalf(values.map((value) => value * spread));
}

/** Weights by name; matrices that MatMulNBits can read are rounded to `packed` first, so that every form has equal values. */
export class MadeWeights {
  readonly #made = new Map<string, Values>();

  /** @param packsKernels  kernels are rounded to 8 bits, too */
  constructor(
    readonly packed?: NbitsForm,
    readonly packsKernels = false,
  ) {}

  /** What `GraphForm.storedForm` asks of a graph that reads packed matrices. */
  storedForm = (_key: string, shape: readonly number[]): NbitsForm | undefined =>
    fitsNbits(shape) ? this.packed : undefined;

  read(name: string, shape: readonly number[]): Values {
    let values = this.#made.get(name);
    if (!values) {
      values = makeTensor(name, shape);
      if (this.packed && fitsNbits(shape))
        values = fromStored(toStored(values, { form: this.packed, shape, where: name }), this.packed);
      if (this.packsKernels && shape.length === 4)
        values = fromStored(toStored(values, { form: 'int8_channel', shape, where: name }), 'int8_channel');
      this.#made.set(name, values);
    }
    return values;
  }
}

/** @returns the graph's outputs by name, in float32 */
export async function runGraph(
  runtime: Pick<Runtime, 'createSession'>,
  graph: BuiltGraph,
  weights: MadeWeights,
  inputs: Record<string, NamedTensor>,
): Promise<Record<string, Float32Array>> {
  const shapes = new Map(exprTensors(graph.weights.map(({ expr }) => expr)).map(({ name, shape }) => [name, shape]));
  const read = (name: string): Promise<Values> => Promise.resolve(weights.read(name, shapes.get(name) ?? []));
  const evaluated = new Map<string, Values>();
  for (const { expr } of graph.weights) evaluated.set(weightKey(expr), await evaluate(expr, read));
  const lazy = lazyGraph(graph, (weight) => {
    const form = weight.part === 'values' ? 'float32' : weight.part.form;
    const where = weightKey(weight.expr);
    const values = evaluated.get(where) ?? new Float32Array(0);
    return toGraphBytes(toStored(values, { form, shape: exprShape(weight.expr), where }), { form, weight, where });
  });
  const session = await runtime.createSession(lazy);
  try {
    return await session.run(inputs);
  } finally {
    await session.dispose();
  }
}
