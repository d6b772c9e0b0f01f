/** What plain vision transformers share, by transformers' names: attention, layers, and learned places stretched to a picture. @see Dosovitskiy et al. 2020, arXiv:2010.11929 */
import {
  addTo,
  attention,
  gelu,
  imageSize,
  imageToTokens,
  layerNorm,
  linear,
  plus,
  reshape,
  resizeCubic,
  rowsOf,
  tensor,
  times,
  transpose,
  type GraphBuilder,
  type Value,
  type WeightExpr,
} from '../../graph';

export interface VitSizes {
  width: number;
  heads: number;
  /** What the norms add to the variance. */
  epsilon: number;
}

/** x [b, n, from] @ `name.weight` [to, from], and `name.bias` */
export const namedLinear = (g: GraphBuilder, x: Value, name: string, from: number, to: number): Value =>
  linear(g, x, tensor(`${name}.weight`, to, from), tensor(`${name}.bias`, to));

export const namedNorm = (
  g: GraphBuilder,
  x: Value,
  name: string,
  { width, epsilon }: Omit<VitSizes, 'heads'>,
): Value => layerNorm(g, x, tensor(`${name}.weight`, width), tensor(`${name}.bias`, width), epsilon);

/** What all parts say to each other, not yet added. @param normal  x [b, n, width] behind its norm @param name  of the layer */
export function selfAttention(g: GraphBuilder, normal: Value, name: string, { width, heads }: VitSizes): Value {
  const product = (y: Value, part: string): Value => namedLinear(g, y, `${name}.attention.${part}`, width, width);
  const [q, k, v] = ['query', 'key', 'value'].map((part) => product(normal, `attention.${part}`));
  return product(attention(g, q, k, v, { heads }), 'output.dense');
}

export interface LayerOptions extends VitSizes {
  mlpWidth: number;
  /** Name of the first product behind the attention. */
  first: string;
  /** The second, of what the first says. */
  second: (inner: Value) => Value;
}

/** x [b, n, width] → the same. @param name  of the layer */
export function vitLayer(g: GraphBuilder, x: Value, name: string, o: LayerOptions): Value {
  const middle = addTo(g, x, selfAttention(g, namedNorm(g, x, `${name}.layernorm_before`, o), name, o));
  const normal = namedNorm(g, middle, `${name}.layernorm_after`, o);
  return addTo(g, middle, o.second(gelu(g, namedLinear(g, normal, `${name}.${o.first}`, o.width, o.mlpWidth))));
}

export interface LearnedPlaces {
  width: number;
  /** Parts of the pictures that the places were learned of. */
  rows: number;
  columns: number;
}

/** Row by row from `from` on of `all` [n, width] → [1, width, rows, columns], as a picture. */
export const placesAt = (all: WeightExpr, from: number, { width, rows, columns }: LearnedPlaces): WeightExpr =>
  reshape(transpose(rowsOf(all, from, rows * columns)), 1, width, rows, columns);

export interface TokenPlaces {
  /** [1, width, rows, columns] */
  learned: WeightExpr;
  /** Places of tokens before the picture's parts and behind them: [1, n, width] */
  before: WeightExpr;
  behind?: WeightExpr;
}

interface TokenCounts {
  before: number;
  behind?: number;
}

/** One for each part of `patches` [b, width, h, w], stretched as torch does it, between the others: [1, before + h·w + behind, width] */
export function stretchedPlaces(
  g: GraphBuilder,
  patches: Value,
  { learned, before, behind }: TokenPlaces,
  counts: TokenCounts,
): Value {
  const stretched = imageToTokens(g, resizeCubic(g, g.weight(learned), patches));
  const [, , width] = stretched.dims;
  return g.node('Concat', {
    inputs: [g.weight(before), stretched, ...(behind ? [g.weight(behind)] : [])],
    attributes: { axis: 1 },
    outputs: [[1, tokensOf(g, patches, counts), width]],
  })[0];
}

/** The parts of `patches` among further tokens, which are 0: [b, before + h·w + behind, width] */
export function amongTokens(g: GraphBuilder, patches: Value, counts: TokenCounts): Value {
  const { batch, channels } = imageSize(g, patches);
  return g.node('Pad', {
    inputs: [imageToTokens(g, patches), g.integers(0, counts.before, 0, 0, counts.behind ?? 0, 0)],
    outputs: [[batch, tokensOf(g, patches, counts), channels]],
  })[0];
}

function tokensOf(g: GraphBuilder, patches: Value, { before, behind = 0 }: TokenCounts) {
  const { height, width } = imageSize(g, patches);
  return plus(times(height, width), before + behind);
}
