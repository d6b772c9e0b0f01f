/**
 * FreeU: on the way up half of the channels of some maps become stronger, and what is kept from the way down loses its lowest frequencies. How
 * much is told at run time, so that nothing is loaded for another strength.
 *
 * Which maps: those of four and of two times as many channels as the first, each of the two with strengths of its own.
 * @see Si et al. 2023, arXiv:2309.11497; ComfyUI comfy_extras/nodes_freelunch.py; diffusers utils/torch_utils.py fourier_filter
 */
import {
  addTo,
  castTo,
  channelAxis,
  concatChannels,
  imageSize,
  multiply,
  times,
  type Dim,
  type GraphBuilder,
  type Value,
} from '../graph';
import { levelSize, type LatentSize } from './latent-size';
import type { NetworkTensor } from './network';
import type { UnetConfig } from './unet-config';

/** Times as many channels as the first map has. */
const STAGES = [4, 2] as const;

/** What the network is given, in this order: see freeuInputs. */
export const FREEU_SCALES = 'freeu_scales';
const BY_MEAN = 'freeu_by_mean';
const backboneName = (stage: number): string => `freeu_backbone_${stage}`;
const skipName = (stage: number): string => `freeu_skip_${stage}`;
const wavesName = (level: number): string => `freeu_waves_${level}`;

type Sizes = Pick<UnetConfig, 'levels' | 'layersPerBlock' | 'downsamplePadding'>;

interface Place {
  stage: number;
  level: number;
}

/** Where something is changed, each once: the map that comes from below has as many channels as the level that it is of. */
function placesOf({ levels, layersPerBlock }: Sizes): Place[] {
  const found = new Map<string, Place>();
  const last = levels.length - 1;
  for (let level = last; level >= 0; level--)
    for (let layer = 0; layer <= layersPerBlock; layer++) {
      const from = levels[layer === 0 ? Math.min(level + 1, last) : level];
      const stage = stageOf(levels, from.channels);
      if (stage >= 0) found.set(`${stage} ${level}`, { stage, level });
    }
  return [...found.values()];
}

const stageOf = (levels: UnetConfig['levels'], channels: number): number =>
  STAGES.findIndex((factor) => channels === factor * levels[0].channels);

export class FreeU {
  readonly #g: GraphBuilder;
  readonly #config: UnetConfig;
  readonly #inputs = new Map<string, Value>();

  /** Declares the inputs, where it is wanted. */
  constructor(g: GraphBuilder, config: UnetConfig, isWanted = false) {
    this.#g = g;
    this.#config = config;
    if (!isWanted) return;
    const places = placesOf(config);
    if (places.length > 0) this.#declare(BY_MEAN, [1, 1, 1, 1]);
    for (const stage of new Set(places.map((place) => place.stage))) {
      this.#declare(backboneName(stage), [1, 1, 1, 1]);
      this.#declare(skipName(stage), [1, 1, 1]);
    }
    for (const level of new Set(places.map((place) => place.level)))
      this.#declare(wavesName(level), [1, WAVES, `${wavesName(level)}_cells`]);
  }

