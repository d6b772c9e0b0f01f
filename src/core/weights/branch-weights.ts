/** Low-rank products beside a graph's weights: which weight has one, and the numbers of its factors. */
import {
  concat,
  exprShape,
  exprTensors,
  tensor,
  transpose,
  weightKey,
  type Weight,
  type WeightBranch,
  type WeightExpr,
} from '../graph';
import { evaluateNow } from './evaluate';
import { toGraphBytes } from './stored-form';

/** Δ = up · down. */
export interface LowRank {
  rank: number;
  /** [rank, in…] */
  down: Float32Array<ArrayBuffer>;
  /** [out, rank] */
  up: Float32Array<ArrayBuffer>;
}

export interface BranchSource {
  /** Name of the graph's input with the factor. */
  factor: string;
  /** By tensor of the checkpoint. */
  factors: ReadonlyMap<string, LowRank>;
}

const PREFIX = 'branch:';

/**
 * So many stand apart. More are laid side by side as one branch: a hundred LoRAs would be a hundred pairs of kernels for each layer, and
 * a graph of tens of thousands of nodes. Few are apart since their sums are of the same bits as ever.
 */
const MOST_APART = 3;

/** Whether so many LoRAs of a graph can be lent to it: not where they lie side by side. */
export const canBeLent = (count: number): boolean => count <= MOST_APART;

/** What a lent branch's ranks are filled up to by zeros, so that another of about its rank fits into its place. */
export const roomFor = (rank: number): number => 2 ** Math.max(2, Math.ceil(Math.log2(rank)));

/** Values that a graph is given with each run: its input, and its shape. */
export interface LentInput {
  name: string;
  dims: readonly number[];
}

export class BranchWeights {
  #sources: readonly BranchSource[];
  readonly #isLent: boolean;
  /** By the name of the tensor that stands for them in the graph. */
  readonly #values = new Map<string, Float32Array<ArrayBuffer>>();
  /** By the name of the branch: where it stands, and with what rank. */
  readonly #places = new Map<string, { factor: string; weight: WeightExpr; rank: number }>();
  readonly #lent = new Map<string, { name: string; expr: WeightExpr }>();

  /** @param isLent  the graph is given them with each run, so that others can take their places: not where many lie side by side */
  constructor(sources: readonly BranchSource[], isLent = false) {
    this.#isLent = isLent && canBeLent(sources.length);
    this.#sources = this.#isLent ? sources.map(roomy) : sources;
  }

