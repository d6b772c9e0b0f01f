/** A map cut into windows of pixels, side by side or spread evenly over it, and put together again. */
import { floorDivide, reshapeTo, times, type Dim, type GraphBuilder, type Value } from '../../graph';

/** `blocks` holds neighbours, `grid` every pixel that lies as many windows apart. */
export type Layout = 'blocks' | 'grid';

export interface Windows {
  /** [batch · windows, side², channels] */
  tokens: Value;
  /** [batch, across, down, side, side · channels], as the windows lie in the map. */
  laid: Value;
  /** @param tokens  of those windows: what is in `laid` or `tokens` @returns [batch, height, width, channels] */
  restore(tokens: Value): Value;
}

export function permute(g: GraphBuilder, x: Value, ...order: number[]): Value {
  const dims = order.map((axis) => x.dims[axis]);
  return g.node('Transpose', { inputs: [x], attributes: { perm: order }, outputs: [dims] })[0];
}

const withShapeOf = (g: GraphBuilder, x: Value, like: Value): Value =>
  g.node('Reshape', { inputs: [x, g.shapeOf(like)], outputs: [like.dims] })[0];

/** @param x  [batch, height, width, channels], sides multiples of `side` */
export function toWindows(g: GraphBuilder, x: Value, side: number, layout: Layout): Windows {
  const [batch, height, width] = x.dims;
  const channels = x.dims[3] as number;
  const row = side * channels;
  const [down, across] = [floorDivide(height, side), floorDivide(width, side)];
  const flat = (laid: Value): Value =>
    reshapeTo(g, laid, [times(batch, across, down), side ** 2, channels], [-1, side ** 2, channels]);
  if (layout === 'blocks') {
    const columns = reshapeTo(g, x, [batch, height, across, side, channels], [0, 0, -1, side, channels]);
    const turned = permute(g, columns, 0, 2, 1, 3, 4);
    const laid = reshapeTo(g, turned, [batch, across, down, side, row], [0, 0, -1, side, row]);
    const restore = (tokens: Value): Value =>
      withShapeOf(g, permute(g, withShapeOf(g, tokens, turned), 0, 2, 1, 3, 4), x);
    return { tokens: flat(laid), laid, restore };
  }
  const columns = reshapeTo(g, x, [batch, height, side, across, channels], [0, 0, side, -1, channels]);
  const turned = permute(g, columns, 0, 3, 1, 2, 4);
  const apart: Dim[] = [batch, across, side, down, row];
  const spread = reshapeTo(g, turned, apart, [0, 0, side, -1, row]);
  const laid = permute(g, spread, 0, 1, 3, 2, 4);
  const restore = (tokens: Value): Value => {
    const together = permute(g, withShapeOf(g, tokens, laid), 0, 1, 3, 2, 4);
    return withShapeOf(g, permute(g, withShapeOf(g, together, turned), 0, 2, 3, 1, 4), x);
  };
  return { tokens: flat(laid), laid, restore };
}
