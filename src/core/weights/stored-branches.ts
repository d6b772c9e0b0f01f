/** Low-rank products beside a graph's weights whose factors are read when the graph is: never more than one weight's are in memory. */
import { exprShape, exprTensors, tensor, weightKey, type Weight, type WeightBranch, type WeightExpr } from '../graph';
import { lowRankOf, type LowRank } from './branch-weights';
import { evaluateNow } from './evaluate';
import { toGraphBytes } from './stored-form';

export interface StoredFactors {
  rank: number;
  /** The two, of one tensor. */
  read(): LowRank;
}

const PREFIX = 'stored branch:';

export class StoredBranches {
  readonly #factor: string;
  readonly #factors: ReadonlyMap<string, StoredFactors>;
  /** What stands for a product's factors in the graph, by its name. */
  readonly #places = new Map<string, { weight: WeightExpr; part: 'up' | 'down' }>();

  /** @param factor  name of the graph's input that all are multiplied with @param factors  by tensor of the checkpoint */
  constructor(factor: string, factors: ReadonlyMap<string, StoredFactors>) {
    this.#factor = factor;
    this.#factors = factors;
  }

  /** For GraphForm. */
  readonly branches = (weight: WeightExpr): WeightBranch[] => {
    const rank = this.#rankOf(weight);
    if (rank === 0) return [];
    const [out, ...inner] = exprShape(weight);
    const down = tensor(this.#place(weight, 'down'), rank, ...inner);
    return [{ factors: [{ input: this.#factor, rank }], down, up: tensor(this.#place(weight, 'up'), out, rank) }];
  };

  /** It is of a product, not of the checkpoint. */
  has(expr: WeightExpr): boolean {
    return exprTensors([expr]).some(({ name }) => name.startsWith(PREFIX));
  }

  /** Tensors that no weight of the graph was a product of yet. */
  get unused(): string[] {
    const used = new Set(
      [...this.#places.values()].flatMap(({ weight }) => exprTensors([weight])).map(({ name }) => name),
    );
    return [...this.#factors.keys()].filter((name) => !used.has(name));
  }

  /** @throws what reading throws; AppError 'bad-file' where a number is larger than half precision holds */
  read(weight: Weight): Uint8Array<ArrayBuffer> {
    const values = evaluateNow(weight.expr, (name) => this.#values(name));
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return toGraphBytes({ data }, { form: 'float32', weight, where: weightKey(weight.expr) });
  }

  #place(weight: WeightExpr, part: 'up' | 'down'): string {
    const name = `${PREFIX}${part}:${weightKey(weight)}`;
    this.#places.set(name, { weight, part });
    return name;
  }

  #values(name: string): Float32Array<ArrayBuffer> {
    const place = this.#places.get(name);
    const found = place && lowRankOf(place.weight, { get: (one) => this.#factors.get(one)?.read() });
    if (found) return found[place.part];
    throw new RangeError(`${name} was not asked for`);
  }

  /** As `lowRankOf` has it; 0 where there is no product. */
  #rankOf(expr: WeightExpr): number {
    switch (expr.op) {
      case 'tensor':
        return this.#factors.get(expr.name)?.rank ?? 0;
      case 'reshape':
        return exprShape(expr)[0] === exprShape(expr.of)[0] ? this.#rankOf(expr.of) : 0;
      case 'scale':
        return this.#rankOf(expr.of);
      case 'concat':
        return expr.of.reduce((sum, part) => sum + this.#rankOf(part), 0);
      default:
        return 0;
    }
  }
}
