/**
 * Depth Anything: DINOv2 looks at the picture, and DPT's neck and head draw how near each pixel is; nearer is more.
 *
 * @see Yang et al. 2024, arXiv:2406.09414; transformers DepthAnythingForDepthEstimation, whose names these are
 */
import {
  addTo,
  conv,
  GraphBuilder,
  imageSize,
  relu,
  resizeBilinear,
  steppingConv,
  tensor,
  times,
  toNchw,
  type Value,
} from '../../graph';
import { AppError } from '../../errors';
import { IMAGE, type Annotator } from './annotator';
import { DINO, dinoMaps, type DinoConfig } from './dino';
import { normalised } from './imagenet';
import { countOf, namedConv, outChannels } from './layers';

export interface DepthAnythingConfig extends DinoConfig {
  /** Channels of the four maps of the neck, from the largest downwards. */
  neck: number[];
  fusion: number;
  head: number;
}

const NECK = 'neck.reassemble_stage.layers';
const FUSION = 'neck.fusion_stage.layers';
const MAPS = 4;

export const depthAnything: Annotator<DepthAnythingConfig> = {
  name: 'Depth Anything V2',
  files: ['model.safetensors of depth-anything/Depth-Anything-V2-Small-hf'],
  licence: 'Apache-2.0 (small)',
  signs: [`${DINO}.embeddings.position_embeddings`, `${FUSION}.0.projection.weight`, 'head.conv3.weight'],
  multiple: 14,
  outputs: ['depth'],
  config: (tensors) => {
    const [, places = 0, width = 0] = tensors.get(`${DINO}.embeddings.position_embeddings`)?.shape ?? [];
    const side = Math.sqrt(places - 1);
    if (!Number.isInteger(side) || side < 1)
      throw new AppError('bad-file', `"position_embeddings" has ${places} places, which are no square and one`);
    return {
      ...{ width, side },
      layers: countOf(tensors, (i) => `${DINO}.encoder.layer.${i}.norm1.weight`),
      mlpWidth: outChannels(tensors, `${DINO}.encoder.layer.0.mlp.fc1.weight`),
      neck: Array.from({ length: MAPS }, (_, i) => outChannels(tensors, `${NECK}.${i}.projection.weight`)),
      fusion: outChannels(tensors, `${FUSION}.0.projection.weight`),
      head: outChannels(tensors, 'head.conv2.weight'),
    };
  },
  build(config, form) {
    const g = new GraphBuilder('depth_anything', form);
    const { multiple } = depthAnything;
    const image = g.input(IMAGE, 'float32', ['batch', 3, times(multiple, 'height'), times(multiple, 'width')]);
    const maps = dinoMaps(g, normalised(g, image), config).map((map, i) => reassembled(g, map, i, config));
    const fused = fuse(g, maps, config);
    const narrow = namedConv(g, fused, 'head.conv1', config.fusion / 2);
    const whole = resizeBilinear(g, narrow, { like: image });
    const drawn = relu(g, namedConv(g, whole, 'head.conv2', config.head));
    g.output('depth', toNchw(g, relu(g, namedConv(g, drawn, 'head.conv3', 1, { side: 1 }))));
    return g.build();
  },
};

/** The first two maps become larger, the last smaller; each is then as wide as the fusion. */
function reassembled(g: GraphBuilder, map: Value, i: number, { neck, fusion }: DepthAnythingConfig): Value {
  const wide = namedConv(g, map, `${NECK}.${i}.projection`, neck[i], { side: 1 });
  const kernel = tensor(`neck.convs.${i}.weight`, fusion, neck[i], 3, 3);
  return conv(g, resized(g, wide, i), kernel, undefined, { pads: [1, 1, 1, 1] });
}

/** How much larger; the third stays. */
const LARGER = [4, 2];

function resized(g: GraphBuilder, map: Value, i: number): Value {
  const { channels } = imageSize(g, map);
  const name = `${NECK}.${i}.resize`;
  const step = LARGER.at(i);
  if (step !== undefined) {
    const kernel = tensor(`${name}.weight`, channels, channels, step, step);
    return steppingConv(g, map, kernel, tensor(`${name}.bias`, channels));
  }
  return i === MAPS - 1 ? namedConv(g, map, name, channels, { stride: 2 }) : map;
}

/** Fuses maps from the smallest upwards; each is made as large as the next, the last twice as large. */
function fuse(g: GraphBuilder, maps: readonly Value[], { fusion }: DepthAnythingConfig): Value {
  return maps.toReversed().reduce<{ sum?: Value }>(({ sum }, map, i, upwards) => {
    const name = `${FUSION}.${i}`;
    const joined = sum ? addTo(g, sum, residual(g, map, `${name}.residual_layer1`, fusion)) : map;
    const inner = residual(g, joined, `${name}.residual_layer2`, fusion);
    const next = upwards.at(i + 1);
    const larger = resizeBilinear(g, inner, next ? { like: toNchw(g, next) } : { factor: 2 });
    return { sum: namedConv(g, larger, `${name}.projection`, fusion, { side: 1 }) };
  }, {}).sum as Value;
}

function residual(g: GraphBuilder, x: Value, name: string, channels: number): Value {
  const inner = relu(g, namedConv(g, relu(g, x), `${name}.convolution1`, channels));
  return addTo(g, x, namedConv(g, inner, `${name}.convolution2`, channels));
}
