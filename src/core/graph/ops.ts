/**
 * One function per operation on values of any kind and on "token" values [batch, tokens, width], each in the form its
 * target runs.
 */
import { TYPE_CODES, type ElementType } from './element-types';
import type { Dim } from './dims';
import type { GraphBuilder, Value } from './graph';
import { NBITS_BLOCK, nbitsOf, type NbitsForm } from './nbits';
import { exprShape, transpose, type WeightExpr } from './weight-expr';

const MS = 'com.microsoft';

/** `shape` as ONNX writes it: 0 copies the input's dimension. */
export function reshapeTo(g: GraphBuilder, x: Value, dims: readonly Dim[], shape: readonly number[]): Value {
  return g.node('Reshape', { inputs: [x, g.integers(...shape)], outputs: [dims] })[0];
}

/** Elementwise sum, in the shape of `a`. */
export const addTo = (g: GraphBuilder, a: Value, b: Value): Value =>
  g.node('Add', { inputs: [a, b], outputs: [a.dims] })[0];

/** Elementwise product, in the shape of `a`. */
export const multiply = (g: GraphBuilder, a: Value, b: Value): Value =>
  g.node('Mul', { inputs: [a, b], outputs: [a.dims] })[0];

/** x·sigmoid(x) */
export const silu = (g: GraphBuilder, x: Value): Value => quickGelu(g, x, 1);

/** x·sigmoid(alpha·x); CLIP-L's activation with alpha 1.702. */
export const quickGelu = (g: GraphBuilder, x: Value, alpha: number): Value =>
  g.node('QuickGelu', { domain: MS, inputs: [x], attributes: { alpha: { float: alpha } }, outputs: [x.dims] })[0];

/** The exact (erf) GELU. */
export const gelu = (g: GraphBuilder, x: Value): Value => g.node('Gelu', { inputs: [x], outputs: [x.dims] })[0];

export const relu = (g: GraphBuilder, x: Value): Value => g.node('Relu', { inputs: [x], outputs: [x.dims] })[0];

export const tanh = (g: GraphBuilder, x: Value): Value => g.node('Tanh', { inputs: [x], outputs: [x.dims] })[0];

/**
 * x @ weightᵀ + bias over the last axis; `weight` is [out, in] as checkpoints store it, `bias` [out].
 *
 * A matrix stored in 8 or 4 bits stays so: MatMulNBits widens it block by block in the kernel. Branches beside it are added.
 */
export function linear(g: GraphBuilder, x: Value, weight: WeightExpr, bias?: WeightExpr): Value {
  return withBranches(g, ownProduct(g, x, weight, bias), { x, weight });
}

/** `y`, which is made of x @ weightᵀ, and what stands beside that product. */
export function withBranches(g: GraphBuilder, y: Value, { x, weight }: { x: Value; weight: WeightExpr }): Value {
  return g
    .branches(weight)
    .reduce(
      (sum, { down, up, factor }) => addTo(g, sum, ownProduct(g, multiply(g, ownProduct(g, x, down), factor), up)),
      y,
    );
}

function ownProduct(g: GraphBuilder, x: Value, weight: WeightExpr, bias?: WeightExpr): Value {
  const form = g.nbitsForm(weight);
  if (form) return nbitsLinear(g, x, { weight, form, bias });
  const matrix = g.weight(transpose(weight));
  const dims = [...x.dims.slice(0, -1), matrix.dims[1]];
  const [y] = g.node('MatMul', { inputs: [x, matrix], outputs: [dims] });
  return bias ? addTo(g, y, g.weight(bias)) : y;
}

/**
 * MatMulNBits may round activations to 8 bits for its product (4), or may not (0). On WebGPU with subgroups the rounding kernel
 * leaves 0.6 to 0.7 % of each product, where the other leaves 0.03 %; whether it is faster at all was never measured on a GPU.
 */
const ACCURACY = { portable: 4, webgpu: 0 } as const;

function nbitsLinear(
  g: GraphBuilder,
  x: Value,
  { weight, form, bias }: { weight: WeightExpr; form: NbitsForm; bias?: WeightExpr },
): Value {
  const [out, inner] = exprShape(weight);
  const { quants, scales } = g.nbitsWeight(weight, form);
  return g.node('MatMulNBits', {
    domain: MS,
    inputs: [x, quants, scales, undefined, undefined, bias && g.weight(bias)],
    attributes: { K: inner, N: out, bits: nbitsOf(form), block_size: NBITS_BLOCK, accuracy_level: ACCURACY[g.target] },
    outputs: [[...x.dims.slice(0, -1), out]],
  })[0];
}

