/** Finds a weight among those that a pack keeps: as it is, or as an expression over others that are kept. */
import { AppError } from '../errors';
import { exprShape, keyPattern, parseWeightKey, weightKey, type WeightExpr } from '../graph';
import { applied, reshaped, unwrapped } from './derivation';
import type { StoredWeight } from './pack';
import type { StoredForm } from '../graph';

type Shape = readonly number[];

/** By how many units in the last place one number differs that two engines compute. */
const ULPS = 4;

const isNear = (a: number, b: number): boolean =>
  Math.abs(a - b) <= ULPS * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b));

/** The less a form has rounded, the sooner others are derived from it. */
const LOSS: Record<StoredForm, number> = {
  float32: 0,
  float16: 1,
  int8_channel: 2,
  nbits8: 3,
  palette6: 4,
  palette5: 5,
  nbits4: 6,
  palette4: 7,
};

export interface WeightFinderOptions {
  /** Names pack and component. */
  where: string;
  stored: Readonly<Record<string, StoredWeight>>;
  /** Shapes of the checkpoint's tensors; asked for only where a weight must be cut out of another. */
  tensorShapes(): ReadonlyMap<string, Shape>;
}

/** A key with the expression it stands for. */
interface StoredExpr {
  key: string;
  expr: WeightExpr;
}

export class WeightFinder {
  readonly #options: WeightFinderOptions;
  readonly #found = new Map<string, WeightExpr | undefined>();
  #scaled: Map<string, { key: string; factors: number[] }[]> | undefined;
  #holders: Map<string, StoredExpr[]> | undefined;

  constructor(options: WeightFinderOptions) {
    this.#options = options;
  }

  /**
   * @returns an expression whose tensors are kept weights, by their keys; undefined where it cannot be had
   * @throws AppError 'bad-file' where it is kept in another shape
   */
  find(wanted: WeightExpr): WeightExpr | undefined {
    const key = weightKey(wanted);
    if (!this.#found.has(key))
      this.#found.set(key, this.#direct(key, wanted) ?? this.#fromParts(wanted) ?? this.#cutOut(wanted));
    return this.#found.get(key);
  }

  #direct(key: string, wanted: WeightExpr): WeightExpr | undefined {
    const { stored } = this.#options;
    if (Object.hasOwn(stored, key)) return this.#kept(key, exprShape(wanted));
    const { pattern, factors } = keyPattern(wanted);
    if (factors.length === 0) return undefined;
    const near = this.#scaledKeys.get(pattern)?.find((other) => other.factors.every((by, i) => isNear(by, factors[i])));
    return near && this.#kept(near.key, exprShape(wanted));
  }

  #kept(key: string, wanted: Shape): WeightExpr {
    const { shape } = this.#options.stored[key];
    const count = (dims: Shape): number => dims.reduce((product, n) => product * n, 1);
    if (count(shape) === count(wanted)) return reshaped({ op: 'tensor', name: key, shape }, wanted);
    throw new AppError(
      'bad-file',
      `${this.#options.where}: weight "${key}" has shape [${shape.join(', ')}] instead of [${wanted.join(', ')}]; config and weights are not of one model`,
    );
  }

  #fromParts(wanted: WeightExpr): WeightExpr | undefined {
    if (wanted.op === 'tensor') return undefined;
    if (wanted.op === 'add' || wanted.op === 'concat') {
      const parts = wanted.of.map((part) => this.find(part));
      return parts.every((part) => part !== undefined) ? ({ ...wanted, of: parts } as WeightExpr) : undefined;
    }
    const of = this.find(wanted.of);
    return of && applied(wanted, of);
  }

  /** Finds a weight that is a part of a kept one, which was made of it. */
  #cutOut(wanted: WeightExpr): WeightExpr | undefined {
    const { pattern, factors } = keyPattern(wanted);
    const isWanted = (expr: WeightExpr): boolean => {
      const other = keyPattern(expr);
      return other.pattern === pattern && other.factors.every((by, i) => isNear(by, factors[i]));
    };
    for (const { key, expr } of this.#holdersOf(pattern)) {
      const cut = unwrapped(expr, this.#kept(key, exprShape(expr)), isWanted);
      if (cut) return reshaped(cut, exprShape(wanted));
    }
    return undefined;
  }

  /** Kept weights with factors in them, by their pattern. */
  get #scaledKeys(): Map<string, { key: string; factors: number[] }[]> {
    if (this.#scaled) return this.#scaled;
    const scaled = new Map<string, { key: string; factors: number[] }[]>();
    for (const key of Object.keys(this.#options.stored)) {
      const expr = key.includes('scale(') ? parseWeightKey(key, () => []) : undefined;
      if (!expr) continue;
      const { pattern, factors } = keyPattern(expr);
      scaled.set(pattern, [...(scaled.get(pattern) ?? []), { key, factors }]);
    }
    this.#scaled = scaled;
    return scaled;
  }

  /** Kept weights that an expression of this pattern is a part of, the least rounded first. */
  #holdersOf(pattern: string): readonly StoredExpr[] {
    this.#holders ??= this.#indexHolders();
    return this.#holders.get(pattern) ?? [];
  }

  #indexHolders(): Map<string, StoredExpr[]> {
    const { stored, tensorShapes } = this.#options;
    const shapes = tensorShapes();
    const holders = new Map<string, StoredExpr[]>();
    const keys = Object.keys(stored).sort((a, b) => LOSS[stored[a].form] - LOSS[stored[b].form] || a.length - b.length);
    for (const key of keys) {
      const expr = key.includes('(') ? parseWeightKey(key, (name) => shapes.get(name)) : undefined;
      if (!expr || !hasShape(expr, stored[key].shape)) continue;
      const visit = (part: WeightExpr): void => {
        const { pattern } = keyPattern(part);
        holders.set(pattern, [...(holders.get(pattern) ?? []), { key, expr }]);
        if (part.op === 'add') return; // of a sum no part can be had
        if (part.op === 'concat') part.of.forEach(visit);
        else if (part.op !== 'tensor') visit(part.of);
      };
      visit(expr);
    }
    return holders;
  }
}

/** Keys come from files: what they say need not fit together. */
function hasShape(expr: WeightExpr, shape: Shape): boolean {
  try {
    return exprShape(expr).join() === shape.join();
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
