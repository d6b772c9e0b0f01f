/** The ONNX graph builder: values with shapes, nodes, constants, and weights described by where they come from. */
import { AppError } from '../errors';
import type { Dim } from './dims';
import { floatToHalf } from '../math/half';
import {
  toGraphForm,
  type BranchFactor,
  type Activations,
  type GraphForm,
  type Target,
  type Tiling,
} from './graph-form';
import { TYPE_CODES, type ElementType } from './element-types';
import { nbitsFormOf, packedShapes, staysInt8, type NbitsForm, type PackedForm } from './nbits';
import { exprShape, type WeightExpr } from './weight-expr';
import { weightKey } from './weight-key';

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
  readonly data: ConstantData;
}

type ConstantData = Float32Array | Uint16Array | Int32Array | BigInt64Array;

/** A big tensor stored outside the graph, made from a checkpoint's tensors by `expr`. */
export interface Weight {
  /** Its type is what the graph computes in; a pack may store the values in another form. */
  readonly value: Value;
  readonly expr: WeightExpr;
  /** `values` of the expression, or one of the two parts of what stays packed in this form. */
  readonly part: 'values' | { readonly of: 'quants' | 'scales'; readonly form: PackedForm };
}

export interface BuiltGraph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
  readonly weights: readonly Weight[];
  /** What the nodes write, by name. */
  readonly values: ReadonlyMap<string, Value>;
}

interface NodeSpec {
  domain?: string;
  inputs: readonly (Value | undefined)[];
  attributes?: Record<string, Attribute>;
  /** Shape of each output; an output that is not wanted is left out with undefined. */
  outputs: readonly (readonly Dim[] | undefined)[];
  /** Type of the outputs; without it, that of the activations. */
  type?: ElementType;
}

export class GraphBuilder {
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  #nodes: GraphNode[] = [];
  readonly #constants = new Map<string, Constant>();
  readonly #weights = new Map<string, Weight>();
  readonly #values = new Map<string, Value>();
  readonly #shapes = new Map<string, Value>();
  /** Stand before all others, whoever asked for them first. */
  readonly #first: GraphNode[] = [];
  readonly #factors = new Map<string, Value>();
  /** Writes a value that was promised, by its name. */
  readonly #promised = new Map<string, () => void>();
  #count = 0;

  readonly target: Target;
  /** What the graph computes in. Its float inputs and outputs are float32 whatever this is. */
  readonly activations: Activations;
  /** Maps go on at the opposite edge: see wrap-edges.ts. */
  readonly tiling: Tiling | undefined;
  readonly #form: GraphForm;

  constructor(
    readonly name: string,
    form: Target | GraphForm,
  ) {
    this.#form = toGraphForm(form);
    this.target = this.#form.target;
    this.activations = this.#form.activations;
    this.tiling = this.#form.tiling;
  }

  /** @returns the input, a float32 one cast to what the graph computes in */
  input(name: string, type: 'float32' | 'int32', dims: readonly Dim[]): Value {
    const value: Value = { name, dims, type };
    this.#inputs.push(value);
    return type === 'float32' ? this.#cast(value, this.activations) : value;
  }

  /** A float32 input that stays one, whatever the graph computes in. */
  wideInput(name: string, dims: readonly Dim[]): Value {
    const value: Value = { name, dims, type: 'float32' };
    this.#inputs.push(value);
    return value;
  }

  /** What another graph of the same form gave with `nativeOutput`: in the type of the activations, in whatever order of axes that has. */
  nativeInput(name: string, dims: readonly Dim[]): Value {
    const value: Value = { name, dims, type: this.activations };
    this.#inputs.push(value);
    return value;
  }

  /** Gives `value` its public name as it is, for graphs of the same form. */
  nativeOutput(name: string, value: Value): void {
    const renamed: Value = { ...value, name };
    this.nodeInto('Identity', [value], [renamed], {});
    this.#outputs.push(renamed);
  }

  /** Gives `value` its public name, as float32 where it is a float. */
  output(name: string, value: Value): void {
    const type = value.type === 'float16' ? 'float32' : value.type;
    const renamed: Value = { name, dims: value.dims, type };
    if (type === value.type) this.nodeInto('Identity', [value], [renamed], {});
    else this.nodeInto('Cast', [value], [renamed], { to: TYPE_CODES[type] });
    this.#outputs.push(renamed);
  }

