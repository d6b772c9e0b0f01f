/** Pictures as networks that began with ImageNet see them. @see torchvision's and transformers' mean and deviation of ImageNet's colours */
import { addTo, fromNchw, multiply, times, type GraphBuilder, type Value } from '../../graph';
import { IMAGE } from './annotator';

const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];

/** The input, and normalises its levels of 0…255. @param multiple  sides are multiples of it */
export function normalisedInput(g: GraphBuilder, multiple: number): Value {
  return normalised(g, g.input(IMAGE, 'float32', ['batch', 3, times(multiple, 'height'), times(multiple, 'width')]));
}

/** @param image  [b, 3, h, w], levels of 0…255 */
export function normalised(g: GraphBuilder, image: Value): Value {
  const factors = DEVIATION.map((deviation) => 1 / (255 * deviation));
  const shifts = MEAN.map((mean, c) => -mean / DEVIATION[c]);
  const scaled = multiply(g, image, g.floats(Float32Array.from(factors), [3, 1, 1]));
  return fromNchw(g, addTo(g, scaled, g.floats(Float32Array.from(shifts), [3, 1, 1])));
}
