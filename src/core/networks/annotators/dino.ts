/** DINOv2 as a backbone: maps of a picture from four depths of it. @see Oquab et al. 2023, arXiv:2304.07193; transformers Dinov2Backbone */
import {
  add,
  addTo,
  conv,
  gelu,
  imageToTokens,
  multiply,
  reshape,
  rowsOf,
  tensor,
  tokensToImage,
  type GraphBuilder,
  type Value,
} from '../../graph';
import { amongTokens, namedLinear, namedNorm, placesAt, selfAttention, stretchedPlaces } from './vit';

export interface DinoConfig {
  /** Width of a part's vector; its heads are 64 wide. */
  width: number;
  mlpWidth: number;
  layers: number;
  /** Parts along a side of the pictures whose places were learned. */
  side: number;
}

export const DINO = 'backbone';
const PATCH = 14;
const HEAD_WIDTH = 64;
const EPSILON = 1e-6;

/** Layers after which a map is taken: quarters, and as Depth Anything V2 has them for its large one. */
const takenAfter = (layers: number): number[] =>
  layers === 24 ? [5, 12, 18, 24] : [1, 2, 3, 4].map((quarter) => Math.floor((quarter * layers) / 4));

/** image [b, 3, 14·h, 14·w] → four of [b, width, h, w] */
export function dinoMaps(g: GraphBuilder, image: Value, config: DinoConfig): Value[] {
  const { width } = config;
  const embeddings = `${DINO}.embeddings.patch_embeddings.projection`;
  const kernel = tensor(`${embeddings}.weight`, width, 3, PATCH, PATCH);
  const patches = conv(g, image, kernel, tensor(`${embeddings}.bias`, width), { stride: PATCH });
  let state = placed(g, patches, config);
  const maps: Value[] = [];
  const taken = takenAfter(config.layers);
  for (let i = 0; i < config.layers; i++) {
    state = layer(g, state, `${DINO}.encoder.layer.${i}`, config);
    if (!taken.includes(i + 1)) continue;
    const normal = namedNorm(g, state, `${DINO}.layernorm`, { width, epsilon: EPSILON });
    maps.push(tokensToImage(g, withoutFirst(g, normal, imageToTokens(g, patches)), patches));
  }
  return maps;
}

/** Parts behind a token for the whole, with their places; the learned places are stretched to this picture. */
function placed(g: GraphBuilder, patches: Value, { width, side }: DinoConfig): Value {
  const embeddings = `${DINO}.embeddings`;
  const places = reshape(tensor(`${embeddings}.position_embeddings`, 1, side ** 2 + 1, width), side ** 2 + 1, width);
  const whole = add(reshape(tensor(`${embeddings}.cls_token`, 1, 1, width), 1, width), rowsOf(places, 0, 1));
  const learned = placesAt(places, 1, { width, rows: side, columns: side });
  const all = stretchedPlaces(g, patches, { learned, before: reshape(whole, 1, 1, width) }, { before: 1 });
  return addTo(g, amongTokens(g, patches, { before: 1 }), all);
}

function withoutFirst(g: GraphBuilder, tokens: Value, like: Value): Value {
  return g.node('Slice', {
    inputs: [tokens, g.integers(1), g.integers(Number.MAX_SAFE_INTEGER), g.integers(1), g.integers(1)],
    outputs: [like.dims],
  })[0];
}

function layer(g: GraphBuilder, x: Value, name: string, { width, mlpWidth }: DinoConfig): Value {
  const scaled = (y: Value, part: string): Value => multiply(g, y, g.weight(tensor(`${name}.${part}.lambda1`, width)));
  const sizes = { width, heads: Math.max(1, width / HEAD_WIDTH), epsilon: EPSILON };
  const mixed = selfAttention(g, namedNorm(g, x, `${name}.norm1`, sizes), name, sizes);
  const middle = addTo(g, x, scaled(mixed, 'layer_scale1'));
  const normal = namedNorm(g, middle, `${name}.norm2`, sizes);
  const inner = gelu(g, namedLinear(g, normal, `${name}.mlp.fc1`, width, mlpWidth));
  return addTo(g, middle, scaled(namedLinear(g, inner, `${name}.mlp.fc2`, mlpWidth, width), 'layer_scale2'));
}
