/**
 * ViTPose and ViTPose+: a plain vision transformer looks at a person, and a head draws how likely each of 17 joints is where.
 *
 * ViTPose+ has several ways to go on after each layer, by the data that it was trained on; the first is people (COCO), the others, animals and whole
 * bodies, are left out.
 *
 * @see Xu et al. 2022, arXiv:2204.12484 and arXiv:2212.04246; transformers VitPoseForPoseEstimation, whose names these are
 */
import {
  addTo,
  concat,
  conv,
  doublingConv,
  GraphBuilder,
  imageSize,
  imageToTokens,
  linear,
  relu,
  reshape,
  resizeHalves,
  rowsOf,
  tensor,
  toNchw,
  tokensToImage,
  type Value,
  type WeightExpr,
} from '../../graph';
import { AppError } from '../../errors';
import type { MadePlace } from '../tensor-place';
import type { Shapes } from '../unet-signs';
import type { Annotator } from './annotator';
import { normalisedInput } from './imagenet';
import { countOf, namedConv, outChannels } from './layers';
import { namedNorm, vitLayer } from './vit';

export interface VitposeConfig {
  width: number;
  mlpWidth: number;
  layers: number;
  /** Parts of a picture whose places were learned. */
  places: number;
  /** Width of what the way for people gives of each layer's output; 0 where there is one way only. */
  part: number;
  /** Channels of the head's larger maps; 0 where it only enlarges. */
  head: number;
}

const [BACKBONE, PATCH, PATCH_PAD] = ['backbone', 16, 2];
const EPSILON = 1e-12;
/** How much larger the maps of joints are than those of the transformer. */
const LARGER = 4;
/** @see transformers, BatchNorm2d */
const NORM_EPSILON = 1e-5;
const DECONVS = [1, 2] as const;
const DECONV_PAD = 1;

/** Heads of attention by width, which no tensor tells; the published ones have these. */
const HEADS: Readonly<Record<number, number | undefined>> = { 384: 12, 768: 12, 1024: 16, 1280: 16 };
const HEAD_WIDTH = 32;

/** COCO's 17, from the nose to the right ankle. */
export const COCO_JOINTS = Array.from({ length: 17 }, (_, i) => `joint_${i}`);

const layerName = (i: number): string => `${BACKBONE}.encoder.layer.${i}`;

export const vitpose: Annotator<VitposeConfig> = {
  name: 'ViTPose',
  files: ['model.safetensors of usyd-community/vitpose-plus-small or vitpose-base-simple'],
  licence: 'Apache-2.0',
  signs: [`${BACKBONE}.embeddings.position_embeddings`, `${layerName(0)}.layernorm_before.weight`, 'head.conv.weight'],
  multiple: PATCH,
  outputs: COCO_JOINTS,
  config: (tensors) => {
    const [, places = 0, width = 0] = tensors.get(`${BACKBONE}.embeddings.position_embeddings`)?.shape ?? [];
    const joints = outChannels(tensors, 'head.conv.weight');
    if (joints !== COCO_JOINTS.length)
      throw new AppError('bad-file', `it finds ${joints} joints; a ViTPose of COCO’s ${COCO_JOINTS.length} is wanted`);
    if (places < 2) throw new AppError('bad-file', `"position_embeddings" has ${places} places`);
    return {
      ...{ width, places: places - 1 },
      layers: countOf(tensors, (i) => `${layerName(i)}.layernorm_before.weight`),
      mlpWidth: outChannels(tensors, `${layerName(0)}.mlp.fc1.weight`),
      part: tensors.get(`${layerName(0)}.mlp.experts.0.weight`)?.shape[0] ?? 0,
      head: tensors.get('head.deconv1.weight')?.shape[1] ?? 0,
    };
  },
  /** Norms behind convolutions are worked into these. */
  makes(tensors: Shapes) {
    const made = new Map<string, MadePlace>();
    for (const i of DECONVS) {
      const shape = tensors.get(`head.deconv${i}.weight`)?.shape;
      if (!shape) continue;
      const [, out = 0] = shape;
      const norm = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => `head.batchnorm${i}.${name}`);
      made.set(`head.deconv${i}.weight`, {
        from: [`head.deconv${i}.weight`, ...norm],
        shape: [...shape],
        make: ([kernels, ...of]) => {
          const factors = factorsOf(of);
          const size = kernels.length / (shape[0] * out);
          return kernels.map((value, at) => value * factors[Math.floor(at / size) % out]);
        },
      });
      made.set(`head.deconv${i}.bias`, {
        from: norm,
        shape: [out],
        make: ([weight, bias, mean, variance]) => {
          const factors = factorsOf([weight, bias, mean, variance]);
          return bias.map((value, c) => value - mean[c] * factors[c]);
        },
      });
    }
    return made;
  },
  build(config, form) {
    const g = new GraphBuilder('vitpose', form);
    const { width } = config;
    const image = normalisedInput(g, PATCH);
    const name = `${BACKBONE}.embeddings.patch_embeddings.projection`;
    const kernel = tensor(`${name}.weight`, width, 3, PATCH, PATCH);
    const pads = [PATCH_PAD, PATCH_PAD, 0, 0] as const; // on the other sides nothing is left for it
    const patches = conv(g, image, kernel, tensor(`${name}.bias`, width), { stride: PATCH, pads });
    const { first, others } = placesOf(config);
    let state = addTo(g, addTo(g, imageToTokens(g, patches), g.weight(others)), g.weight(first));
    for (let i = 0; i < config.layers; i++) state = layer(g, state, layerName(i), config);
    const seen = tokensToImage(g, namedNorm(g, state, `${BACKBONE}.layernorm`, { width, epsilon: EPSILON }), patches);
    const maps = toNchw(g, headOf(g, seen, config));
    COCO_JOINTS.forEach((name, i) => g.output(name, oneOf(g, maps, i)));
    return g.build();
  },
};

