/** The U-Net's clock: a timestep becomes one bias per resnet. @see diffusers get_timestep_embedding, TimestepEmbedding */
import {
  add,
  concat,
  linear,
  multiply,
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

/**
 * timestep [1] (may be fractional) → bias of every consumer: its time_emb_proj plus its conv1 bias.
 *
 * All projections are one matrix product, split afterwards: twenty small kernels fewer a step.
 */
export function timeBiases(g: GraphBuilder, timestep: Value, config: UnetConfig, consumers: readonly TimeConsumer[]): void {
  const width = config.levels[0].channels;
  const inner = 4 * width;
  const wave = sinusoid(g, timestep, config);
  const layer = (n: number, from: number): [WeightExpr, WeightExpr] => [
    tensor(`time_embedding.linear_${n}.weight`, inner, from),
    tensor(`time_embedding.linear_${n}.bias`, inner),
  ];
  const embedded = silu(g, linear(g, silu(g, linear(g, wave, ...layer(1, width))), ...layer(2, inner)));
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

/** [1] → [1, width]: cosines then sines (flip_sin_to_cos) of the timestep at geometric frequencies. */
function sinusoid(g: GraphBuilder, timestep: Value, config: UnetConfig): Value {
  const half = config.levels[0].channels / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) =>
    Math.exp((-Math.log(MAX_PERIOD) * i) / (half - config.frequencyShift)),
  );
  const phase = multiply(g, g.constant(frequencies, [1, half]), timestep);
  const [cos] = g.node('Cos', { inputs: [phase], outputs: [phase.dims] });
  const [sin] = g.node('Sin', { inputs: [phase], outputs: [phase.dims] });
  const waves = config.flipSinToCos ? [cos, sin] : [sin, cos];
  return g.node('Concat', { inputs: waves, attributes: { axis: 1 }, outputs: [[1, 2 * half]] })[0];
}
