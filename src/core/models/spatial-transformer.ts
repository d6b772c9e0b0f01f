/** The transformer inside the U-Net: self-attention, attention to the text, GEGLU. @see diffusers Transformer2DModel */
import {
  addTo,
  attention,
  geglu,
  groupNorm,
  imageSize,
  imageToTokens,
  layerNorm,
  linear,
  reshape,
  skipLayerNorm,
  tensor,
  tokensToImage,
  type GraphBuilder,
  type Value,
  type WeightExpr,
} from '../graph';

/** diffusers fixes these two: the group norm before the transformer and the layer norms inside it. */
const GROUP_NORM_EPSILON = 1e-6;
const LAYER_NORM_EPSILON = 1e-5;

export interface SpatialTransformerOptions {
  name: string;
  depth: number;
  heads: number;
  groups: number;
  contextWidth: number;
  linearProjection: boolean;
}

/**
 * @param image    feature map
 * @param context  text vectors [batch, tokens, contextWidth]
 */
export function spatialTransformer(g: GraphBuilder, image: Value, context: Value, o: SpatialTransformerOptions): Value {
  const { channels, height, width } = imageSize(g, image);
  const vector = (part: string): WeightExpr => tensor(`${o.name}.${part}`, channels);
  // proj_in and proj_out are [c, c] matrices, or 1x1 convolutions [c, c, 1, 1], which are the same thing.
  const matrix = (part: string): WeightExpr =>
    o.linearProjection
      ? tensor(`${o.name}.${part}`, channels, channels)
      : reshape(tensor(`${o.name}.${part}`, channels, channels, 1, 1), channels, channels);
  const normal = groupNorm(g, image, vector('norm.weight'), vector('norm.bias'), {
    groups: o.groups,
    epsilon: GROUP_NORM_EPSILON,
    silu: false,
  });
  let tokens = linear(g, imageToTokens(g, normal), matrix('proj_in.weight'), vector('proj_in.bias'));
  for (let i = 0; i < o.depth; i++)
    tokens = transformerBlock(g, tokens, context, { ...o, name: `${o.name}.transformer_blocks.${i}` });
  const projected = linear(g, tokens, matrix('proj_out.weight'), vector('proj_out.bias'));
  return addTo(g, tokensToImage(g, projected, height, width), image);
}

/** Residual sums are made by the norms that follow them, so biases of the output layers are added there. */
function transformerBlock(g: GraphBuilder, x: Value, context: Value, o: SpatialTransformerOptions): Value {
  const width = x.dims[2] as number;
  const vector = (part: string): WeightExpr => tensor(`${o.name}.${part}`, width);
  const norm = (n: number) => ({
    gamma: vector(`norm${n}.weight`),
    beta: vector(`norm${n}.bias`),
    epsilon: LAYER_NORM_EPSILON,
  });
  const first = norm(1);
  const normal = layerNorm(g, x, first.gamma, first.beta, LAYER_NORM_EPSILON);
  const self = attend(g, normal, normal, { name: `${o.name}.attn1`, heads: o.heads });
  const second = skipLayerNorm(g, { x: self, skip: x, bias: vector('attn1.to_out.0.bias'), ...norm(2) });
  const cross = attend(g, second.normal, context, { name: `${o.name}.attn2`, heads: o.heads });
  const third = skipLayerNorm(g, { x: cross, skip: second.sum, bias: vector('attn2.to_out.0.bias'), ...norm(3) });
  return addTo(g, feedForward(g, third.normal, `${o.name}.ff.net`), third.sum);
}

function attend(g: GraphBuilder, x: Value, context: Value, { name, heads }: { name: string; heads: number }): Value {
  const width = x.dims[2] as number;
  const contextWidth = context.dims[2] as number;
  const q = linear(g, x, tensor(`${name}.to_q.weight`, width, width));
  const k = linear(g, context, tensor(`${name}.to_k.weight`, width, contextWidth));
  const v = linear(g, context, tensor(`${name}.to_v.weight`, width, contextWidth));
  return linear(g, attention(g, q, k, v, { heads }), tensor(`${name}.to_out.0.weight`, width, width));
}

function feedForward(g: GraphBuilder, x: Value, name: string): Value {
  const width = x.dims[2] as number;
  const wide = linear(g, x, tensor(`${name}.0.proj.weight`, 8 * width, width));
  const gated = geglu(g, wide, tensor(`${name}.0.proj.bias`, 8 * width));
  return linear(g, gated, tensor(`${name}.2.weight`, width, 4 * width), tensor(`${name}.2.bias`, width));
}