export function layerNorm(g: GraphBuilder, x: Value, gamma: WeightExpr, beta: WeightExpr, epsilon: number): Value {
  return g.node('LayerNormalization', {
    inputs: [x, g.weight(gamma), g.weight(beta)],
    attributes: { axis: -1, epsilon: { float: epsilon } },
    outputs: [x.dims],
  })[0];
}

export interface SkipLayerNormInputs {
  /** Output of a linear layer without its bias: [batch, tokens, width]. */
  x: Value;
  skip: Value;
  bias: WeightExpr;
  gamma: WeightExpr;
  beta: WeightExpr;
  epsilon: number;
}

/** sum = x + bias + skip; normal = LayerNorm(sum): residual and next norm in one kernel. */
export function skipLayerNorm(g: GraphBuilder, i: SkipLayerNormInputs): { normal: Value; sum: Value } {
  const [normal, sum] = g.node('SkipLayerNormalization', {
    domain: MS,
    inputs: [i.x, i.skip, g.weight(i.gamma), g.weight(i.beta), g.weight(i.bias)],
    attributes: { epsilon: { float: i.epsilon } },
    outputs: [i.x.dims, undefined, undefined, i.x.dims],
  });
  return { normal, sum };
}

export interface BiasAddInputs {
  /** Output of a linear layer without its bias, and what is added to it: [batch, tokens, width]. */
  x: Value;
  skip: Value;
  bias: WeightExpr;
}

/** x + bias + skip: one kernel on `webgpu`. */
export function biasAdd(g: GraphBuilder, { x, bias, skip }: BiasAddInputs): Value {
  if (g.target === 'portable') return addTo(g, addTo(g, x, g.weight(bias)), skip);
  return g.node('BiasAdd', { domain: MS, inputs: [x, g.weight(bias), skip], outputs: [x.dims] })[0];
}

export interface AttentionOptions {
  heads: number;
  /** Each token sees itself and those before it. */
  causal?: boolean;
  /** Computes in float32 whatever the activations: products of queries and keys pass 65504 in some models. */
  upcast?: boolean;
}

/** softmax(q kᵀ / √headSize) v over heads; q is [batch, n, width], k and v [batch, m, width]. */
export function attention(
  g: GraphBuilder,
  q: Value,
  k: Value,
  v: Value,
  { heads, causal = false, upcast = false }: AttentionOptions,
): Value {
  const type = upcast ? 'float32' : g.activations;
  const [mixed] = g.node('MultiHeadAttention', {
    domain: MS,
    inputs: [q, k, v].map((x) => castTo(g, x, type)),
    attributes: { num_heads: heads, ...(causal ? { unidirectional: 1 } : {}) },
    outputs: [q.dims],
    type,
  });
  return castTo(g, mixed, g.activations);
}

export function castTo(g: GraphBuilder, x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  return g.node('Cast', { inputs: [x], attributes: { to: TYPE_CODES[type] }, outputs: [x.dims], type })[0];
}

/**
 * A GEGLU layer: of x @ weightᵀ + bias [.., 2h] the first half times gelu(second half).
 *
 * ONNX Runtime has one kernel for it on WebGPU, whose float16 form does not compile as it is: its WGSL divides a vec4<f16> by an f32
 * (1.31-dev, 2026-11, "Invalid ShaderModule BiasSplitGelu"). platform/gpu/mend-gelu.ts mends it.
 */
export function geglu(g: GraphBuilder, x: Value, weight: WeightExpr, bias: WeightExpr): Value {
  const dims = [...x.dims.slice(0, -1), exprShape(weight)[0] / 2];
  if (g.target === 'webgpu')
    return g.node('BiasSplitGelu', {
      domain: MS,
      inputs: [linear(g, x, weight), g.weight(bias)],
      outputs: [dims],
    })[0];
  const [value, gate] = g.node('Split', {
    inputs: [linear(g, x, weight, bias)],
    attributes: { axis: -1, num_outputs: 2 },
    outputs: [dims, dims],
  });
  return multiply(g, value, gelu(g, gate));
}
