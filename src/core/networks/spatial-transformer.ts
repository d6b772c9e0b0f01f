/** The transformer inside the U-Net: self-attention, attention to the text, GEGLU. @see diffusers Transformer2DModel */
import {
  attention,
  biasAdd,
  geglu,
  groupNorm,
  imageSize,
  inQueryChunks,
  layerNorm,
  linear,
  pixelsLinear,
  reshape,
  residualSum,
  skipLayerNorm,
  tensor,
  type GraphBuilder,
  type Value,
  type WeightExpr,
} from '../graph';
import type { ContextKeys, KeysAndValues } from './context-keys';
import type { ImagePrompts } from './unet-images';
import type { MiddleAttention } from './unet-middle';

/** diffusers fixes these two: the group norm before the transformer and the layer norms inside it. */
const GROUP_NORM_EPSILON = 1e-6;
const LAYER_NORM_EPSILON = 1e-5;

export interface SpatialTransformerOptions {
  name: string;
  /** 0: the projections alone. */
  depth: number;
  heads: number;
  /** Attention is computed in float32. */
  upcast?: boolean;
  /** In how many parts of the image's tokens their self-attention is made, one after another; 1 if not given. */
  queryChunks?: number;
  groups: number;
  linearProjection: boolean;
  /** Makes the keys and values of the text. */
  keys: ContextKeys;
  /** Pictures that are read beside the text. */
  images?: ImagePrompts | undefined;
  /** What becomes of attention of the tokens among themselves. */
  middle?: MiddleAttention | undefined;
}

/**
 * @param image    feature map
 * @param context  text vectors [batch, tokens, contextWidth]
 */
export function spatialTransformer(g: GraphBuilder, image: Value, context: Value, o: SpatialTransformerOptions): Value {
  const { channels } = imageSize(g, image);
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
  const tokens = pixelsLinear(g, normal, matrix('proj_in.weight'), vector('proj_in.bias'));
  const made = transformerBlocks(g, tokens, context, o);
  const bias = vector('proj_out.bias');
  if (g.target === 'portable')
    return residualSum(g, { x: linear(g, made, matrix('proj_out.weight'), bias), skip: image });
  return residualSum(g, { x: linear(g, made, matrix('proj_out.weight')), skip: image, bias });
}

/** Residual sums are made by the norms that follow them, so biases of the output layers are added there. */
function transformerBlocks(g: GraphBuilder, tokens: Value, context: Value, o: SpatialTransformerOptions): Value {
  if (o.depth === 0) return tokens;
  const width = tokens.dims[2] as number;
  const block = (i: number): string => `${o.name}.transformer_blocks.${i}`;
  const norm = (name: string) => ({
    gamma: tensor(`${name}.weight`, width),
    beta: tensor(`${name}.bias`, width),
    epsilon: LAYER_NORM_EPSILON,
  });
  const first = norm(`${block(0)}.norm1`);
  let state: State = { normal: layerNorm(g, tokens, first.gamma, first.beta, LAYER_NORM_EPSILON), sum: tokens };
  for (let i = 0; i < o.depth; i++) {
    const name = block(i);
    const bias = (part: string): WeightExpr => tensor(`${name}.${part}.bias`, width);
    const self = attend(g, state.normal, { ...o, name: `${name}.attn1`, images: undefined });
    state = skipLayerNorm(g, { x: self, skip: state.sum, bias: bias('attn1.to_out.0'), ...norm(`${name}.norm2`) });
    const text = o.keys.of(context, `${name}.attn2`, width);
    const cross = attend(g, state.normal, { ...o, name: `${name}.attn2`, queryChunks: 1, middle: undefined, text });
    state = skipLayerNorm(g, { x: cross, skip: state.sum, bias: bias('attn2.to_out.0'), ...norm(`${name}.norm3`) });
    const x = feedForward(g, state.normal, `${name}.ff.net`);
    if (i + 1 === o.depth) return biasAdd(g, { x, bias: bias('ff.net.2'), skip: state.sum });
    state = skipLayerNorm(g, { x, skip: state.sum, bias: bias('ff.net.2'), ...norm(`${block(i + 1)}.norm1`) });
  }
  return state.sum;
}

/** Tokens so far, as they are and normalised for the layer that follows. */
interface State {
  normal: Value;
  sum: Value;
}

interface AttendOptions extends Pick<
  SpatialTransformerOptions,
  'name' | 'heads' | 'upcast' | 'queryChunks' | 'images' | 'middle'
> {
  /** Keys and values of the text; without them, those of the tokens themselves. */
  text?: KeysAndValues;
}

function attend(g: GraphBuilder, x: Value, o: AttendOptions): Value {
  const { name, heads, upcast, queryChunks = 1, images, middle, text } = o;
  const width = x.dims[2] as number;
  const own = (part: string): Value => linear(g, x, tensor(`${name}.${part}.weight`, width, width));
  const q = own('to_q');
  const { k, v } = text ?? { k: own('to_k'), v: own('to_v') };
  const mixed = inQueryChunks(g, q, queryChunks, (some) => attention(g, some, k, v, { heads, upcast }));
  const kept = middle?.changed(mixed, { q, k, v }, { heads, upcast }) ?? mixed;
  const seen = images?.added(kept, q, name.slice(0, -'.attn2'.length), { heads, upcast }) ?? kept;
  return linear(g, seen, tensor(`${name}.to_out.0.weight`, width, width));
}

/** Feed-forward part without the output bias. */
function feedForward(g: GraphBuilder, x: Value, name: string): Value {
  const width = x.dims[2] as number;
  const projection = tensor(`${name}.0.proj.weight`, 8 * width, width);
  const gated = geglu(g, x, projection, tensor(`${name}.0.proj.bias`, 8 * width));
  return linear(g, gated, tensor(`${name}.2.weight`, width, 4 * width));
}
