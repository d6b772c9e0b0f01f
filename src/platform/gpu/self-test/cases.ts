/** What the self-test asks of a GPU: the operators that pictures are made of, small, each with its result in float64. */
import {
  attention,
  conv,
  fromNchw,
  geglu,
  groupNorm,
  layerNorm,
  linear,
  tensor,
  toNchw,
  upsample2x,
  type GraphBuilder,
  type NbitsForm,
  type Value,
  type WeightExpr,
} from '../../../core/graph';
import * as reference from './reference';
import type { Numbers } from './reference';

/** A part of what a GPU can do that may be left out by itself. */
export type SelfTestPart = 'plain' | 'packed';

export interface SelfTestCase {
  /** Name for a person: what goes wrong where it fails. */
  name: string;
  part: SelfTestPart;
  /** Matrices of linear layers are packed so. */
  packed?: NbitsForm;
  /** Shapes of the inputs x, k, v. */
  inputs: Readonly<Record<string, readonly number[]>>;
  /** Shapes of the weights. */
  weights: Readonly<Record<string, readonly number[]>>;
  /** Added to and multiplied with the inputs, which are else of mean 0 and variance 1. */
  shift?: number;
  spread?: number;
  build(g: GraphBuilder, x: Record<string, Value>, w: Record<string, WeightExpr>): Value;
  expected(v: Record<string, Numbers>): Float64Array;
}

const EPSILON = 1e-5;

/** [77 tokens of 2 texts] through one matrix. */
function linearCase(name: string, inner: number, out: number, rows: number, packed?: NbitsForm): SelfTestCase {
  return {
    name,
    part: packed ? 'packed' : 'plain',
    ...(packed && { packed }),
    inputs: { x: [2, rows, inner] },
    weights: { matrix: [out, inner], bias: [out] },
    build: (g, { x }, { matrix, bias }) => linear(g, x, matrix, bias),
    expected: ({ x, matrix, bias }) => reference.linear(x, matrix, bias),
  };
}

const CELLS = { height: 10, width: 14 };

function convCase(name: string, channels: number, out: number, size: number, stride: number): SelfTestCase {
  const pad = size === 3 ? 1 : 0;
  return {
    name,
    part: 'plain',
    inputs: { x: [2, channels, CELLS.height, CELLS.width] },
    weights: { kernel: [out, channels, size, size], bias: [out] },
    build: (g, { x }, { kernel, bias }) =>
      toNchw(g, conv(g, fromNchw(g, x), kernel, bias, { stride, pads: [pad, pad, pad, pad] })),
    expected: ({ x, kernel, bias }) => reference.conv(x, kernel, bias, { channels, ...CELLS, size, stride, pad }),
  };
}

function attentionCase(name: string, { heads, width, queries, keys, causal }: reference.Heads): SelfTestCase {
  return {
    name,
    part: 'plain',
    inputs: { x: [2, queries, width], k: [2, keys, width], v: [2, keys, width] },
    weights: {},
    build: (g, { x, k, v }) => attention(g, x, k, v, { heads, causal }),
    expected: ({ x, k, v }) => reference.attention(x, k, v, { heads, width, queries, keys, causal }),
  };
}

function groupNormCase(name: string, shift: number, spread: number): SelfTestCase {
  const [channels, groups] = [64, 16];
  return {
    name,
    part: 'plain',
    shift,
    spread,
    inputs: { x: [2, channels, CELLS.height, CELLS.width] },
    weights: { gamma: [channels], beta: [channels] },
    build: (g, { x }, { gamma, beta }) =>
      toNchw(g, groupNorm(g, fromNchw(g, x), gamma, beta, { groups, epsilon: EPSILON, silu: true })),
    expected: ({ x, gamma, beta }) =>
      reference.groupNormSilu(x, gamma, beta, { channels, ...CELLS, groups, epsilon: EPSILON }),
  };
}

const WIDTH = 320;

export const SELF_TEST_CASES: readonly SelfTestCase[] = [
  linearCase('matrices', WIDTH, 192, 77),
  attentionCase('attention', { heads: 8, width: WIDTH, queries: 140, keys: 140 }),
  attentionCase('attention to a text', { heads: 4, width: WIDTH, queries: 140, keys: 77 }),
  attentionCase('attention in a text', { heads: 5, width: WIDTH, queries: 77, keys: 77, causal: true }),
  attentionCase('attention with wide heads', { heads: 2, width: WIDTH, queries: 35, keys: 35 }),
  convCase('convolution', 64, 64, 3, 1),
  convCase('convolution at every other pixel', 64, 32, 3, 2),
  convCase('convolution of single pixels', 64, 96, 1, 1),
  convCase('convolution of 9 channels', 9, 32, 3, 1),
  groupNormCase('group normalisation', 0.5, 1),
  groupNormCase('group normalisation of large numbers', 100, 300),
  {
    name: 'layer normalisation',
    part: 'plain',
    shift: 0.5,
    inputs: { x: [2, 77, WIDTH] },
    weights: { gamma: [WIDTH], beta: [WIDTH] },
    build: (g, { x }, { gamma, beta }) => layerNorm(g, x, gamma, beta, EPSILON),
    expected: ({ x, gamma, beta }) => reference.layerNorm(x, gamma, beta, EPSILON),
  },
  {
    name: 'gated units',
    part: 'plain',
    inputs: { x: [2, 77, 64] },
    weights: { matrix: [256, 64], bias: [256] },
    build: (g, { x }, { matrix, bias }) => geglu(g, x, matrix, bias),
    expected: ({ x, matrix, bias }) => reference.geglu(x, matrix, bias),
  },
  {
    name: 'enlarging',
    part: 'plain',
    inputs: { x: [2, 64, CELLS.height, CELLS.width] },
    weights: {},
    build: (g, { x }) => toNchw(g, upsample2x(g, fromNchw(g, x))),
    expected: ({ x }) => reference.upsample2x(x, CELLS),
  },
  linearCase('8-bit matrices', WIDTH, 192, 77, 'nbits8'),
  linearCase('8-bit matrices in blocks of 128', 256, 192, 77, 'nbits8'),
  linearCase('8-bit matrices by one row', WIDTH, 192, 1, 'nbits8'),
  linearCase('4-bit matrices', WIDTH, 192, 77, 'nbits4'),
  linearCase('4-bit matrices in blocks of 128', 256, 192, 77, 'nbits4'),
  linearCase('4-bit matrices by one row', WIDTH, 192, 1, 'nbits4'),
];

/** The weights as a graph asks for them. */
export const weightExprs = ({ weights }: SelfTestCase): Record<string, WeightExpr> =>
  Object.fromEntries(Object.entries(weights).map(([name, shape]) => [name, tensor(name, ...shape)]));
