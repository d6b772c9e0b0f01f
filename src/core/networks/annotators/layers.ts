/** What these networks share: their input, convolutions by name, and shapes read from files. */
import { AppError } from '../../errors';
import { conv, fromNchw, imageSize, tensor, times, type GraphBuilder, type Value } from '../../graph';
import type { Shapes } from '../unet-signs';
import { IMAGE } from './annotator';

export const imageInput = (g: GraphBuilder, multiple: number): Value =>
  fromNchw(g, g.input(IMAGE, 'float32', ['batch', 3, times(multiple, 'height'), times(multiple, 'width')]));

export interface NamedConvOptions {
  side?: number;
  stride?: number;
  /** Half the kernel where nothing is said. */
  pad?: number;
}

/** A convolution with `name.weight` [out, in, side, side] and `name.bias`. */
export function namedConv(g: GraphBuilder, x: Value, name: string, out: number, o: NamedConvOptions = {}): Value {
  const { side = 3, stride = 1, pad = (side - 1) / 2 } = o;
  const { channels } = imageSize(g, x);
  const kernel = tensor(`${name}.weight`, out, channels, side, side);
  return conv(g, x, kernel, tensor(`${name}.bias`, out), { stride, pads: [pad, pad, pad, pad] });
}

/** The first size of a tensor: its output channels. @throws AppError 'bad-file' */
export function outChannels(tensors: Shapes, name: string): number {
  const [out] = tensors.get(name)?.shape ?? [];
  if (out === undefined || out <= 0) throw new AppError('bad-file', `"${name}" is missing`);
  return out;
}

/** How many of `names` there are one after another, from 0 on. */
export function countOf(tensors: Shapes, name: (i: number) => string): number {
  let count = 0;
  while (tensors.has(name(count))) count++;
  return count;
}
