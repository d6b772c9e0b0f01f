/** A mask changed as a whole, in levels of bytes. @see ComfyUI comfy_extras/nodes_mask.py InvertMask, ThresholdMask, GrowMask */
import { pillowGaussian } from '../blur';
import { raster, type Mask } from '../raster';
import { highestWithin } from './highest-within';
import { invertMask, mapMask } from './mask-levels';

/** `grow` by squares, `grow_tapered` by crosses, a pixel at a time; `blur` as Pillow does. */
export const MASK_CHANGES = ['invert', 'threshold', 'grow', 'grow_tapered', 'blur'] as const;
export type MaskChange = (typeof MASK_CHANGES)[number];

/** @param amount  the level 0…1 that is too low, or pixels: fewer than none shrink it; of `blur` its radius */
export function changeMask(mask: Mask, how: MaskChange, amount: number): Mask {
  if (how === 'invert') return invertMask(mask);
  if (how === 'threshold') return mapMask(mask, (level) => (Math.fround(level / 255) > Math.fround(amount) ? 255 : 0));
  if (how === 'blur') return pillowGaussian(mask, amount);
  const isTapered = how === 'grow_tapered';
  const grown = grow(amount < 0 ? invertMask(mask) : mask, Math.abs(amount), isTapered);
  return amount < 0 ? invertMask(grown) : grown;
}

function grow(mask: Mask, times: number, isTapered: boolean): Mask {
  const most = Math.min(times, mask.width + mask.height); // nothing is left to grow into
  if (!isTapered) return highestWithin(highestWithin(mask, most), most, 'down');
  let grown = mask;
  for (let i = 0; i < most; i++) {
    const [across, down] = [highestWithin(grown, 1), highestWithin(grown, 1, 'down')];
    const next = raster(
      mask,
      1,
      across.data.map((level, k) => Math.max(level, down.data[k])),
    );
    if (next.data.every((level, k) => level === grown.data[k])) return next;
    grown = next;
  }
  return grown;
}
