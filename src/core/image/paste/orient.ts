/** A picture turned as its EXIF orientation says it is to be seen. @see Exif 2.32, 4.6.4 A; Pillow's ImageOps.exif_transpose */
import { raster, type Channels, type Raster } from '../raster';

/** Which corner the stored picture begins at: 1 as it is, 2…4 mirrored or on its head, 5…8 lying on a side. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What is done to the stored picture: sides swapped along the diagonal first, then mirrored left-right, top-bottom. */
const TURNS: Readonly<Record<Orientation, readonly [isSwapped: boolean, isFlipped: boolean, isUpsideDown: boolean]>> = {
  1: [false, false, false],
  2: [false, true, false],
  3: [false, true, true],
  4: [false, false, true],
  5: [true, false, false],
  6: [true, true, false],
  7: [true, true, true],
  8: [true, false, true],
};

export function orient<C extends Channels>(picture: Raster<C>, orientation: Orientation): Raster<C> {
  const [isSwapped, isFlipped, isUpsideDown] = TURNS[orientation];
  const { width, height, channels } = picture;
  const to = raster(isSwapped ? { width: height, height: width } : { width, height }, channels);
  for (let y = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++) {
      const across = isFlipped ? to.width - 1 - x : x;
      const down = isUpsideDown ? to.height - 1 - y : y;
      const from = channels * (isSwapped ? across * width + down : down * width + across);
      const at = channels * (y * to.width + x);
      for (let c = 0; c < channels; c++) to.data[at + c] = picture.data[from + c];
    }
  return to;
}
