/** Attention of OmniSR: between the pixels of a window, and between channels. Maps are [batch, height, width, channels] here. */
import {
  addTo,
  castTo,
  channelwise,
  clip,
  fromNchw,
  linear,
  multiply,
  reshape,
  reshapeTo,
  tensor,
  toNchw,
  type Dim,
  type GraphBuilder,
  type Value,
} from '../../graph';
import { permute, toWindows, type Layout } from './omnisr-windows';

export const HEADS = 4;

const TO_LAST = [0, 2, 3, 1];
const TO_FIRST = [0, 3, 1, 2];

/** Image → [batch, height, width, channels] */
export const channelsLast = (g: GraphBuilder, image: Value): Value =>
  g.target === 'webgpu' ? image : permute(g, toNchw(g, image), ...TO_LAST);

/** [batch, height, width, channels] → image */
export const toImage = (g: GraphBuilder, x: Value): Value =>
  g.target === 'webgpu' ? x : fromNchw(g, permute(g, x, ...TO_FIRST));

/** Parts of the same width along the last axis. */
export function parted(g: GraphBuilder, x: Value, count: number): Value[] {
  const dims = [...x.dims.slice(0, -1), (x.dims[x.dims.length - 1] as number) / count];
  const attributes = { axis: -1, num_outputs: count };
  return g.node('Split', { inputs: [x], attributes, outputs: Array.from({ length: count }, () => dims) });
}

function product(g: GraphBuilder, a: Value, b: Value): Value {
  return g.node('MatMul', { inputs: [a, b], outputs: [[...a.dims.slice(0, -1), b.dims[b.dims.length - 1]]] })[0];
}

const softmax = (g: GraphBuilder, x: Value): Value =>
  g.node('Softmax', { inputs: [x], attributes: { axis: -1 }, outputs: [x.dims] })[0];

interface Place {
  name: string;
  side: number;
  layout: Layout;
}

/** What pixels of a window see of one another; `positions` of the file is fused to [heads, side², side²]: omnisr-file.ts. */
export function windowAttention(g: GraphBuilder, x: Value, place: Place & { hasPositions: boolean }): Value {
  const { name, side, layout, hasPositions } = place;
  const channels = x.dims[3] as number;
  const { tokens, restore } = toWindows(g, x, side, layout);
  const width = channels / HEADS;
  const pixels = side ** 2;
  const [windows] = tokens.dims;
  const heads = parted(g, linear(g, tokens, tensor(`${name}.to_qkv.weight`, 3 * channels, channels)), 3).map((part) =>
    permute(g, reshapeTo(g, part, [windows, pixels, HEADS, width], [0, 0, HEADS, width]), 0, 2, 1, 3),
  );
  const [q, k, v] = heads;
  const scaled = multiply(g, q, g.floats(Float32Array.of(width ** -0.5), [1]));
  const scores = product(g, scaled, permute(g, k, 0, 1, 3, 2));
  const positions = (): Value => g.weight(tensor(`${name}.positions`, HEADS, pixels, pixels));
  const shares = softmax(g, hasPositions ? addTo(g, scores, positions()) : scores);
  const mixed = permute(g, product(g, shares, v), 0, 2, 1, 3);
  const joined = reshapeTo(g, mixed, tokens.dims, [0, 0, channels]);
  return restore(linear(g, joined, tensor(`${name}.to_out.0.weight`, channels, channels)));
}

/** What channels see of one another: over the pixels of a window, or (`grid`) over the windows for each place in them. */
export function channelAttention(g: GraphBuilder, x: Value, { name, side, layout }: Place): Value {
  const channels = x.dims[3] as number;
  const mixed = linear(
    g,
    x,
    reshape(tensor(`${name}.qkv.weight`, 3 * channels, channels, 1, 1), 3 * channels, channels),
  );
  const near = channelwise(g, toImage(g, mixed), tensor(`${name}.qkv_dwconv.weight`, 3 * channels, 1, 3, 3));
  const parts = parted(g, channelsLast(g, near), 3).map((part) => toWindows(g, part, side, 'blocks'));
  const places = layout === 'grid' ? side ** 2 : 1;
  const rows = parts.map(({ tokens, laid }) =>
    places === 1
      ? inRows(g, tokens, channels, 1)
      : inRows(g, overWindows(g, laid, places * channels), channels, places),
  );
  const [q, k, v] = rows;
  const alike = product(g, normalised(g, q), permute(g, normalised(g, k), 0, 1, 3, 2));
  const seen = product(g, softmax(g, multiply(g, alike, temperature(g, name, places))), v);
  const [count, , , length] = seen.dims;
  const flat = reshapeTo(g, seen, [count, places * channels, length], [0, places * channels, -1]);
  const restored = parts[0].restore(permute(g, flat, 0, 2, 1));
  return linear(
    g,
    restored,
    reshape(tensor(`${name}.project_out.weight`, channels, channels, 1, 1), channels, channels),
  );
}

/** [batch, across, down, side, side · channels] → [batch, windows, side² · channels] */
function overWindows(g: GraphBuilder, laid: Value, width: number): Value {
  const [batch, across, down] = laid.dims;
  return reshapeTo(g, laid, [batch, productOf(across, down), width], [0, -1, width]);
}

const productOf = (a: Dim, b: Dim): Dim => (a === 1 ? b : b === 1 ? a : `${a}*${b}`);

/** [n, m, places · channels] → [n, places · heads, channels / heads, m] */
function inRows(g: GraphBuilder, x: Value, channels: number, places: number): Value {
  const [n, m] = x.dims;
  const [heads, width] = [places * HEADS, channels / HEADS];
  return reshapeTo(g, permute(g, x, 0, 2, 1), [n, heads, width, m], [0, heads, width, -1]);
}

/** A number for each head, at every place: [places · heads, 1, 1] */
function temperature(g: GraphBuilder, name: string, places: number): Value {
  const one = g.weight(tensor(`${name}.temperature`, HEADS, 1, 1));
  if (places === 1) return one;
  return g.node('Tile', { inputs: [one, g.integers(places, 1, 1)], outputs: [[places * HEADS, 1, 1]] })[0];
}

/** Lengths below it are none; half precision has no smaller one. */
const SHORTEST = 1e-6;
const LONGEST = 65504;

/** Rows of the length 1. Squares are summed in float32: they pass 65504. */
function normalised(g: GraphBuilder, x: Value): Value {
  const wide = castTo(g, x, 'float32');
  const [length] = g.node('ReduceL2', {
    inputs: [wide, g.integers(-1)],
    attributes: { keepdims: 1 },
    outputs: [[...x.dims.slice(0, -1), 1]],
    type: 'float32',
  });
  const sound = clip(g, castTo(g, length, x.type), SHORTEST, LONGEST);
  return g.node('Div', { inputs: [x, sound], outputs: [x.dims] })[0];
}
