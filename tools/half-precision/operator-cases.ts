/** The operators of our graphs, each alone at awkward sizes: what a device must compute right in half precision. */
import {
  addPerChannel,
  addTo,
  attention,
  concatChannels,
  conv,
  fromNchw,
  geglu,
  gelu,
  groupNorm,
  imageToTokens,
  layerNorm,
  linear,
  multiply,
  quickGelu,
  relu,
  silu,
  skipLayerNorm,
  tanh,
  tensor,
  toNchw,
  tokensToImage,
  upsample2x,
  type GraphBuilder,
  type Value,
} from '../../src/core/graph';

type Dims = readonly number[];

export interface OperatorCase {
  /** Shape of each input: float32 on the graph's face. */
  inputs: readonly Dims[];
  build(g: GraphBuilder, ...inputs: Value[]): Value;
  /** Standard deviation and mean of the inputs' values, 1 and 0 if not given. */
  spread?: number;
  mean?: number;
}

const image =
  (build: (g: GraphBuilder, x: Value, ...others: Value[]) => Value) =>
  (g: GraphBuilder, x: Value, ...others: Value[]): Value =>
    toNchw(g, build(g, fromNchw(g, x), ...others.map((other) => fromNchw(g, other))));

const tokens = (build: (g: GraphBuilder, x: Value, ...others: Value[]) => Value, ...inputs: Dims[]): OperatorCase => ({
  inputs,
  build,
});

const convCase = (
  [batch, channels, height, width]: readonly [number, number, number, number],
  out: number,
  { size = 3, stride = 1 } = {},
): OperatorCase => ({
  inputs: [[batch, channels, height, width]],
  build: image((g, x) => {
    const pad = size === 3 ? 1 : 0;
    return conv(g, x, tensor('kernel', out, channels, size, size), tensor('bias', out), {
      stride,
      pads: [pad, pad, pad, pad],
    });
  }),
});

const product = (rows: number, inner: number, out: number, hasBias = false): OperatorCase =>
  tokens(
    (g, x) => linear(g, x, tensor('matrix', out, inner), hasBias ? tensor('bias', out) : undefined),
    [2, rows, inner],
  );

const norm = (
  [batch, channels, height, width]: readonly [number, number, number, number],
  groups: number,
  { isSilu = true, spread = 1, mean = 0 } = {},
): OperatorCase => ({
  inputs: [[batch, channels, height, width]],
  spread,
  mean,
  build: image((g, x) =>
    groupNorm(g, x, tensor('gamma', channels), tensor('beta', channels), { groups, epsilon: 1e-5, silu: isSilu }),
  ),
});

const attend = (queries: number, keys: number, heads: number, size: number, causal = false): OperatorCase =>
  tokens(
    (g, q, k, v) => attention(g, q, k, v, { heads, causal }),
    [2, queries, heads * size],
    [2, keys, heads * size],
    [2, keys, heads * size],
  );

const alone = (build: (g: GraphBuilder, x: Value) => Value): OperatorCase => tokens(build, [2, 77, 50]);

