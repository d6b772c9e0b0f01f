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
  /** Of the graph's input with the factor. */
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

export class BranchWeights {
  readonly #sources: readonly BranchSource[];
  /** By the name of the tensor that stands for them in the graph. */
  readonly #values = new Map<string, Float32Array<ArrayBuffer>>();

  constructor(sources: readonly BranchSource[]) {
    this.#sources = sources;
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
    const values = evaluateNow(weight.expr, (name) => {
      const found = this.#values.get(name);
      if (!found) throw new RangeError(`${name} was not asked for`);
      return found;
    });
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return toGraphBytes({ data }, { form: 'float32', weight, where: weightKey(weight.expr) });
  }
}

const sideBySide = (all: readonly WeightBranch[]): WeightBranch => ({
  factors: all.flatMap(({ factors }) => factors),
  down: concat(...all.map(({ down }) => down)),
  up: transpose(concat(...all.map(({ up }) => transpose(up)))),
});

/** Of an expression over tensors that have one; undefined where none has, or it cannot be written as a product. */
function lowRankOf(expr: WeightExpr, factors: BranchSource['factors']): LowRank | undefined {
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
