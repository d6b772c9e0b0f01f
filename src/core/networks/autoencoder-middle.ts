/** The middle of the autoencoder, with attention over all pixels. @see diffusers UNetMidBlock2D, Attention */
import {
  addTo,
  groupNorm,
  imageSize,
  imageToTokens,
  inQueryChunks,
  linear,
  scale,
  tensor,
  tokensToImage,
  type GraphBuilder,
  type Value,
} from '../graph';
import type { AutoencoderConfig } from './autoencoder-config';
import { resnet } from './resnet';

/** diffusers fixes it for every norm of the autoencoder. */
export const AUTOENCODER_EPSILON = 1e-6;

/** Resnet, attention where the model has it, resnet: the lowest level of encoder and decoder. */
export function autoencoderMiddle(
  g: GraphBuilder,
  x: Value,
  name: string,
  { channels, groups, midAttention, streamScale }: AutoencoderConfig,
): Value {
  const block = { outChannels: channels[channels.length - 1], groups, epsilon: AUTOENCODER_EPSILON, streamScale };
  const first = resnet(g, x, { ...block, name: `${name}.resnets.0` });
  const attended = midAttention
    ? imageAttention(g, first, { name: `${name}.attentions.0`, groups, streamScale })
    : first;
  return resnet(g, attended, { ...block, name: `${name}.resnets.1` });
}

/** In how many parts of the queries scores are made, one after another: docs/decisions/graphs.md has the figures. */
const QUERY_CHUNKS = 64;

/**
 * Single-head attention over all pixels, spelled out: for 512 channels in one head the flash kernel of ONNX Runtime's WebGPU
 * provider takes eight times the memory of all scores. The scale 1/√channels is part of the query's weights.
 */
function imageAttention(
  g: GraphBuilder,
  image: Value,
  { name, groups, streamScale }: { name: string; groups: number; streamScale: number },
): Value {
  const { batch, channels } = imageSize(g, image);
  const vector = (part: string) => tensor(`${name}.${part}`, channels);
  const matrix = (part: string) => tensor(`${name}.${part}.weight`, channels, channels);
  const normal = groupNorm(g, image, vector('group_norm.weight'), vector('group_norm.bias'), {
    groups,
    epsilon: AUTOENCODER_EPSILON * streamScale ** 2,
    silu: false,
  });
  const tokens = imageToTokens(g, normal);
  const [, count] = tokens.dims;
  // both are exact in IEEE arithmetic; channels ** -0.5 differs between engines in the last place
  const by = 1 / Math.sqrt(channels);
  const q = linear(g, tokens, scale(matrix('to_q'), by), scale(vector('to_q.bias'), by));
  const k = linear(g, tokens, matrix('to_k'), vector('to_k.bias'));
  const v = linear(g, tokens, matrix('to_v'), vector('to_v.bias'));
  const [kT] = g.node('Transpose', {
    inputs: [k],
    attributes: { perm: [0, 2, 1] },
    outputs: [[batch, channels, count]],
  });
  const mixed = inQueryChunks(g, q, QUERY_CHUNKS, (some) => {
    const [scores] = g.node('MatMul', { inputs: [some, kT], outputs: [[batch, some.dims[1], count]] });
    const [shares] = g.node('Softmax', { inputs: [scores], attributes: { axis: -1 }, outputs: [scores.dims] });
    return g.node('MatMul', { inputs: [shares, v], outputs: [some.dims] })[0];
  });
  const out = linear(g, mixed, scale(matrix('to_out.0'), streamScale), scale(vector('to_out.0.bias'), streamScale));
  return addTo(g, tokensToImage(g, out, image), image);
}
