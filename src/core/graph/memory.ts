/**
 * How much memory a run of a graph takes beside its weights, told from the graph alone.
 *
 * Two figures: what is alive at once at most, and what the GPU's pool holds for it (platform/gpu/pool-buffers.ts), which gives a buffer on
 * as soon as its last reader is encoded, and gives back what is too small only when commands are sent, sixteen kernels at a time.
 */
import { countElements, type DimBindings } from './dims';
import { ELEMENT_BYTES } from './element-types';
import type { BuiltGraph, GraphNode, Value } from './graph';
import { IdleBuffers } from './idle-buffers';

export interface GraphMemory {
  /** Values alive at the same time, and what an operator needs while it runs, at the moment of most. */
  liveBytes: number;
  /** Buffers that exist for them at the same time, in the first run and those after it. */
  pooledBytes: number;
  /** The largest of them, which a device must be able to bind. */
  largestBytes: number;
  /** Part of `liveBytes`: the most that one attention takes for itself, its scores first of all. */
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

/** How many kernels the operators have that are more than one: statistics, then values; keys and values in their order, then attention. */
const KERNELS: Readonly<Record<string, number>> = { GroupNorm: 2, SkipGroupNorm: 2, MultiHeadAttention: 3 };

/** Weights that stay packed become numbers: see GraphBuilder.kernel. */
const WIDENING = 'DequantizeLinear';

/** The pool is empty in the first run. */
const RUNS = 2;

export function graphMemory(graph: BuiltGraph, options: MemoryOptions): GraphMemory {
  const sizes = new Sizes(graph, options.bindings);
  const steps = planSteps(graph, sizes, options);
  const pool = new BufferPool();
  for (let run = 0; run < RUNS; run++) {
    for (const { name } of graph.inputs) pool.take(name, sizes.bytesOf(name));
    for (const { written, scratch, kernels, read } of steps) {
      for (const name of written) pool.take(name, sizes.bytesOf(name));
      scratch.forEach((bytes, i) => void pool.take(`scratch ${i}`, bytes));
      pool.ran(kernels);
      scratch.forEach((_, i) => void pool.free(`scratch ${i}`));
      read.forEach((name) => void pool.free(name));
    }
    for (const { name } of graph.outputs) pool.free(sizes.ownerOf(name));
  }
  const { liveBytes, bytes: pooledBytes, largestBytes } = pool;
  return { liveBytes, pooledBytes, largestBytes, attentionBytes: Math.max(...steps.map(({ attention }) => attention)) };
}

/** What a node does to memory. */
interface Step {
  /** Values that it makes. */
  written: readonly string[];
  /** Bytes that it takes while it runs. */
  scratch: readonly number[];
  kernels: number;
  /** Values that nobody reads after it. */
  read: readonly string[];
  /** Bytes that an attention takes for itself; 0 where the step is none. */
  attention: number;
}

function planSteps(graph: BuiltGraph, sizes: Sizes, options: MemoryOptions): Step[] {
  const nodes = inRunningOrder(graph.nodes);
  const lastReads = findLastReads({ ...graph, nodes }, sizes);
  const widened = new Set(nodes.filter(({ op }) => op === WIDENING).map(({ outputs }) => outputs[0]));
  return nodes.map((node, position) => {
    const isView = sizes.isView(node);
    // a kernel that is no constant is laid out anew in each run
    const laidOut = node.op === 'Conv' && widened.has(node.inputs[1]) ? [sizes.bytesOf(node.inputs[1])] : [];
    const scratch = [...scratchOf(node, sizes, options), ...laidOut];
    return {
      written: isView ? [] : node.outputs.filter((name) => name !== ''),
      scratch,
      kernels: isView ? 0 : (KERNELS[node.op] ?? 1) + laidOut.length,
      read: lastReads.get(position) ?? [],
      attention: node.op === 'Conv' ? 0 : attentionOf(node, sizes, scratch),
    };
  });
}

/** What widens a weight runs just before what reads it: see GraphBuilder.kernel. */
function inRunningOrder(nodes: readonly GraphNode[]): GraphNode[] {
  const widening = new Map(nodes.filter(({ op }) => op === WIDENING).map((node) => [node.outputs[0], node]));
  if (widening.size === 0) return [...nodes];
  const others = nodes.filter(({ outputs }) => !widening.has(outputs[0]));
  return others.flatMap((node) => {
    const before = node.inputs.flatMap((name) => widening.get(name) ?? []);
    node.inputs.forEach((name) => widening.delete(name));
    return [...before, node];
  });
}

/** Sizes of values that have memory of their own: those that a view shows are one with it. */
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

/** Values that nobody reads after a node, by the node's position. What the graph gives out stays. */
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

/** Gives buffers on as platform/gpu's does; here they are sizes. */
class BufferPool {
  readonly #idle = new IdleBuffers<{ size: number }>();
  readonly #used = new Map<string, { buffer: { size: number }; asked: number }>();
  #kernels = 0;
  #now = 0;
  #live = 0;
  liveBytes = 0;
  bytes = 0;
  largestBytes = 0;

  take(name: string, asked: number): void {
    const buffer = this.#idle.take(asked) ?? this.#create(asked);
    this.#used.set(name, { buffer, asked });
    this.#live += asked;
    this.liveBytes = Math.max(this.liveBytes, this.#live);
    this.largestBytes = Math.max(this.largestBytes, asked);
  }

  #create(size: number): { size: number } {
    for (const gone of this.#idle.evict(size)) this.#now -= gone.size;
    this.#now += size;
    this.bytes = Math.max(this.bytes, this.#now);
    return { size };
  }

  free(name: string): void {
    const used = this.#used.get(name);
    if (!used) return;
    this.#used.delete(name);
    this.#live -= used.asked;
    this.#idle.put(used.buffer);
  }

  ran(kernels: number): void {
    const before = this.#kernels;
    this.#kernels += kernels;
    if (Math.floor(before / KERNELS_A_SUBMIT) < Math.floor(this.#kernels / KERNELS_A_SUBMIT)) this.#idle.sent();
  }
}
