/** The U-Net's clock: a timestep becomes one bias per resnet. @see diffusers get_timestep_embedding, TimestepEmbedding */
import {
  add,
  concat,
  linear,
  reshapeTo,
  silu,
  tensor,
  transpose,
  type GraphBuilder,
  type Value,
  type WeightExpr,
} from '../graph';
import type { UnetConfig } from './unet-config';

const MAX_PERIOD = 10000;

/** A resnet that wants the time: its name, and the value its first convolution takes as bias. */
export interface TimeConsumer {
  name: string;
  channels: number;
  bias: Value;
}

/** Split writes all its parts in one kernel: input and parts must fit WebGPU's guaranteed 8 storage buffers a stage. */
const MAX_PARTS = 7;

/**
 * The wave of a timestep, which may be fractional: cosines then sines (flip_sin_to_cos) at geometric frequencies.
 *
 * Computed here and given to the graph, not in it: phases reach 999, and WGSL promises sin and cos only for −π…π, there
 * to 2⁻¹¹.
 *
 * @returns [1, width of the first level]
 */
export function timestepWave(timestep: number, { levels, flipSinToCos, frequencyShift }: UnetConfig): Float32Array {
  const half = levels[0].channels / 2;
  const wave = new Float32Array(2 * half);
  const [cosAt, sinAt] = flipSinToCos ? [0, half] : [half, 0];
  for (let i = 0; i < half; i++) {
    const phase = timestep * Math.exp((-Math.log(MAX_PERIOD) * i) / (half - frequencyShift));
    wave[cosAt + i] = Math.cos(phase);
    wave[sinAt + i] = Math.sin(phase);
  }
  return wave;
}

/**
 * wave [1, width] → bias of every consumer: its time_emb_proj plus its conv1 bias.
 *
 * Projections are joined into few matrix products and split afterwards: fewer small kernels a step.
 */
export function timeBiases(g: GraphBuilder, wave: Value, consumers: readonly TimeConsumer[]): void {
  const width = wave.dims[1] as number;
  const inner = 4 * width;
  const layer = (n: number, from: number): [WeightExpr, WeightExpr] => [
    tensor(`time_embedding.linear_${n}.weight`, inner, from),
    tensor(`time_embedding.linear_${n}.bias`, inner),
  ];
  const embedded = silu(g, linear(g, silu(g, linear(g, wave, ...layer(1, width))), ...layer(2, inner)));
  for (let i = 0; i < consumers.length; i += MAX_PARTS) project(g, embedded, consumers.slice(i, i + MAX_PARTS));
}

/** embedded [1, inner] → the consumers' biases. */
function project(g: GraphBuilder, embedded: Value, consumers: readonly TimeConsumer[]): void {
  const inner = embedded.dims[1] as number;
  const weights = consumers.map(({ name, channels }) => tensor(`${name}.time_emb_proj.weight`, channels, inner));
  const biases = consumers.map(({ name, channels }) =>
    add(tensor(`${name}.time_emb_proj.bias`, channels), tensor(`${name}.conv1.bias`, channels)),
  );
  const total = consumers.reduce((sum, { channels }) => sum + channels, 0);
  const [all] = g.node('Gemm', {
    inputs: [embedded, g.weight(transpose(concat(...weights))), g.weight(concat(...biases))],
    outputs: [[1, total]],
  });
  g.nodeInto(
    'Split',
    [reshapeTo(g, all, [total], [total]), g.integers(...consumers.map(({ channels }) => channels))],
    consumers.map(({ bias }) => bias),
    { axis: 0 },
  );
}
