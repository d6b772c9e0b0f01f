/**
 * Attention of the tokens in a U-Net's middle among themselves: in some rows each sees itself alone (perturbed-attention guidance), and how much
 * each is seen is told (self-attention guidance).
 * @see Ahn et al. 2024, arXiv:2403.17377; Hong et al. 2023, arXiv:2210.00939; ComfyUI comfy_extras/nodes_pag.py, nodes_sag.py
 */
import {
  addTo,
  castTo,
  multiply,
  reshapeTo,
  type AttentionOptions,
  type Dim,
  type ElementType,
  type GraphBuilder,
  type Value,
} from '../graph';
import type { ControlForm } from './control-form';

/** [batch, 1, 1]: 1 where tokens see themselves alone, else 0. */
export const PERTURBED = 'perturbed';
/** [batch, tokens]: of the first block, the mean of all heads, summed over those that look; 1 on average. */
export const SEEN = 'self_attention';

interface Attending {
  q: Value;
  k: Value;
  v: Value;
}

export class MiddleAttention {
  readonly #g: GraphBuilder;
  readonly #perturbed: Value | undefined;
  readonly #tells: boolean;
  #seen: Value | undefined;

  /** Declares the input, where there is one. */
  constructor(g: GraphBuilder, { perturbs = false, tellsAttention = false }: ControlForm) {
    this.#g = g;
    this.#perturbed = perturbs ? g.input(PERTURBED, 'float32', ['batch', 1, 1]) : undefined;
    this.#tells = tellsAttention;
  }

  /** To be called for each block of the middle, in turn. @param mixed  what attention made of it */
  changed(mixed: Value, attending: Attending, options: AttentionOptions): Value {
    if (this.#tells) this.#seen ??= this.#seenIn(attending, options);
    const perturbed = this.#perturbed;
    if (!perturbed) return mixed;
    const g = this.#g;
    const one = g.floats(Float32Array.of(1), [1]);
    const [usual] = g.node('Sub', { inputs: [one, perturbed], outputs: [perturbed.dims] });
    return addTo(g, multiply(g, mixed, usual), multiply(g, attending.v, perturbed));
  }

  /** Gives what is told its name. */
  emit(): void {
    if (this.#seen) this.#g.output(SEEN, this.#seen);
  }

  #seenIn({ q, k }: Attending, { heads, upcast = false }: AttentionOptions): Value {
    const g = this.#g;
    const type = upcast ? 'float32' : g.activations;
    const [batch, tokens, width] = q.dims as [Dim, Dim, number];
    const size = width / heads;
    const scale = g.floats(Float32Array.of(1 / Math.sqrt(size)), [1]);
    const rows = this.#ofHeads(multiply(g, q, scale), [batch, tokens, heads, size], [0, 2, 1, 3]);
    const columns = this.#ofHeads(k, [batch, tokens, heads, size], [0, 2, 3, 1]);
    const every = [batch, heads, tokens, tokens];
    const [scores] = g.node('MatMul', {
      inputs: [castTo(g, rows, type), castTo(g, columns, type)],
      outputs: [every],
      type,
    });
    const [shares] = g.node('Softmax', { inputs: [scores], attributes: { axis: -1 }, outputs: [every], type });
    const mean = this.#over('ReduceMean', shares, 1, type);
    return this.#over('ReduceSum', castTo(g, mean, 'float32'), 1, 'float32');
  }

  #ofHeads(x: Value, [batch, tokens, heads, size]: [Dim, Dim, number, number], perm: readonly number[]): Value {
    const g = this.#g;
    const dims = [batch, tokens, heads, size];
    const parted = reshapeTo(g, x, dims, [0, 0, heads, size]);
    const outputs = [perm.map((axis) => dims[axis])];
    return g.node('Transpose', { inputs: [parted], attributes: { perm }, outputs })[0];
  }

  #over(op: 'ReduceMean' | 'ReduceSum', x: Value, axis: number, type: ElementType): Value {
    const g = this.#g;
    const dims = x.dims.filter((_, at) => at !== axis);
    return g.node(op, { inputs: [x, g.integers(axis)], attributes: { keepdims: 0 }, outputs: [dims], type })[0];
  }
}