  #cast(value: Value, type: ElementType): Value {
    if (value.type === type) return value;
    const attributes = { to: TYPE_CODES[type] };
    return this.node('Cast', { inputs: [value], attributes, outputs: [value.dims], type })[0];
  }

  /** Adds a node; returns its outputs in order (those left out are not in the list). */
  node(op: string, { domain = '', inputs, attributes = {}, outputs, type = this.activations }: NodeSpec): Value[] {
    inputs.forEach((value) => value && this.#keepPromise(value));
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
    const written = values.filter((v): v is Value => v !== undefined);
    written.forEach((value) => this.#values.set(value.name, value));
    return written;
  }

  /** Dims `start` to `end` of a value as the graph runs, int64; read once for all values of the same. */
  shapeOf(value: Value, start = 0, end = value.dims.length): Value {
    const wanted = value.dims.slice(start, end);
    const key = wanted.join();
    const known = this.#shapes.get(key);
    if (known) return known;
    const attributes = { start, end };
    const outputs = [[wanted.length]];
    const [shape] = this.node('Shape', { inputs: [value], attributes, outputs, type: 'int64' });
    this.#shapes.set(key, shape);
    return shape;
  }

  /** A value that `emitAt` defines later, at an earlier place. */
  reserve(dims: readonly Dim[]): Value {
    return { name: `reserved_${this.#count++}`, dims, type: this.activations };
  }

  /** A value that `make` writes with `nodeInto` as soon as a node reads it, unless somebody redeems it before. */
  promise(dims: readonly Dim[], make: (into: Value) => void): Value {
    const value = this.reserve(dims);
    this.#promised.set(value.name, () => make(value));
    return value;
  }

  /** Whether nobody has read or redeemed this promised value yet: who asks writes it. */
  redeem(value: Value): boolean {
    return this.#promised.delete(value.name);
  }

  #keepPromise({ name }: Value): void {
    const make = this.#promised.get(name);
    this.#promised.delete(name);
    make?.();
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
    domain = '',
  ): void {
    inputs.forEach((value) => this.#keepPromise(value));
    outputs.forEach((value) => this.#values.set(value.name, value));
    this.#nodes.push({
      op,
      domain,
      inputs: inputs.map((v) => v.name),
      outputs: outputs.map((v) => v.name),
      attributes,
    });
  }

  /** The same numbers are stored once; float32 stays float32 (sizes and scales of operators), see `floats`. */
  constant(data: ConstantData, dims: readonly number[]): Value {
    const type = constantType(data);
    const key = `${type}[${dims.join(',')}]:${data.join(',')}`;
    const known = this.#constants.get(key);
    if (known) return known.value;
    const value: Value = { name: `constant_${this.#constants.size}`, dims, type };
    this.#constants.set(key, { value, data });
    return value;
  }

  /** A constant to compute with, in the type of the activations. */
  floats(data: Float32Array, dims: readonly number[]): Value {
    return this.constant(this.activations === 'float16' ? floatToHalf(data) : data, dims);
  }

  /** int64 constant: shapes, axes, sizes of splits. */
  integers(...numbers: number[]): Value {
    return this.constant(BigInt64Array.from(numbers, BigInt), [numbers.length]);
  }

  /** A weight made from the checkpoint's tensors, in the type of the activations; the same expression is stored once. */
  weight(expr: WeightExpr): Value {
    const lent = this.#form.lentAs?.(expr);
    if (lent !== undefined) return this.#kept(lent, (name) => this.nativeInput(name, exprShape(expr)));
    return this.#weight(expr, 'values', exprShape(expr), this.activations);
  }

  /** What stands beside a weight, the factors being inputs of the graph: `factor` is [1], or [ranks] where several are side by side. */
  branches(weight: WeightExpr): { down: WeightExpr; up: WeightExpr; factor: Value }[] {
    const found = this.#form.branches?.(weight) ?? [];
    return found.map(({ down, up, factors }) => ({ down, up, factor: this.#factor(factors) }));
  }

  #factor(factors: readonly BranchFactor[]): Value {
    if (factors.length === 1) return this.#kept(factors[0].input, (name) => this.input(name, 'float32', [1]));
    return this.#kept(JSON.stringify(factors), () => {
      const rows = factors.map(({ input, rank }) =>
        this.node('Expand', { inputs: [this.#factor([{ input, rank }]), this.integers(rank)], outputs: [[rank]] }),
      );
      const rank = factors.reduce((sum, one) => sum + one.rank, 0);
      return this.node('Concat', { inputs: rows.flat(), attributes: { axis: 0 }, outputs: [[rank]] })[0];
    });
  }

  /** Made once, before everything else: what is emitted at an earlier place (emitAt) may read it, too. */
  #kept(key: string, make: (key: string) => Value): Value {
    const known = this.#factors.get(key);
    if (known) return known;
    const nodes = this.#nodes;
    this.#nodes = this.#first;
    const value = make(key);
    this.#nodes = nodes;
    this.#factors.set(key, value);
    return value;
  }

  /** Whether a matrix [out, in] is stored in a form that MatMulNBits reads, and in which. */
  nbitsForm(matrix: WeightExpr): NbitsForm | undefined {
    const shape = exprShape(matrix);
    return nbitsFormOf(this.#form.storedForm?.(weightKey(matrix), shape, matrix), shape);
  }

  /** The two inputs of MatMulNBits that stand for a matrix [out, in]. */
  nbitsWeight(matrix: WeightExpr, form: NbitsForm): { quants: Value; scales: Value } {
    const shapes = packedShapes(exprShape(matrix), form);
    return {
      quants: this.#weight(matrix, { of: 'quants', form }, shapes.quants, 'uint8'),
      scales: this.#weight(matrix, { of: 'scales', form }, shapes.scales, this.activations),
    };
  }

  /** Whether a kernel is widened in each run instead of while it is loaded: see GraphForm.packsKernels. */
  staysPacked(kernel: WeightExpr): boolean {
    if (this.#form.packsKernels !== true || this.target !== 'webgpu') return false;
    const shape = exprShape(kernel);
    return staysInt8(this.#form.storedForm?.(weightKey(kernel), shape, kernel), shape);
  }

  /** The kernel [out, in, k, k] of a convolution, widened in each run where it stays packed. */
  kernel(expr: WeightExpr): Value {
    if (!this.staysPacked(expr)) return this.weight(expr);
    const shape = exprShape(expr);
    const form = 'int8_channel';
    // Told before all others it runs last of what its convolution reads: ONNX Runtime visits what a node reads from the youngest to the oldest.
    return this.#kept(`${form} ${weightKey(expr)}`, () => {
      const quants = this.#weight(expr, { of: 'quants', form }, shape, 'int8');
      const scales = this.#weight(expr, { of: 'scales', form }, [shape[0]], this.activations);
      return this.node('DequantizeLinear', { inputs: [quants, scales], attributes: { axis: 0 }, outputs: [shape] })[0];
    });
  }

  #weight(expr: WeightExpr, part: Weight['part'], dims: readonly number[], type: ElementType): Value {
    const key = `${weightKey(expr)} ${JSON.stringify(part)}`;
    const known = this.#weights.get(key);
    if (known) return known.value;
    const value: Value = { name: `weight_${this.#weights.size}`, dims, type };
    this.#weights.set(key, { value, expr, part });
    return value;
  }

  /** @throws AppError 'internal' when a node reads a value nobody wrote before it */
  build(): BuiltGraph {
    const known = new Set([
      ...this.#inputs.map((v) => v.name),
      ...[...this.#constants.values()].map((c) => c.value.name),
      ...[...this.#weights.values()].map((w) => w.value.name),
    ]);
    const nodes = [...this.#first, ...this.#nodes];
    for (const node of nodes) {
      const missing = node.inputs.find((name) => name !== '' && !known.has(name));
      if (missing)
        throw new AppError('internal', `graph ${this.name}: ${node.op} reads "${missing}" before it is written`);
      node.outputs.forEach((name) => known.add(name));
    }
    return {
      name: this.name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes,
      constants: [...this.#constants.values()],
      weights: [...this.#weights.values()],
      values: this.#values,
    };
  }
}

function constantType(data: ConstantData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint16Array) return 'float16';
  return data instanceof Int32Array ? 'int32' : 'int64';
}
