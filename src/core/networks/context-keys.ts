/**
 * Keys and values of the text, which every transformer block reads through two matrices of its own. On WebGPU those of three blocks in a row are one
 * product and one Split: four kernels less. The matrices are joined while weights are read; what is stored are those of each block.
 */
import { concat, linear, tensor, type GraphBuilder, type Value, type WeightExpr } from '../graph';

export interface KeysAndValues {
  k: Value;
  v: Value;
}

/** Split writes all its parts in one kernel: input and parts must fit WebGPU's guaranteed 8 storage buffers a stage. */
const BLOCKS_A_GROUP = 3;

interface Wanted extends KeysAndValues {
  weights: readonly WeightExpr[];
  width: number;
}

export class ContextKeys {
  readonly #g: GraphBuilder;
  #group: Wanted[] = [];
  #context: Value | undefined;
  /** Where the group's first block stands. */
  #position = 0;

  constructor(g: GraphBuilder) {
    this.#g = g;
  }

  /** @param name  of the attention layer @param context  [batch, tokens, contextWidth], the same for all @returns [batch, tokens, width] */
  of(context: Value, name: string, width: number): KeysAndValues {
    const [batch, tokens, contextWidth] = context.dims;
    const weights = ['to_k', 'to_v'].map((part) => tensor(`${name}.${part}.weight`, width, contextWidth as number));
    if (this.#g.target === 'portable') {
      const [k, v] = weights.map((weight) => linear(this.#g, context, weight));
      return { k, v };
    }
    if (this.#group.length === 0) this.#position = this.#g.position;
    this.#context = context;
    const dims = [batch, tokens, width];
    const wanted = { k: this.#g.reserve(dims), v: this.#g.reserve(dims), weights, width };
    this.#group.push(wanted);
    if (this.#group.length === BLOCKS_A_GROUP) this.emit();
    return wanted;
  }

  /** Writes those of blocks that no full group was made of. */
  emit(): void {
    const [context, group] = [this.#context, this.#group];
    this.#group = [];
    if (!context || group.length === 0) return;
    this.#g.emitAt(this.#position, () => {
      const all = linear(this.#g, context, concat(...group.flatMap(({ weights }) => weights)));
      const sizes = group.flatMap(({ width }) => [width, width]);
      const parts = group.flatMap(({ k, v }) => [k, v]);
      this.#g.nodeInto('Split', [all, this.#g.integers(...sizes)], parts, { axis: -1 });
    });
  }
}
