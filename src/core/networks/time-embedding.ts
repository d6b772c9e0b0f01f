/** The U-Net's clock: a timestep becomes one bias per resnet. @see diffusers get_timestep_embedding, TimestepEmbedding */
import {
  add,
  addTo,
  concat,
  linear,
  reshapeTo,
  silu,
  tensor,
  transpose,
  withBranches,
  type Dim,
  type GraphBuilder,
  type Value,
  type WeightExpr,
} from '../graph';
import type { AddedCondition, UnetConfig } from './unet-config';

const MAX_PERIOD = 10000;

/** A resnet that wants the time: its name, and the value its first convolution takes as bias. */
export interface TimeConsumer {
  name: string;
  channels: number;
  /** [channels]; [batch, channels] where the embedding differs within a batch. */
  bias: Value;
}

/** Split writes all its parts in one kernel: input and parts must fit WebGPU's guaranteed 8 storage buffers a stage. */
const MAX_PARTS = 7;

/** Cosines then sines of `value` at `half` geometric frequencies. @see Vaswani et al. 2017, arXiv:1706.03762, section 3.5 */
export function wave(value: number, half: number, { flipSinToCos, frequencyShift }: WaveOptions): Float32Array {
  const out = new Float32Array(2 * half);
  const [cosAt, sinAt] = flipSinToCos ? [0, half] : [half, 0];
  for (let i = 0; i < half; i++) {
    const phase = value * Math.exp((-Math.log(MAX_PERIOD) * i) / (half - frequencyShift));
    out[cosAt + i] = Math.cos(phase);
    out[sinAt + i] = Math.sin(phase);
  }
  return out;
}

type WaveOptions = Pick<UnetConfig, 'flipSinToCos' | 'frequencyShift'>;

/**
 * The wave of a timestep, which may be fractional.
 *
 * Computed here and given to the graph, not in it: phases reach 999, and WGSL promises sin and cos only for −π…π, there
 * to 2⁻¹¹.
 *
 * @returns [1, width of the first level]
 */
export function timestepWave(timestep: number, config: WaveOptions & Pick<UnetConfig, 'levels'>): Float32Array {
  return wave(timestep, config.levels[0].channels / 2, config);
}

/**
 * SDXL's numbers of the picture as the U-Net takes them after the pooled text vector: one wave each.
 *
 * @param sizes  original size, crop, then target size or score
 * @returns [1, sizes · waveWidth]
 */
export function sizeWaves(sizes: readonly number[], { waveWidth }: AddedCondition, config: WaveOptions): Float32Array {
  const out = new Float32Array(sizes.length * waveWidth);
  sizes.forEach((size, i) => out.set(wave(size, waveWidth / 2, config), i * waveWidth));
  return out;
}

export interface TimeBesides {
  /** SDXL's added condition, [batch, added width]. */
  added?: Value;
  /** What joins the embedding as it is, [1, inner]. */
  kind?: Value;
}

/**
 * wave [1, width], and what is given besides → bias of every consumer: its time_emb_proj plus its conv1 bias.
 *
 * Projections are joined into few matrix products and split afterwards: fewer small kernels a step.
 */
export function timeBiases(
  g: GraphBuilder,
  time: Value,
  consumers: readonly TimeConsumer[],
  { added, kind }: TimeBesides = {},
): void {
  const inner = 4 * (time.dims[1] as number);
  const own = perceptron(g, time, 'time_embedding', inner);
  const fromTime = kind ? addTo(g, own, kind) : own;
  const sum = added ? addTo(g, perceptron(g, added, 'add_embedding', inner), fromTime) : fromTime;
  const embedded = silu(g, sum);
  for (let i = 0; i < consumers.length; i += MAX_PARTS) project(g, embedded, consumers.slice(i, i + MAX_PARTS));
}

/** Two linear layers with SiLU between. */
export function perceptron(g: GraphBuilder, x: Value, name: string, inner: number): Value {
  const layer = (n: number, from: number): [WeightExpr, WeightExpr] => [
    tensor(`${name}.linear_${n}.weight`, inner, from),
    tensor(`${name}.linear_${n}.bias`, inner),
  ];
  return linear(g, silu(g, linear(g, x, ...layer(1, x.dims[1] as number))), ...layer(2, inner));
}

/** embedded [1 or batch, inner] → the consumers' biases. */
function project(g: GraphBuilder, embedded: Value, consumers: readonly TimeConsumer[]): void {
  const [rows, inner] = embedded.dims as [Dim, number];
  const weights = consumers.map(({ name, channels }) => tensor(`${name}.time_emb_proj.weight`, channels, inner));
  const biases = consumers.map(({ name, channels }) =>
    add(tensor(`${name}.time_emb_proj.bias`, channels), tensor(`${name}.conv1.bias`, channels)),
  );
  const total = consumers.reduce((sum, { channels }) => sum + channels, 0);
  const joined = concat(...weights);
  const [own] = g.node('Gemm', {
    inputs: [embedded, g.weight(transpose(joined)), g.weight(concat(...biases))],
    outputs: [[rows, total]],
  });
  const all = withBranches(g, own, { x: embedded, weight: joined });
  const flat = rows === 1 ? reshapeTo(g, all, [total], [total]) : all;
  g.nodeInto(
    'Split',
    [flat, g.integers(...consumers.map(({ channels }) => channels))],
    consumers.map(({ bias }) => bias),
    { axis: -1 },
  );
}
