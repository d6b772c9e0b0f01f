/**
 * YOLOS: a plain vision transformer with a hundred tokens behind the picture's parts, each of which says of one thing what it is and where.
 *
 * @see Fang et al. 2021, arXiv:2106.00666; transformers YolosForObjectDetection, whose names these are
 */
import {
  add,
  addTo,
  conv,
  GraphBuilder,
  relu,
  reshape,
  reshapeTo,
  rowsOf,
  sigmoid,
  tensor,
  type Value,
  type WeightExpr,
} from '../../graph';
import { AppError } from '../../errors';
import type { Shapes } from '../unet-signs';
import type { Annotator } from './annotator';
import { normalisedInput } from './imagenet';
import { countOf, outChannels } from './layers';
import {
  amongTokens,
  namedLinear,
  namedNorm,
  placesAt,
  stretchedPlaces,
  vitLayer,
  type LearnedPlaces,
  type TokenPlaces,
} from './vit';

/** Parts of the pictures whose places were learned are its rows and columns. */
export interface YolosConfig extends LearnedPlaces {
  mlpWidth: number;
  layers: number;
  /** How many things it can tell of. */
  tokens: number;
  /** Layers behind which places are added once more: all but the last, or none. */
  middles: number;
}

const [VIT, PATCH] = ['vit', 16];
const EPSILON = 1e-12;
const HEAD_WIDTH = 64;
/** Heads of yolos-small-dwr, the one whose heads are not 64 wide. */
const ODD_HEADS = 6;

/** COCO's 91 kinds of things, and none. */
export const COCO_KINDS = 92;
/** Centre, width and height of a box. */
const BOX = 4;
/** Layers of what reads a token. */
const [READS, LAST] = [[0, 1], 2];

/** What pictures were when places were learned: 800 × 1333, 512 × 864 or 800 × 1344, of which the number of places alone is told. */
const RATIO = 5 / 3;

const POSITIONS = `${VIT}.embeddings.position_embeddings`;
const MIDDLES = `${VIT}.encoder.mid_position_embeddings`;
const TOKENS = `${VIT}.embeddings.detection_tokens`;
const layerName = (i: number): string => `${VIT}.encoder.layer.${i}`;

export const yolos: Annotator<YolosConfig> = {
  name: 'YOLOS',
  files: ['model.safetensors of hustvl/yolos-tiny'],
  licence: 'Apache-2.0',
  signs: [TOKENS, `${layerName(0)}.layernorm_before.weight`, `bbox_predictor.layers.${LAST}.weight`],
  multiple: PATCH,
  outputs: ['kinds', 'boxes'],
  columns: [COCO_KINDS, BOX],
  config: (tensors) => {
    const kinds = outChannels(tensors, `class_labels_classifier.layers.${LAST}.weight`);
    if (kinds !== COCO_KINDS)
      throw new AppError(
        'bad-file',
        `it tells ${kinds - 1} kinds of things apart; COCO’s ${COCO_KINDS - 1} are wanted`,
      );
    const [, tokens = 0, width = 0] = tensors.get(TOKENS)?.shape ?? [];
    return {
      ...{ width, tokens, ...gridOf(tensors, tokens) },
      layers: countOf(tensors, (i) => `${layerName(i)}.layernorm_before.weight`),
      mlpWidth: outChannels(tensors, `${layerName(0)}.intermediate.dense.weight`),
      middles: tensors.get(MIDDLES)?.shape[0] ?? 0,
    };
  },
  build(config, form) {
    const g = new GraphBuilder('yolos', form);
    const { width, mlpWidth, layers, tokens, middles } = config;
    const sizes = { width, epsilon: EPSILON, heads: width % HEAD_WIDTH === 0 ? width / HEAD_WIDTH : ODD_HEADS };
    const image = normalisedInput(g, PATCH);
    const name = `${VIT}.embeddings.patch_embeddings.projection`;
    const kernel = tensor(`${name}.weight`, width, 3, PATCH, PATCH);
    const patches = conv(g, image, kernel, tensor(`${name}.bias`, width), { stride: PATCH });
    const counts = { before: 1, behind: tokens };
    const places = (of: TokenPlaces): Value => stretchedPlaces(g, patches, of, counts);
    let state = addTo(g, amongTokens(g, patches, counts), places(firstPlaces(config)));
    for (let i = 0; i < layers; i++) {
      const at = layerName(i);
      const second = (inner: Value): Value => namedLinear(g, inner, `${at}.output.dense`, mlpWidth, width);
      state = vitLayer(g, state, at, { ...sizes, mlpWidth, first: 'intermediate.dense', second });
      if (i < middles) state = addTo(g, state, places(middlePlaces(config, i)));
    }
    const told = lastTokens(g, namedNorm(g, state, `${VIT}.layernorm`, sizes), tokens);
    g.output('kinds', asMap(g, read(g, told, 'class_labels_classifier', COCO_KINDS)));
    g.output('boxes', asMap(g, sigmoid(g, read(g, told, 'bbox_predictor', BOX))));
    return g.build();
  },
};

