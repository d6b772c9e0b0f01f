/** Tiles of a picture that is painted over one by one: which part is next, and how what was painted is laid in. */
import { pillowGaussian } from '../../core/image/blur';
import type { Pixels } from '../../core/image';
import { fitHintPart } from '../../core/redraw/fit-hint-part';
import { joinTile } from '../../core/image/geometry/join-tiles';
import { layTile as laid } from '../../core/redraw/lay-tile';
import { pillowResize } from '../../core/image/resample';
import { fromPixels, toRgb, toRgba } from '../../core/image/raster';
import { softTileMask, tileMask as maskOf } from '../../core/redraw/tile-mask';
import { oneByOne, type Implementation, type OperationContext } from './implementation';

/** Larger ones take longer to send than they are looked at. */
const MOST_SHOWN = 2 ** 20;

/** Not kept: it is as large as the picture, and there are many. */
export const tileMask: Implementation<'tile_mask'> = {
  isPassing: true,
  run: oneByOne(({ settings: { shape, maskBlur, ...box }, inputs: { image } }, context) => {
    show(image.pixels, context);
    return Promise.resolve({ outputs: { mask: softTileMask(image.pixels, shape, { box, maskBlur }) } });
  }),
};

/** The whole as it is by now: its tiles have no previews of their own. */
function show(pixels: Pixels, { onEvent, clock }: Pick<OperationContext, 'onEvent' | 'clock'>): void {
  if (!clock.shows()) return;
  const share = Math.sqrt(MOST_SHOWN / (pixels.width * pixels.height));
  if (share >= 1) return onEvent({ type: 'painted', preview: pixels });
  const [width, height] = [pixels.width, pixels.height].map((side) => Math.max(1, Math.floor(side * share)));
  onEvent({ type: 'painted', preview: pillowResize(fromPixels(pixels), { width, height }, { filter: 'bilinear' }) });
}

export const layTile: Implementation<'lay_tile'> = {
  isPassing: true,
  run: oneByOne(({ settings: { shape, maskBlur, x, y, ...box }, inputs: { image, original } }, context) => {
    const under = fromPixels(original.pixels);
    const mask = pillowGaussian(maskOf(under, shape, box), maskBlur);
    const pixels = laid(under, fromPixels(image.pixels), { mask, x, y });
    show(pixels, context);
    return Promise.resolve({ outputs: { image: { ...image, pixels } } });
  }),
};

export const cutHint: Implementation<'cut_hint'> = {
  run: oneByOne(({ settings: { width, height, wholeWidth, wholeHeight, ...box }, inputs: { image } }) => {
    const whole = { width: wholeWidth, height: wholeHeight };
    const pixels = fitHintPart(fromPixels(image.pixels), box, { whole, size: { width, height } });
    return Promise.resolve({ outputs: { image: { pixels } } });
  }),
};

export const joinTileOperation: Implementation<'join_tile'> = {
  run: oneByOne(({ settings, inputs: { image, to } }) => {
    const before = to && toRgb(fromPixels(to.pixels));
    return Promise.resolve({
      outputs: { image: { ...image, pixels: toRgba(joinTile(before, toRgb(fromPixels(image.pixels)), settings)) } },
    });
  }),
};
