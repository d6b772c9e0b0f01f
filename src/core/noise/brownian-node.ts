/** One interval of a Brownian tree: it halves as finely as it is asked, and knows how far the path moves over it. */
import { RecentMap } from './recent-map';
import { roundMicro } from './round-micro';
import { seedSequence } from './seed-sequence';

const POOL_SIZE = 24;
/** Two descents of 24 levels, and their siblings. */
const CACHED_INCREMENTS = 96;

export interface TreeRoot {
  /** Start and end in time, before rounding. */
  start: number;
  end: number;
  entropy: bigint;
  /** Normal numbers of a 32-bit seed. */
  draw(seed: number): Float32Array;
}

/** What all nodes of a tree share. */
interface Tree extends TreeRoot {
  increments: RecentMap<BrownianNode, Float32Array>;
}

interface Halves {
  middle: number;
  left: BrownianNode;
  right: BrownianNode;
}

export class BrownianNode {
  readonly start: number;
  readonly end: number;
  readonly #tree: Tree;
  readonly #parent: BrownianNode | undefined;
  /** Its position among the 2^depth intervals of its depth, from the left. */
  readonly #key: number;
  readonly #depth: number;
  #halves: Halves | undefined;

  private constructor(tree: Tree, [start, end]: readonly [number, number], parent?: BrownianNode, isRight = false) {
    this.#tree = tree;
    this.start = start;
    this.end = end;
    this.#parent = parent;
    this.#key = parent ? 2 * parent.#key + (isRight ? 1 : 0) : 0;
    this.#depth = parent ? parent.#depth + 1 : 0;
  }

  static root(root: TreeRoot): BrownianNode {
    const tree: Tree = { ...root, increments: new RecentMap(CACHED_INCREMENTS) };
    return new BrownianNode(tree, [roundMicro(root.start), roundMicro(root.end)]);
  }

  /** The largest nodes that make up [low, high], from the left. Both are times of six decimals inside this node. */
  parts(low: number, high: number): BrownianNode[] {
    if (low >= high) return [];
    if (low === this.start && high === this.end) return [this];
    const { middle, left, right } = (this.#halves ??= this.#split());
    return [...left.parts(low, Math.min(high, middle)), ...right.parts(Math.max(low, middle), high)];
  }

  /** W(end) − W(start). Left as it is by callers. */
  increment(): Float32Array {
    const { increments } = this.#tree;
    const known = increments.get(this);
    if (known) return known;
    const parent = this.#parent;
    if (parent) parent.#incrementHalves();
    else increments.set(this, this.#total());
    return increments.get(this) ?? this.increment();
  }

  #split(): Halves {
    const middle = roundMicro(0.5 * (this.end + this.start));
    return {
      middle,
      left: new BrownianNode(this.#tree, [this.start, middle], this),
      right: new BrownianNode(this.#tree, [middle, this.end], this, true),
    };
  }

  #total(): Float32Array {
    const { start, end, entropy, draw } = this.#tree;
    const [seed] = seedSequence({ entropy, poolSize: POOL_SIZE }, 1);
    const deviation = Math.fround(Math.sqrt(end - start));
    return draw(seed).map((value) => value * deviation);
  }

  /** The Brownian bridge: given the whole, the left half is normal around its share, and the right one is the rest. */
  #incrementHalves(): void {
    const { increments, entropy, draw } = this.#tree;
    const { middle, left, right } = (this.#halves ??= this.#split());
    const whole = this.increment();
    const spawnKey = [this.#key, this.#depth];
    const [seed] = seedSequence({ entropy, spawnKey, poolSize: POOL_SIZE }, 1);
    const perLength = 1 / (this.end - this.start);
    const share = Math.fround(middle - this.start);
    const rounded = Math.fround(perLength);
    const deviation = Math.fround(Math.sqrt((middle - this.start) * (this.end - middle) * perLength));
    const leftHalf = draw(seed).map(
      (value, i) => Math.fround(Math.fround(share * whole[i]) * rounded) + Math.fround(deviation * value),
    );
    increments.set(left, leftHalf);
    increments.set(
      right,
      whole.map((value, i) => value - leftHalf[i]),
    );
  }
}
