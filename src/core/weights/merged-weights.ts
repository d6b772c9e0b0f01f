/** Differences that are added to a model's tensors before a graph reads them, one weight after another. */
import { elementCount, exprShape, exprTensors, tensor, weightKey, type Weight, type WeightExpr } from '../graph';
import type { BranchWeights } from './branch-weights';
import { evaluateNow } from './evaluate';
import { toGraphBytes } from './stored-form';

type Bytes = Uint8Array<ArrayBuffer>;
type Values = Float32Array<ArrayBuffer>;

export interface TensorChange {
  /** Whether the difference depends on the untouched tensor. */
  usesTensor: boolean;
  /** What is added, of the tensor's shape. */
  difference(tensor?: Values): Float32Array;
}

/** By tensor of the checkpoint. Each is a difference to the untouched tensor, so that their order says nothing. */
export type TensorChanges = ReadonlyMap<string, readonly TensorChange[]>;

/** Weights of other models that are mixed into all of these. */
export interface TensorBlend {
  /** What is added to a tensor for that; undefined where nothing is. */
  difference(name: string, shape: readonly number[], tensor: Values): Float32Array | undefined;
}

/** All that a model's weights are changed by. */
export interface WeightChanges {
  /** What stands beside them. */
  branches: BranchWeights;
  /** What is added to them. */
  merged: MergedWeights;
}

/** A weight as a graph reads it: values in the type of `weight.value`. */
export type ReadWeight = (weight: Weight) => Bytes;

export class MergedWeights {
  readonly #changes: TensorChanges;
  readonly #blend: TensorBlend | undefined;

  /** @param blend  comes before the changes: those that depend on the tensor see what it made of it */
  constructor(changes: TensorChanges, blend?: TensorBlend) {
    this.#changes = changes;
    this.#blend = blend;
  }

  /** Such a weight is read as plain values: rounded to 4 bits again, small differences would vanish. */
  touches(expr: WeightExpr): boolean {
    if (this.#blend) return true;
    return this.#changes.size > 0 && exprTensors([expr]).some(({ name }) => this.#changes.has(name));
  }

  /**
   * A weight expression is linear: the difference of it is the expression of the differences.
   *
   * @param untouched  reads the model's own, of other expressions too
   * @returns undefined for what nobody changes
   * @throws AppError 'bad-file' where a sum is larger than half precision holds; what differences throw
   */
  read(weight: Weight, untouched: ReadWeight): Bytes | undefined {
    const { expr, value } = weight;
    if (!this.touches(expr)) return undefined;
    const sum = valuesOf(expr, untouched);
    const shapes = new Map(exprTensors([expr]).map(({ name, shape }) => [name, shape]));
    const difference = evaluateNow(expr, (name) => this.#difference(name, shapes.get(name) ?? [], untouched));
    for (let i = 0; i < sum.length; i++) sum[i] += difference[i];
    const where = `weight "${weightKey(expr)}", changed`;
    return toGraphBytes({ data: bytesOf(sum) }, { form: 'float32', weight: { value, expr, part: 'values' }, where });
  }

  /** Difference to one tensor, all changes together. */
  #difference(name: string, shape: readonly number[], untouched: ReadWeight): Values {
    const sum = new Float32Array(elementCount(shape));
    const changes = this.#changes.get(name) ?? [];
    const isAsked = this.#blend !== undefined || changes.some(({ usesTensor }) => usesTensor);
    const own = isAsked ? valuesOf(tensor(name, ...shape), untouched) : undefined;
    const blended = own && this.#blend?.difference(name, shape, own);
    if (own && blended)
      for (let i = 0; i < sum.length; i++) {
        sum[i] = blended[i];
        own[i] += blended[i];
      }
    for (const change of changes) {
      const difference = change.difference(change.usesTensor ? own : undefined);
      for (let i = 0; i < sum.length; i++) sum[i] += difference[i];
    }
    return sum;
  }
}

/** In full precision. */
export function valuesOf(expr: WeightExpr, read: ReadWeight): Values {
  const name = weightKey(expr);
  const bytes = read({ value: { name, dims: exprShape(expr), type: 'float32' }, expr, part: 'values' });
  return new Float32Array(bytes.slice().buffer);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Values): Bytes => new Uint8Array(buffer, byteOffset, byteLength);