  /** For GraphForm. */
  readonly lentAs = (expr: WeightExpr): string | undefined => {
    if (!this.#isLent || !this.has(expr)) return undefined;
    const key = weightKey(expr);
    const known = this.#lent.get(key) ?? { name: `lent_${this.#lent.size}`, expr };
    this.#lent.set(key, known);
    return known.name;
  };

  /** What graphs built with this are given. */
  get lent(): LentInput[] {
    return [...this.#lent.values()].map(({ name, expr }) => ({ name, dims: exprShape(expr) }));
  }

  /** Values of an input of `lent`. */
  lentValues(name: string): Float32Array<ArrayBuffer> {
    const found = [...this.#lent.values()].find((one) => one.name === name);
    if (!found) throw new RangeError(`${name} is not lent`);
    return this.#evaluate(found.expr);
  }

  /** What was lent is somewhere else now, and needs no memory here. */
  forget(): void {
    this.#sources = [];
    this.#values.clear();
  }

  /**
   * Puts others into the places of these: each product into one of its own factor, weight and room, so that the graph is the one that
   * would be built for them.
   *
   * @returns false, and nothing is another, where they do not fit
   */
  replace(others: readonly BranchSource[]): boolean {
    if (!this.#isLent) return false;
    const sources = others.map(roomy);
    const values = new Map<string, LowRank>();
    for (const [name, { factor, weight, rank }] of this.#places) {
      const factors = sources.find((source) => source.factor === factor)?.factors;
      const found = factors && lowRankOf(weight, factors);
      if (found?.rank !== rank) return false;
      values.set(name, found);
    }
    const reached = (factor: string): number => {
      const weights = [...this.#places.values()].filter((place) => place.factor === factor).map(({ weight }) => weight);
      const factors = sources.find((source) => source.factor === factor)?.factors;
      return new Set(exprTensors(weights).flatMap(({ name }) => (factors?.has(name) ? [name] : []))).size;
    };
    if (sources.some(({ factor, factors }) => reached(factor) !== factors.size)) return false;
    for (const [name, { down, up }] of values) this.#values.set(`${name}:down`, down).set(`${name}:up`, up);
    return true;
  }

  /** For GraphForm. */
  readonly branches = (weight: WeightExpr): WeightBranch[] => {
    const all = this.#sources.flatMap((source) => this.#branchOf(weight, source) ?? []);
    return all.length > MOST_APART ? [sideBySide(all)] : all;
  };

  #branchOf(weight: WeightExpr, { factor, factors }: BranchSource): WeightBranch | undefined {
    const found = lowRankOf(weight, factors);
    if (!found) return undefined;
    const { rank } = found;
    const [out, ...inner] = exprShape(weight);
    const name = `${PREFIX}${factor}:${weightKey(weight)}`;
    this.#places.set(name, { factor, weight, rank });
    this.#values.set(`${name}:down`, found.down).set(`${name}:up`, found.up);
    const down = tensor(`${name}:down`, rank, ...inner);
    return { factors: [{ input: factor, rank }], down, up: tensor(`${name}:up`, out, rank) };
  }

  /** It is of a branch, not of the checkpoint. */
  has(expr: WeightExpr): boolean {
    return exprTensors([expr]).some(({ name }) => name.startsWith(PREFIX));
  }

  /** What a graph reads of a branch; undefined for what is of the checkpoint. */
  read(weight: Weight): Uint8Array<ArrayBuffer> | undefined {
    if (!this.has(weight.expr)) return undefined;
    const values = this.#evaluate(weight.expr);
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return toGraphBytes({ data }, { form: 'float32', weight, where: weightKey(weight.expr) });
  }

  #evaluate(expr: WeightExpr): Float32Array<ArrayBuffer> {
    return evaluateNow(expr, (name) => {
      const found = this.#values.get(name);
      if (!found) throw new RangeError(`${name} was not asked for`);
      return found;
    });
  }
}

const roomy = ({ factor, factors }: BranchSource): BranchSource => ({
  factor,
  factors: new Map([...factors].map(([name, found]) => [name, filled(found)])),
});

/** With zeros up to the room of its rank. */
function filled({ rank, down, up }: LowRank): LowRank {
  const room = roomFor(rank);
  if (room === rank) return { rank, down, up };
  const wideDown = new Float32Array((down.length / rank) * room);
  wideDown.set(down);
  const wideUp = new Float32Array((up.length / rank) * room);
  for (let row = 0; row * rank < up.length; row++) wideUp.set(up.subarray(row * rank, (row + 1) * rank), row * room);
  return { rank: room, down: wideDown, up: wideUp };
}

const sideBySide = (all: readonly WeightBranch[]): WeightBranch => ({
  factors: all.flatMap(({ factors }) => factors),
  down: concat(...all.map(({ down }) => down)),
  up: transpose(concat(...all.map(({ up }) => transpose(up)))),
});

/** Low-rank product of an expression over tensors that have one; undefined where none has, or it cannot be written as a product. */
export function lowRankOf(expr: WeightExpr, factors: { get(name: string): LowRank | undefined }): LowRank | undefined {
  switch (expr.op) {
    case 'tensor':
      return factors.get(expr.name);
    case 'reshape': // the first axis stays: a matrix as a 1x1 kernel, or back
      return exprShape(expr)[0] === exprShape(expr.of)[0] ? lowRankOf(expr.of, factors) : undefined;
    case 'scale': {
      const found = lowRankOf(expr.of, factors);
      return found && { ...found, up: found.up.map((value) => value * expr.by) };
    }
    case 'concat':
      return joined(
        expr.of.map((part) => ({ rows: exprShape(part)[0], found: lowRankOf(part, factors) })),
        exprShape(expr)
          .slice(1)
          .reduce((product, n) => product * n, 1),
      );
    default:
      return undefined;
  }
}

/** Side by side: all ranks together, each part's rows reading its own. */
function joined(parts: readonly { rows: number; found: LowRank | undefined }[], inner: number): LowRank | undefined {
  const rank = parts.reduce((sum, { found }) => sum + (found?.rank ?? 0), 0);
  if (rank === 0) return undefined;
  const down = new Float32Array(rank * inner);
  const up = new Float32Array(parts.reduce((sum, { rows }) => sum + rows, 0) * rank);
  let [fromRank, fromRow] = [0, 0];
  for (const { rows, found } of parts) {
    if (found) {
      down.set(found.down, fromRank * inner);
      for (let row = 0; row < rows; row++)
        up.set(found.up.subarray(row * found.rank, (row + 1) * found.rank), (fromRow + row) * rank + fromRank);
      fromRank += found.rank;
    }
    fromRow += rows;
  }
  return { rank, down, up };
}