  #declare(name: string, dims: readonly Dim[]): void {
    this.#inputs.set(name, this.#g.wideInput(name, dims));
  }

  #input(name: string): Value {
    const found = this.#inputs.get(name);
    if (!found) throw new RangeError(`${name} was not declared`);
    return found;
  }

  /** @param x  from below @param skip  from the way down @returns both as one map */
  join(x: Value, skip: Value, level: number): Value {
    const { levels } = this.#config;
    const stage = this.#inputs.size === 0 ? -1 : stageOf(levels, imageSize(this.#g, x).channels);
    if (stage < 0) return concatChannels(this.#g, x, skip);
    const [first, rest] = this.#halves(x);
    const gate = castTo(this.#g, this.#gate(x, stage), this.#g.activations);
    return concatChannels(this.#g, multiply(this.#g, first, gate), rest, this.#filtered(skip, stage, level));
  }

  #halves(x: Value): [Value, Value] {
    const g = this.#g;
    const { channels } = imageSize(g, x);
    const counts = [Math.floor(channels / 2), Math.ceil(channels / 2)];
    const dims = counts.map((count) => x.dims.map((dim, axis) => (axis === channelAxis(g) ? count : dim)));
    const [first, rest] = g.node('Split', {
      inputs: [x, g.integers(...counts)],
      attributes: { axis: channelAxis(g) },
      outputs: dims,
    });
    return [first, rest];
  }

  /** 1 + strength, or by the second version, 1 + strength · the mean of all channels as a share of its range in the map. */
  #gate(x: Value, stage: number): Value {
    const g = this.#g;
    const wide = castTo(g, x, 'float32');
    const one = g.constant(Float32Array.of(1), [1]);
    const mean = this.#reduced('ReduceMean', wide, [channelAxis(g)]);
    const [least, most] = (['ReduceMin', 'ReduceMax'] as const).map((op) => this.#reduced(op, mean, [1, 2, 3]));
    const range = this.#math('Max', this.#math('Sub', most, least), g.constant(Float32Array.of(LEAST_RANGE), [1]));
    const share = this.#math('Div', this.#math('Sub', mean, least), range);
    const byMean = this.#math('Mul', this.#math('Sub', share, one), this.#input(BY_MEAN));
    const how = this.#math('Add', byMean, one);
    return this.#math('Add', this.#math('Mul', how, this.#input(backboneName(stage))), one);
  }

  #reduced(op: 'ReduceMean' | 'ReduceMin' | 'ReduceMax', x: Value, axes: readonly number[]): Value {
    const dims = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    return this.#g.node(op, { inputs: [x, this.#g.integers(...axes)], outputs: [dims], type: 'float32' })[0];
  }

  /** Elementwise, in the shape of the first. */
  #math(op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max', a: Value, b: Value): Value {
    return this.#g.node(op, { inputs: [a, b], outputs: [a.dims], type: 'float32' })[0];
  }

  /** Plus strength · what the waves make of it. */
  #filtered(skip: Value, stage: number, level: number): Value {
    const g = this.#g;
    const { batch, channels, height, width } = imageSize(g, skip);
    const isLast = g.target === 'webgpu'; // where channels stand
    const cells = times(height, width);
    const wide = castTo(g, skip, 'float32');
    const flat = isLast
      ? reshapeWide(g, wide, [batch, cells, channels], [0, -1, channels])
      : reshapeWide(g, wide, [batch, channels, cells], [0, channels, -1]);
    const waves = this.#input(wavesName(level));
    const turned = g.node('Transpose', {
      inputs: [waves],
      attributes: { perm: [0, 2, 1] },
      outputs: [[1, cells, WAVES]],
      type: 'float32',
    })[0];
    const product = (a: Value, b: Value, dims: readonly Dim[]): Value =>
      g.node('MatMul', { inputs: [a, b], outputs: [dims], type: 'float32' })[0];
    const found = isLast
      ? product(waves, flat, [batch, WAVES, channels])
      : product(flat, turned, [batch, channels, WAVES]);
    const scaled = this.#math('Mul', found, this.#input(skipName(stage)));
    const low = isLast ? product(turned, scaled, flat.dims) : product(scaled, waves, flat.dims);
    const [image] = g.node('Reshape', { inputs: [low, g.shapeOf(skip)], outputs: [skip.dims], type: 'float32' });
    return addTo(g, skip, castTo(g, image, g.activations));
  }
}

/** So that a map of one value everywhere has a share, which is 0. */
const LEAST_RANGE = 1e-12;

const reshapeWide = (g: GraphBuilder, x: Value, dims: readonly Dim[], shape: readonly number[]): Value =>
  g.node('Reshape', { inputs: [x, g.integers(...shape)], outputs: [dims], type: 'float32' })[0];

/** What is scaled of a map, as waves in it; seven, and one of nothing, since GPUs take four numbers at a time. */
const WAVES = 8;

/**
 * The filter of FreeU scales the frequencies −1 and 0 of both directions and keeps the real part of what becomes of it, which is a sum over waves:
 * of a frequency −1 that is half of what ±1 are together. Of a direction with one cell there is no −1.
 *
 * @returns [1, WAVES, cells]: wave · waveᵀ summed is the projection
 */
function waves({ height, width }: LatentSize): Float32Array {
  const cells = height * width;
  const all = new Float32Array(WAVES * cells);
  const frequencies = [0, 1].flatMap((down) => [0, 1].map((across) => ({ down, across })));
  let row = 0;
  for (const { down, across } of frequencies) {
    if ((down === 1 && height === 1) || (across === 1 && width === 1)) continue;
    const isConstant = down === 0 && across === 0;
    for (const wave of isConstant ? [Math.cos] : [Math.cos, Math.sin]) {
      for (let i = 0; i < cells; i++) {
        const turn = (down * Math.floor(i / width)) / height + (across * (i % width)) / width;
        all[row * cells + i] = wave(2 * Math.PI * turn) / Math.sqrt(cells);
      }
      row++;
    }
  }
  return all;
}

const known = new Map<string, NetworkTensor>();
const MOST_KNOWN = 16;

function wavesOf(size: LatentSize): NetworkTensor {
  const key = `${size.height} ${size.width}`;
  const before = known.get(key);
  if (before) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = { data: waves(size), dims: [1, WAVES, size.height * size.width] };
  known.set(key, made);
  return made;
}

/**
 * The graph's inputs.
 *
 * @param scales  for maps of four times the channels the backbone's and the skip's, for those of two times the same; 1 changes nothing. Then
 *   whether the backbone's counts by the map's mean, 0 or 1
 */
export function freeuInputs(scales: ArrayLike<number>, config: Sizes, size: LatentSize): Record<string, NetworkTensor> {
  const places = placesOf(config);
  if (places.length === 0) return {};
  const number = (value: number, dims: readonly number[]): NetworkTensor => ({ data: Float32Array.of(value), dims });
  const inputs: Record<string, NetworkTensor> = { [BY_MEAN]: number(scales[2 * STAGES.length], [1, 1, 1, 1]) };
  for (const { stage, level } of places) {
    inputs[backboneName(stage)] = number(scales[2 * stage] - 1, [1, 1, 1, 1]);
    inputs[skipName(stage)] = number(scales[2 * stage + 1] - 1, [1, 1, 1]);
    inputs[wavesName(level)] = wavesOf(levelSize(config, size, level));
  }
  return inputs;
}
