/** What decides on the kernel that runs a node on a GPU, as text: two nodes of one signature are run by one shader, up to sizes. */
import type { BuiltGraph, Dim, GraphNode, Value } from '../../graph';

/** Signatures of a graph's nodes, each once. */
export function signaturesOf(graph: BuiltGraph): Set<string> {
  const known = new Map<string, Value>(graph.values);
  const constants = new Map<string, readonly (number | bigint)[]>();
  for (const value of graph.inputs) known.set(value.name, value);
  for (const { value } of graph.weights) known.set(value.name, value);
  for (const { value, data } of graph.constants) {
    known.set(value.name, value);
    if (value.type === 'int64' || data.length <= MOST_NUMBERS) constants.set(value.name, [...data]);
  }
  return new Set(graph.nodes.map((node) => new Reader(node, known, constants).signature()));
}

/** Longer constants are values to compute with. */
const MOST_NUMBERS = 4;

/** ONNX Runtime's kernels read and write so many numbers at a time where they can. */
const LANES = 4;

/** Attributes that are numbers of channels, or numbers to compute with: no kernel is another for them. */
const SIZES = ['K', 'N', 'num_heads', 'groups', 'epsilon', 'alpha', 'pads', 'group', 'scale'];

class Reader {
  readonly #node: GraphNode;
  readonly #inputs: readonly (Value | undefined)[];
  readonly #constants: ReadonlyMap<string, readonly (number | bigint)[]>;

  constructor(
    node: GraphNode,
    known: ReadonlyMap<string, Value>,
    constants: ReadonlyMap<string, readonly (number | bigint)[]>,
  ) {
    this.#node = node;
    this.#inputs = node.inputs.map((name) => (name === '' ? undefined : known.get(name)));
    this.#constants = constants;
  }

  signature(): string {
    const { op, attributes } = this.#node;
    const kept = Object.entries(attributes)
      .filter(([name]) => !SIZES.includes(name))
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .sort((a, b) => (a < b ? -1 : 1));
    const operands = this.#inputs.map((value) => (value ? `${value.type}${value.dims.length}` : '-'));
    return [`${op}(${shortened(operands).join()})`, ...kept, ...this.#shapes(op)].join(' ');
  }

  #dims(index: number): readonly Dim[] {
    return this.#inputs[index]?.dims ?? [];
  }

  #number(name: string): number {
    const value = this.#node.attributes[name];
    return typeof value === 'number' ? value : 1;
  }

  /** What of the operands' shapes and of constants decides. */
  #shapes(op: string): string[] {
    switch (op) {
      case 'Conv':
      case 'ConvTranspose':
        return this.#conv();
      case 'MatMul':
      case 'Gemm':
        return [`inner ${lanes(this.#dims(1).at(-2))}`, `outer ${lanes(this.#dims(1).at(-1))}`];
      case 'MatMulNBits':
        return [`outer ${lanes(this.#number('N'))}`];
      case 'MultiHeadAttention':
        return [`head ${Number(this.#dims(0).at(-1)) / this.#number('num_heads')}`];
      case 'GroupNorm':
      case 'SkipGroupNorm':
        return [`group ${lanes(Number(this.#dims(0).at(-1)) / this.#number('groups'))}`];
      case 'LayerNormalization':
      case 'SkipLayerNormalization':
      case 'BiasSplitGelu':
      case 'BiasAdd':
      case 'Softmax':
        return [`last ${lanes(this.#dims(0).at(-1))}`];
      case 'Add':
      case 'Sub':
      case 'Mul':
      case 'Div':
      case 'Equal':
      case 'Where':
      case 'Greater':
      case 'Less':
      case 'Pow':
        return this.#broadcasts();
      case 'Resize':
      case 'Slice':
      case 'Pad':
      case 'ReduceMean':
      case 'ReduceSum':
      case 'ReduceMax':
      case 'ReduceMin':
        return this.#told();
      default:
        return [];
    }
  }

  #conv(): string[] {
    const [out, inner] = this.#dims(1);
    const channels = this.#dims(0)[1];
    const group = this.#number('group');
    const pads = this.#node.attributes['pads'];
    const sides = Array.isArray(pads) ? new Set(pads as number[]) : new Set<number>();
    const padded = sides.size > 1 ? 'uneven' : sides.has(0) ? 'none' : 'even';
    const grouped = group === 1 ? 'whole' : group === channels ? 'by channel' : 'grouped';
    return [grouped, `pads ${padded}`, `in ${lanes(group === 1 ? inner : channels)}`, `out ${lanes(out)}`];
  }

  /** Where an operand is 1 the kernel repeats it. */
  #broadcasts(): string[] {
    const rank = Math.max(...this.#inputs.map((value) => value?.dims.length ?? 0));
    return this.#inputs.map((value) => {
      const dims = value?.dims ?? [];
      const whole = Array.from({ length: rank }, (_, i) => dims[dims.length - rank + i] ?? 1);
      return whole.map((dim) => (dim === 1 ? '1' : 'n')).join('');
    });
  }

  /** Constants that say which axes, and how far; sizes along them are left out. */
  #told(): string[] {
    return this.#node.inputs.slice(1).map((name, i) => {
      const numbers = this.#constants.get(name);
      if (!numbers) return name === '' ? '-' : 'as it runs';
      const isAxes = this.#node.op !== 'Pad' && (this.#node.op !== 'Slice' || i >= 2);
      return numbers.map((n) => (isAxes ? String(n) : sign(Number(n)))).join('/');
    });
  }
}

/** A kernel names no more operands than a stage has buffers; the others are joined by further ones. */
function shortened(operands: readonly string[]): readonly string[] {
  return operands.length > MOST_OPERANDS && new Set(operands).size === 1 ? [`${operands[0]} and many`] : operands;
}

const MOST_OPERANDS = 7;

const sign = (n: number): string => (n === 0 ? '0' : n > 0 ? '+' : '-');

/** Whether kernels can go four at a time. */
function lanes(size: Dim | undefined): string {
  if (typeof size !== 'number') return 'any';
  return size % LANES === 0 ? '4n' : size === 1 ? '1' : 'odd';
}
