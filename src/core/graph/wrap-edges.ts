/**
 * Maps that go on at the opposite edge, so that a picture can be laid beside itself without a seam.
 * @see torch.nn.Conv2d, padding_mode 'circular'
 */
import { plus } from './dims';
import type { GraphBuilder, Value } from './graph';
import type { Tiling } from './graph-form';

/** top, left, bottom, right */
export type Pads = readonly [number, number, number, number];

/** Behind the last row or column, whatever its number is. */
const END = 2 ** 31 - 1;

/**
 * What a convolution is given in place of a map that is padded with zeros.
 *
 * @param image  [batch, h, w, c] on `webgpu`, [batch, c, h, w] on `portable`
 * @param pads  where they are not the same on all sides nothing goes on: torch pads those with zeros before the convolution
 * @returns the map with the rows and columns of the opposite edges, and what is left to pad
 */
export function wrapEdges(
  g: GraphBuilder,
  image: Value,
  pads: Pads,
  tiling: Tiling | undefined,
): { image: Value; pads: Pads } {
  const [count] = pads;
  if (tiling === undefined || count === 0 || pads.some((pad) => pad !== count)) return { image, pads };
  const [across, down] = [tiling !== 'y', tiling !== 'x'];
  const axis = g.target === 'webgpu' ? { height: 1, width: 2 } : { height: 2, width: 3 };
  let wide = image;
  if (across) wide = wrapAxis(g, wide, axis.width, count);
  if (down) wide = wrapAxis(g, wide, axis.height, count);
  const [left, top] = [across ? 0 : count, down ? 0 : count];
  return { image: wide, pads: [top, left, top, left] };
}

function wrapAxis(g: GraphBuilder, image: Value, axis: number, count: number): Value {
  const sized = (size: Value['dims'][number]): Value['dims'] => image.dims.with(axis, size);
  const part = (from: number, to: number): Value => {
    const range = [from, to, axis, 1].map((value) => g.integers(value));
    return g.node('Slice', { inputs: [image, ...range], outputs: [sized(count)] })[0];
  };
  return g.node('Concat', {
    inputs: [part(-count, END), image, part(0, count)],
    attributes: { axis },
    outputs: [sized(plus(image.dims[axis], 2 * count))],
  })[0];
}
