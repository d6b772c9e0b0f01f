/**
 * How much memory a run of a graph takes beside its weights, told from the graph alone.
 *
 * Two figures: what is alive at once at most, and what ONNX Runtime's WebGPU provider holds for it. With its cache mode "simple" a
 * buffer that is free again waits for the next one of exactly its size and is never given back, and it is free only when the
 * commands that used it have been sent, sixteen kernels at a time. @see onnxruntime core/providers/webgpu/buffer_manager.cc
 */
import { countElements, type DimBindings } from './dims';
import { ELEMENT_BYTES } from './element-types';
import type { BuiltGraph, GraphNode, Value } from './graph';

export interface GraphMemory {
  /** Values alive at the same time, and what an operator needs while it runs, at the moment of most. */
  liveBytes: number;
  /** Buffers that are made for them in a run. */
  pooledBytes: number;
  /** Of `liveBytes`: the most that one attention takes for itself, its scores first of all. */
  attentionBytes: number;
}

export interface MemoryOptions {
  bindings: DimBindings;
  /** Whether MultiHeadAttention runs without writing its scores. */
  hasFlashAttention?: boolean;
}

/** Their output is their input under another name. */
const VIEWS: ReadonlySet<string> = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze']);

/** Those around a convolution undo what ONNX Runtime's layout pass does, and are gone when the graph runs. */
function isCancelled({ op, inputs, outputs }: GraphNode, convolved: ReadonlySet<string>): boolean {
  return op === 'Transpose' && (convolved.has(inputs[0]) || convolved.has(outputs[0]));
}

/** Buffers' sizes are multiples of this. */
const ALIGNMENT = 16;

/** Kernels that are sent to the GPU together. */
const KERNELS_A_SUBMIT = 16;

export function graphMemory(graph: BuiltGraph, options: MemoryOptions): GraphMemory {
  const sizes = new Sizes(graph, options.bindings);
  const lastReads = findLastReads(graph, sizes);
  const pool = new BufferPool();
  let live = 0;
  let liveBytes = 0;
  let attentionBytes = 0;
  const take = (bytes: number): void => {
    pool.take(bytes);
    live += bytes;
  };
  const free = (bytes: number): void => {
    pool.free(bytes);
    live -= bytes;
  };
  for (const { name } of graph.inputs) take(sizes.bytesOf(name));
  graph.nodes.forEach((node, position) => {
    const written = sizes.isView(node) ? [] : node.outputs.filter((name) => name !== '');
    const scratch = scratchOf(node, sizes, options);
    for (const name of written) take(sizes.bytesOf(name));
    scratch.forEach(take);
    liveBytes = Math.max(liveBytes, live);
    attentionBytes = Math.max(attentionBytes, attentionOf(node, sizes, scratch));
    scratch.forEach(free);
    for (const name of lastReads.get(position) ?? []) free(sizes.bytesOf(name));
    if (!sizes.isView(node)) pool.ranKernel();
  });
  return { liveBytes, pooledBytes: pool.bytes, attentionBytes };
}

/** Of values that have memory of their own: those that a view shows are one with it. */
class Sizes {
  readonly #values: ReadonlyMap<string, Value>;
  readonly #shown = new Map<string, string>();
  readonly #bindings: DimBindings;

  constructor({ inputs, values, nodes }: BuiltGraph, bindings: DimBindings) {
    this.#values = new Map([...values, ...inputs.map((value) => [value.name, value] as const)]);
    this.#bindings = bindings;
    const convolved = new Set(
      nodes.filter(({ op }) => op === 'Conv').flatMap((node) => [node.inputs[0], node.outputs[0]]),
    );
    for (const node of nodes)
      if (VIEWS.has(node.op) || isCancelled(node, convolved))
        this.#shown.set(node.outputs[0], this.ownerOf(node.inputs[0]));
  }

  isView({ outputs }: GraphNode): boolean {
    return this.#shown.has(outputs[0]);
  }

  ownerOf(name: string): string {
    return this.#shown.get(name) ?? name;
  }

  /** Constants and weights are counted elsewhere. */
  isCounted(name: string): boolean {
    return this.#values.has(name);
  }

  value(name: string): Value {
    const found = this.#values.get(name);
    if (!found) throw new RangeError(`no shape is known of ${name}`);
    return found;
  }

  count(name: string): number {
    return countElements(this.value(name).dims, this.#bindings);
  }

  dims(name: string): number[] {
    return this.value(name).dims.map((dim) => countElements([dim], this.#bindings));
  }

  bytesOf(name: string): number {
    return Math.ceil((ELEMENT_BYTES[this.value(name).type] * this.count(name)) / ALIGNMENT) * ALIGNMENT;
  }
}

/** By the position of a node: values that nobody reads after it. What the graph gives out stays. */
function findLastReads({ nodes, inputs, outputs }: BuiltGraph, sizes: Sizes): Map<number, string[]> {
  const last = new Map<string, number>(inputs.map(({ name }) => [name, -1]));
  nodes.forEach((node, position) => {
    for (const name of node.inputs) if (sizes.isCounted(sizes.ownerOf(name))) last.set(sizes.ownerOf(name), position);
    if (!sizes.isView(node)) for (const name of node.outputs) if (name !== '') last.set(name, position);
  });
  for (const { name } of outputs) last.delete(sizes.ownerOf(name));
  const byPosition = new Map<number, string[]>();
  for (const [name, position] of last) byPosition.set(position, [...(byPosition.get(position) ?? []), name]);
  return byPosition;
}

/** What MultiHeadAttention allocates beside its output. @see onnxruntime contrib_ops/webgpu/bert */
function scratchOf(
  { op, inputs, attributes }: GraphNode,
  sizes: Sizes,
  { hasFlashAttention = true }: MemoryOptions,
): number[] {
  if (op !== 'MultiHeadAttention') return [];
  const [q, k, v] = inputs.map((name) => sizes.bytesOf(name));
  if (hasFlashAttention) return [k, v]; // head by head
  const [batch, queries] = sizes.dims(inputs[0]);
  const [, keys] = sizes.dims(inputs[1]);
  const scores = batch * Number(attributes['num_heads']) * queries * keys * ELEMENT_BYTES[sizes.value(inputs[0]).type];
  return [q, k, v, scores, q]; // head by head, and the result before its heads are joined
}

/** Scores, where they are spelled out, are values like others: Softmax reads them and writes as many. */
function attentionOf({ op, inputs }: GraphNode, sizes: Sizes, scratch: readonly number[]): number {
  if (op === 'Softmax') return 2 * sizes.bytesOf(inputs[0]);
  return scratch.reduce((sum, bytes) => sum + bytes, 0);
}

class BufferPool {
  readonly #free = new Map<number, number>();
  #waiting: number[] = [];
  #kernels = 0;
  /** Of all buffers ever made. */
  bytes = 0;

  take(size: number): void {
    const free = this.#free.get(size) ?? 0;
    if (free > 0) this.#free.set(size, free - 1);
    else this.bytes += size;
  }

  free(size: number): void {
    this.#waiting.push(size);
  }

  ranKernel(): void {
    this.#kernels += 1;
    if (this.#kernels % KERNELS_A_SUBMIT !== 0) return;
    for (const size of this.#waiting) this.#free.set(size, (this.#free.get(size) ?? 0) + 1);
    this.#waiting = [];
  }
}