const factorsOf = ([weight, , , variance]: readonly Float32Array[]): Float32Array =>
  weight.map((value, c) => value / Math.sqrt(variance[c] + NORM_EPSILON));

/** What was learned of each part's place, and of none, which is on all. */
function placesOf({ width, places }: VitposeConfig): { first: WeightExpr; others: WeightExpr } {
  const all = reshape(tensor(`${BACKBONE}.embeddings.position_embeddings`, 1, places + 1, width), places + 1, width);
  return { first: reshape(rowsOf(all, 0, 1), width), others: rowsOf(all, 1, places) };
}

function layer(g: GraphBuilder, x: Value, name: string, config: VitposeConfig): Value {
  const { width, mlpWidth } = config;
  const heads = HEADS[width] ?? Math.max(1, width / HEAD_WIDTH);
  const second = (inner: Value): Value => secondOf(g, inner, name, config);
  return vitLayer(g, x, name, { width, mlpWidth, heads, epsilon: EPSILON, first: 'mlp.fc1', second });
}

/** What all ways have in common comes first, then what the way for people adds. */
function secondOf(g: GraphBuilder, inner: Value, name: string, { width, mlpWidth, part }: VitposeConfig): Value {
  const sizes = { [`${name}.mlp.fc2`]: width - part, ...(part > 0 && { [`${name}.mlp.experts.0`]: part }) };
  const parts = Object.entries(sizes);
  const all = (of: (one: [string, number]) => WeightExpr): WeightExpr =>
    parts.length > 1 ? concat(...parts.map(of)) : of(parts[0]);
  const weight = all(([one, rows]) => tensor(`${one}.weight`, rows, mlpWidth));
  return linear(
    g,
    inner,
    weight,
    all(([one, rows]) => tensor(`${one}.bias`, rows)),
  );
}

/** One of the maps [b, joints, h, w]. Slices one by one: GPUs write few buffers at once. */
function oneOf(g: GraphBuilder, maps: Value, i: number): Value {
  const [batch, , height, width] = maps.dims;
  return g.node('Slice', {
    inputs: [maps, g.integers(i), g.integers(i + 1), g.integers(1), g.integers(1)],
    outputs: [[batch, 1, height, width]],
  })[0];
}

function headOf(g: GraphBuilder, seen: Value, { head }: VitposeConfig): Value {
  if (head === 0) return namedConv(g, resizeHalves(g, relu(g, seen), LARGER), 'head.conv', COCO_JOINTS.length);
  const maps = DECONVS.reduce((x, i) => {
    const kernel = tensor(`head.deconv${i}.weight`, imageSize(g, x).channels, head, 4, 4);
    return relu(g, doublingConv(g, x, kernel, tensor(`head.deconv${i}.bias`, head), { pad: DECONV_PAD }));
  }, seen);
  return namedConv(g, maps, 'head.conv', COCO_JOINTS.length, { side: 1 });
}