/** Cases by what the table calls them. */
export const OPERATOR_CASES: Record<string, OperatorCase> = {
  'linear 64 x 320 x 320': product(64, 320, 320),
  'linear 77 x 768 x 320, bias': product(77, 768, 320, true),
  'linear 33 x 5120 x 64': product(33, 5120, 64),
  'linear 7 x 1280 x 50, odd': product(7, 1280, 50),
  'linear 1 x 96 x 96': product(1, 96, 96),
  'conv 3x3, 4 to 32, 9 x 7': convCase([2, 4, 9, 7], 32),
  'conv 3x3, 9 to 32, 9 x 7': convCase([2, 9, 9, 7], 32),
  'conv 3x3, 3 to 16, 8 x 8': convCase([1, 3, 8, 8], 16),
  'conv 3x3, 16 to 16, 16 x 16': convCase([1, 16, 16, 16], 16),
  'conv 3x3, 320 to 64, 9 x 7': convCase([2, 320, 9, 7], 64),
  'conv 3x3, 640 to 32, 4 x 4': convCase([1, 640, 4, 4], 32),
  'conv 3x3, 32 to 3, 9 x 7': convCase([1, 32, 9, 7], 3),
  'conv 3x3, stride 2, 32 to 32, 9 x 7': convCase([2, 32, 9, 7], 32, { stride: 2 }),
  'conv 1x1, 320 to 64, 9 x 7': convCase([2, 320, 9, 7], 64, { size: 1 }),
  'group norm, 32 of 64, 9 x 7': norm([2, 64, 9, 7], 32),
  'group norm, 32 of 64, mean 20': norm([2, 64, 9, 7], 32, { mean: 20 }),
  'group norm, 32 of 320, 33 x 47': norm([1, 320, 33, 47], 32, { isSilu: false }),
  'group norm, 4 of 8, spread 200': norm([2, 8, 9, 7], 4, { spread: 200 }),
  'layer norm, 320': tokens((g, x) => layerNorm(g, x, tensor('gamma', 320), tensor('beta', 320), 1e-5), [2, 77, 320]),
  'layer norm, 50': tokens((g, x) => layerNorm(g, x, tensor('gamma', 50), tensor('beta', 50), 1e-5), [2, 7, 50]),
  'skip layer norm, 320': tokens(
    (g, x, skip) =>
      skipLayerNorm(g, {
        x,
        skip,
        bias: tensor('bias', 320),
        gamma: tensor('gamma', 320),
        beta: tensor('beta', 320),
        epsilon: 1e-5,
      }).normal,
    [2, 77, 320],
    [2, 77, 320],
  ),
  'sum of skip layer norm, 320': tokens(
    (g, x, skip) =>
      skipLayerNorm(g, {
        x,
        skip,
        bias: tensor('bias', 320),
        gamma: tensor('gamma', 320),
        beta: tensor('beta', 320),
        epsilon: 1e-5,
      }).sum,
    [2, 77, 320],
    [2, 77, 320],
  ),
  'attention 63 x 63, 8 heads of 40': attend(63, 63, 8, 40),
  'attention 256 x 256, 4 heads of 64': attend(256, 256, 4, 64),
  'attention 63 x 77, 8 heads of 40': attend(63, 77, 8, 40),
  'attention 16 x 231, 2 heads of 160': attend(16, 231, 2, 160),
  'attention 77 x 77, 12 heads of 64, causal': attend(77, 77, 12, 64, true),
  'GEGLU, 320': tokens((g, x) => geglu(g, x, tensor('proj', 2560, 320), tensor('bias', 2560)), [1, 63, 320]),
  'GEGLU, 36': tokens((g, x) => geglu(g, x, tensor('proj', 72, 36), tensor('bias', 72)), [2, 7, 36]),
  gelu: alone(gelu),
  'quick gelu': alone((g, x) => quickGelu(g, x, 1.702)),
  silu: alone(silu),
  relu: alone(relu),
  tanh: alone(tanh),
  add: alone((g, x) => addTo(g, x, x)),
  multiply: alone((g, x) => multiply(g, x, x)),
  'add a vector per channel': {
    inputs: [
      [2, 36, 9, 7],
      [2, 36],
    ],
    build: (g, x, vector) => toNchw(g, addPerChannel(g, fromNchw(g, x), vector)),
  },
  'upsample, 36 channels, 9 x 7': { inputs: [[2, 36, 9, 7]], build: image(upsample2x) },
  'concat, 36 and 20 channels': {
    inputs: [
      [2, 36, 9, 7],
      [2, 20, 9, 7],
    ],
    build: image(concatChannels),
  },
  'map to tokens and back': {
    inputs: [[2, 36, 9, 7]],
    build: image((g, x) => tokensToImage(g, imageToTokens(g, x), x)),
  },
};