/** Rows and columns of the places: those that are most nearly as 3 to 5. @throws AppError 'bad-file' */
function gridOf(tensors: Shapes, tokens: number): Pick<YolosConfig, 'rows' | 'columns'> {
  const count = (tensors.get(POSITIONS)?.shape[1] ?? 0) - tokens - 1;
  if (count < 1) throw new AppError('bad-file', '"position_embeddings" has no place for a picture');
  let best = { rows: 1, columns: count };
  const apart = ({ rows, columns }: typeof best): number => Math.abs(Math.log(columns / rows / RATIO));
  for (let rows = 2; rows <= count; rows++) {
    const grid = { rows, columns: count / rows };
    if (count % rows === 0 && apart(grid) < apart(best)) best = grid;
  }
  return best;
}

const placeCount = ({ rows, columns, tokens }: YolosConfig): number => rows * columns + 1 + tokens;

/** Places, and the tokens that stand on those that are no parts of the picture. */
function firstPlaces(config: YolosConfig): TokenPlaces {
  const { width, tokens } = config;
  const all = reshape(tensor(POSITIONS, 1, placeCount(config), width), placeCount(config), width);
  const { learned, before, behind } = placesOf(all, 0, config);
  const whole = tensor(`${VIT}.embeddings.cls_token`, 1, 1, width);
  return { learned, before: add(before, whole), behind: add(behind, tensor(TOKENS, 1, tokens, width)) };
}

function middlePlaces(config: YolosConfig, i: number): TokenPlaces {
  const { width, middles } = config;
  const count = placeCount(config);
  return placesOf(reshape(tensor(MIDDLES, middles, 1, count, width), middles * count, width), i * count, config);
}

/** @param all  [n, width] @param from  row of the first */
function placesOf(all: WeightExpr, from: number, config: YolosConfig): Required<TokenPlaces> {
  const { width, tokens } = config;
  return {
    learned: placesAt(all, from + 1, config),
    before: reshape(rowsOf(all, from, 1), 1, 1, width),
    behind: reshape(rowsOf(all, from + placeCount(config) - tokens, tokens), 1, tokens, width),
  };
}

/** x [b, n, width] → [b, count, width] */
function lastTokens(g: GraphBuilder, x: Value, count: number): Value {
  const [batch, , width] = x.dims;
  return g.node('Slice', {
    inputs: [x, g.integers(-count), g.integers(Number.MAX_SAFE_INTEGER), g.integers(1), g.integers(1)],
    outputs: [[batch, count, width]],
  })[0];
}

/** x [b, n, width] → [b, n, to] */
function read(g: GraphBuilder, x: Value, name: string, to: number): Value {
  const width = Number(x.dims[2]);
  const inner = READS.reduce((y, i) => relu(g, namedLinear(g, y, `${name}.layers.${i}`, width, width)), x);
  return namedLinear(g, inner, `${name}.layers.${LAST}`, width, to);
}

/** [b, n, c] → [b, 1, n, c] */
function asMap(g: GraphBuilder, x: Value): Value {
  const [batch, count, columns] = x.dims;
  return reshapeTo(g, x, [batch, 1, count, columns], [0, 1, Number(count), Number(columns)]);
}
