/** The ONNX graph builder: values with shapes, nodes, constants, and weights described by where they come from. */
import { AppError } from '../errors';
import type { WeightExpr } from './weight-expr';
import { exprShape } from './weight-expr';

export type ElementType = 'float32' | 'int32' | 'int64';

/** A number, or the name of a dimension that is known only when the graph runs ("batch", "tokens"). */
export type Dim = number | string;

export interface Value {
  readonly name: string;
  readonly dims: readonly Dim[];
  readonly type: ElementType;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface GraphNode {
  readonly op: string;
  /** '' is ai.onnx; 'com.microsoft' holds the fused operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A small tensor stored inside the graph. */
export interface Constant {
  readonly value: Value;
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

/** A big tensor stored outside the graph, made from a checkpoint's tensors by `expr`. Always float32. */
export interface Weight {
  readonly value: Value;
  readonly expr: WeightExpr;
}

export interface BuiltGraph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
  readonly weights: readonly Weight[];
}

/**
 * Which operators a provider runs: `webgpu` paints in NHWC with the fused kernels of ONNX Runtime's WebGPU provider,
 * `portable` in NCHW with operators that have CPU kernels. Parity tests hold the two together.
 */
export type Target = 'webgpu' | 'portable';

interface NodeSpec {
  domain?: string;
  inputs: readonly (Value | undefined)[];
  attributes?: Record<string, Attribute>;
  /** Shape of each output; an output that is not wanted is left out with undefined. */
  outputs: readonly (readonly Dim[] | undefined)[];
  type?: ElementType;
}

export class GraphBuilder {
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  #nodes: GraphNode[] = [];
  readonly #constants = new Map<string, Constant>();
  readonly #weights = new Map<string, Weight>();
  #count = 0;

  constructor(
    readonly name: string,
    readonly target: Target,
  ) {}

  input(name: string, type: ElementType, dims: readonly Dim[]): Value {
    const value: Value = { name, dims, type };
    this.#inputs.push(value);
    return value;
  }

  /** Gives `value` its public name. */
  output(name: string, value: Value): void {
    const [renamed] = this.node('Identity', { inputs: [value], outputs: [value.dims], type: value.type });
    const last = this.#nodes.length - 1;
    this.#nodes[last] = { ...this.#nodes[last], outputs: [name] };
    this.#outputs.push({ ...renamed, name });
  }

  /** Adds a node; returns its outputs in order (those left out are not in the list). */
  node(op: string, { domain = '', inputs, attributes = {}, outputs, type = 'float32' }: NodeSpec): Value[] {
    const id = this.#count++;
    // ORT's WebGPU Conv counts a trailing '' as a bias without a shape, and fails when it runs.
    const given = inputs.slice(0, inputs.findLastIndex((v) => v !== undefined) + 1);
    const values = outputs.map((dims, i): Value | undefined =>
      dims === undefined ? undefined : { name: `${op}_${id}${i > 0 ? `_${i}` : ''}`, dims, type },
    );
    this.#nodes.push({
      op,
      domain,
      inputs: given.map((v) => v?.name ?? ''),
      outputs: values.map((v) => v?.name ?? ''),
      attributes,
    });
    return values.filter((v): v is Value => v !== undefined);
  }

  /** A value that `emitAt` defines later, at an earlier place. */
  reserve(dims: readonly Dim[]): Value {
    return { name: `reserved_${this.#count++}`, dims, type: 'float32' };
  }

  /** Number of nodes so far: a place to give to `emitAt`. */
  get position(): number {
    return this.#nodes.length;
  }

  /** Runs `emit` so that its nodes stand at `position`, before the nodes that use them. */
  emitAt(position: number, emit: () => void): void {
    const after = this.#nodes.slice(position);
    this.#nodes = this.#nodes.slice(0, position);
    emit();
    this.#nodes.push(...after);
  }

  /** A node of one operator that writes reserved values. */
  nodeInto(
    op: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Record<string, Attribute>,
  ): void {
    this.#nodes.push({
      op,
      domain: '',
      inputs: inputs.map((v) => v.name),
      outputs: outputs.map((v) => v.name),
      attributes,
    });
  }

  /** The same numbers are stored once. */
  constant(data: Float32Array | Int32Array | BigInt64Array, dims: readonly number[]): Value {
    const type = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64';
    const key = `${type}[${dims.join(',')}]:${data.join(',')}`;
    const known = this.#constants.get(key);
    if (known) return known.value;
    const value: Value = { name: `constant_${this.#constants.size}`, dims, type };
    this.#constants.set(key, { value, data });
    return value;
  }

  /** int64 constant: shapes, axes, sizes of splits. */
  integers(...numbers: number[]): Value {
    return this.constant(BigInt64Array.from(numbers, BigInt), [numbers.length]);
  }

  /** A weight made from the checkpoint's tensors; the same expression is stored once. */
  weight(expr: WeightExpr): Value {
    const key = JSON.stringify(expr);
    const known = this.#weights.get(key);
    if (known) return known.value;
    const value: Value = { name: `weight_${this.#weights.size}`, dims: exprShape(expr), type: 'float32' };
    this.#weights.set(key, { value, expr });
    return value;
  }

  /** @throws AppError 'internal' when a node reads a value nobody wrote before it */
  build(): BuiltGraph {
    const known = new Set([
      ...this.#inputs.map((v) => v.name),
      ...[...this.#constants.values()].map((c) => c.value.name),
      ...[...this.#weights.values()].map((w) => w.value.name),
    ]);
    for (const node of this.#nodes) {
      const missing = node.inputs.find((name) => name !== '' && !known.has(name));
      if (missing)
        throw new AppError('internal', `graph ${this.name}: ${node.op} reads "${missing}" before it is written`);
      node.outputs.forEach((name) => known.add(name));
    }
    return {
      name: this.name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      constants: [...this.#constants.values()],
      weights: [...this.#weights.values()],
    };
  }
}
