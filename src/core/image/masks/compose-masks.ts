/** Masks out of masks. @see ComfyUI comfy_extras/nodes_mask.py MaskComposite, FeatherMask */
import { roundHalfEven } from '../../math';
import { overlapOf } from '../geometry/lay-over';
import { raster, type Mask } from '../raster';

export const MASK_MIXES = ['multiply', 'add', 'subtract', 'and', 'or', 'xor'] as const;
export type MaskMix = (typeof MASK_MIXES)[number];

/** How levels of 0…255 are mixed. */
const WAYS: Readonly<Record<MaskMix, (a: number, b: number) => number>> = {
  multiply: (a, b) => (a * b) / 255,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  and: (a, b) => 255 * (isOn(a) & isOn(b)),
  or: (a, b) => 255 * (isOn(a) | isOn(b)),
  xor: (a, b) => 255 * (isOn(a) ^ isOn(b)),
};

const isOn = (level: number): number => roundHalfEven(level / 255);

/** `from` over `to`, from x, y on. */
export function composeMasks(to: Mask, from: Mask, how: MaskMix, at: { x: number; y: number }): Mask {
  const result = raster(to, 1, to.data.slice());
  const { x, y, width, height } = overlapOf(to, from, at);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const i = (y + row) * to.width + x + column;
      result.data[i] = WAYS[how](to.data[i], from.data[row * from.width + column]);
    }
  return result;
}

/**
 * Fades towards its edges. At the right and below, the first line that fades is the one at the other end, which is how it is counted there.
 */
export function featherMask(
  mask: Mask,
  { left, top, right, bottom }: Readonly<Record<'left' | 'top' | 'right' | 'bottom', number>>,
): Mask {
  const { width, height } = mask;
  const levels = Float64Array.from(mask.data);
  const scale = (length: number, place: (i: number) => number, isColumn: boolean): void => {
    for (let i = 0; i < length; i++)
      for (let k = 0; k < (isColumn ? height : width); k++)
        levels[isColumn ? k * width + place(i) : place(i) * width + k] *= (i + 1) / length;
  };
  scale(Math.min(left, width), (x) => x, true);
  scale(Math.min(right, width), (x) => (x === 0 ? 0 : width - x), true);
  scale(Math.min(top, height), (y) => y, false);
  scale(Math.min(bottom, height), (y) => (y === 0 ? 0 : height - y), false);
  return raster(mask, 1, Uint8ClampedArray.from(levels));
}
