/** Convolutions as upscalers have them, and their face: pictures in RGB. */
import { conv, fromNchw, imageSize, scale, tensor, times, toNchw, type GraphBuilder, type Value } from '../../graph';
import type { ConfigReader } from '../read-config';

/** Number of planes: red, green, blue. */
export const PLANES = 3;

/** 3x3 or 1x1, in the size of the map, with `name.weight` and `name.bias`; `factor` multiplies what comes out. */
export function sameConv(g: GraphBuilder, x: Value, name: string, outChannels: number, { side = 3, factor = 1 } = {}) {
  const { channels } = imageSize(g, x);
  const kernel = scale(tensor(`${name}.weight`, outChannels, channels, side, side), factor);
  const bias = scale(tensor(`${name}.bias`, outChannels), factor);
  const pad = (side - 1) / 2;
  return conv(g, x, kernel, bias, { pads: [pad, pad, pad, pad] });
}

/** image [batch, 3, multiple·height, multiple·width], RGB in 0…1 */
export const pictureInput = (g: GraphBuilder, multiple = 1): Value =>
  fromNchw(g, g.input('image', 'float32', ['batch', PLANES, times(multiple, 'height'), times(multiple, 'width')]));

/** upscaled [batch, 3, scale·height, scale·width], RGB in 0…1, not clamped */
export const pictureOutput = (g: GraphBuilder, x: Value): void => g.output('upscaled', toNchw(g, x));

/** No published one has half as many: a config that claims more is not built. */
const MOST = 256;

export function count(c: ConfigReader, field: string, most = MOST): number {
  const value = c.size(field);
  return value <= most ? value : c.fail(field, value, `must be at most ${most}`);
}
